/** Puts the demonstration data into a database; a second time changes nothing. */
import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import { hashPassword } from '../auth/password.ts';
import { addUser, userByEmail } from '../auth/users.ts';
import { slugify } from '../content/slug.ts';
import { pendingMigrations } from '../database/migrate.ts';
import type { Pool } from '../database/pool.ts';
import { transaction } from '../database/query.ts';
import { OperatorError, RequestError } from '../errors.ts';
import { ARTICLES } from './articles.ts';
import { COMMENTS } from './comments.ts';
import { addressOf, DEMO, PEOPLE, type Person } from './people.ts';

/** Any fixed number; it keeps two seedings of one database apart in time. */
const LOCK = 7_166_143;

/** Between two articles, so that dates look lived-in. */
const HOURS_APART = 31;

/**
 * Seeds.
 *
 * @returns one line that says what was done and how to sign in
 * @throws {@link OperatorError} when the tables aren't there yet
 */
export async function seed(pool: Pool): Promise<string> {
  const pending = await pendingMigrations(pool);
  if (pending.length > 0) {
    throw new OperatorError(`--seed: migrations are not applied: ${pending.join(', ')}; add --migrate`);
  }
  const added = await transaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const ids = await addPeople(client);
    await addFollows(client, ids);
    return addArticles(client, ids);
  });
  return `demonstration data: ${added} articles added, ${ARTICLES.length - added} there already; sign in as ${DEMO.email} with the password ${DEMO.password}`;
}

async function addPeople(client: PoolClient): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const person of PEOPLE) {
    const email = addressOf(person);
    const there = await userByEmail(client, email);
    ids.set(person.username, there?.id ?? (await addPerson(client, person, email)));
  }
  return ids;
}

async function addPerson(client: PoolClient, { username, bio }: Person, email: string): Promise<number> {
  // Only the demonstration account can be signed in to; nobody knows the others' passwords.
  const password = email === DEMO.email ? DEMO.password : randomBytes(24).toString('base64');
  try {
    const { id } = await addUser(client, { username, email, passwordHash: await hashPassword(password) });
    await client.query('UPDATE users SET bio = $2 WHERE id = $1', [id, bio]);
    return id;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new OperatorError(`--seed: somebody else is called ${username} in this database`, { cause: error });
  }
}

async function addFollows(client: PoolClient, ids: ReadonlyMap<string, number>): Promise<void> {
  for (const person of PEOPLE) {
    for (const followed of person.follows) {
      await client.query(
        'INSERT INTO follows (follower_id, followed_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [ids.get(person.username), ids.get(followed)],
      );
    }
  }
}

async function addArticles(client: PoolClient, ids: ReadonlyMap<string, number>): Promise<number> {
  let added = 0;
  // Newest first in the file, oldest first into the table.
  for (const [age, article] of [...ARTICLES.entries()].reverse()) {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO articles (author_id, slug, title, description, body, created_at, updated_at)
       SELECT $1, $2, $3, $4, $5, at, at FROM (SELECT now() - make_interval(hours => $6) AS at) AS moment
       ON CONFLICT (slug) DO NOTHING RETURNING id`,
      [
        ids.get(article.author),
        slugify(article.title),
        article.title,
        article.description,
        article.paragraphs.join('\n\n'),
        age * HOURS_APART + 2,
      ],
    );
    const id = rows[0]?.id;
    if (id === undefined) continue;
    added += 1;
    await client.query(
      `INSERT INTO article_tags (article_id, position, tag)
       SELECT $1, position, tag FROM unnest($2::text[]) WITH ORDINALITY AS given (tag, position)`,
      [id, article.tags],
    );
    await client.query('INSERT INTO favorites (article_id, user_id) SELECT $1, unnest($2::bigint[])', [
      id,
      article.likedBy.map((name) => ids.get(name)),
    ]);
    for (const { author, minutesLater, body } of COMMENTS[article.title] ?? []) {
      await client.query(
        `INSERT INTO comments (article_id, author_id, body, created_at, updated_at)
         SELECT id, $2, $3, at, at
           FROM (SELECT id, created_at + make_interval(mins => $4) AS at FROM articles WHERE id = $1) AS article`,
        [id, ids.get(author), body, minutesLater],
      );
    }
  }
  return added;
}
