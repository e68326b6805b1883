import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { migrate, readMigrations } from '../database/migrate.ts';
import { transaction } from '../database/query.ts';
import {
  call,
  createTestDatabase,
  signUpByApi,
  startTestService,
  type TestDatabase,
  type TestService,
} from '../testing.ts';

/** Every count that is kept beside what is counted, but for those that are right. */
const WRONG = `
  SELECT 'article ' || slug AS what, favorites_count AS kept, counted
    FROM articles, LATERAL (SELECT count(*) AS counted FROM favorites WHERE article_id = articles.id) AS favorites
   WHERE favorites_count <> counted
   UNION ALL
  SELECT 'articles of ' || username, articles_count, counted
    FROM users, LATERAL (SELECT count(*) AS counted FROM articles WHERE author_id = users.id) AS written
   WHERE articles_count <> counted
   UNION ALL
  SELECT 'favorites of ' || username, favorites_count, counted
    FROM users, LATERAL (SELECT count(*) AS counted FROM favorites WHERE user_id = users.id) AS liked
   WHERE favorites_count <> counted
   UNION ALL
  SELECT 'tag ' || coalesce(tags.tag, borne.tag), articles_count, counted
    FROM tags FULL JOIN (SELECT tag, count(*) AS counted FROM article_tags GROUP BY tag) AS borne ON borne.tag = tags.tag
   WHERE articles_count IS DISTINCT FROM counted
   UNION ALL
  SELECT 'articles', kept, counted
    FROM (SELECT sum(articles_count) AS kept FROM article_totals) AS total, (SELECT count(*) AS counted FROM articles) AS real
   WHERE kept <> counted
   UNION ALL
  SELECT 'changes left over', count(*), 0 FROM count_changes HAVING count(*) > 0`;

async function wrongCounts(database: TestDatabase): Promise<unknown[]> {
  return (await database.pool.query(WRONG)).rows;
}

/** As the release before the counts published an article. */
const PUBLISH_OF_BEFORE = `
  WITH article AS (
    INSERT INTO articles (author_id, slug, title, description, body) VALUES ($1, $2, $3, 'd', 'b')
    ON CONFLICT (slug) DO NOTHING RETURNING id, slug
  ), tagged AS (
    INSERT INTO article_tags (article_id, position, tag)
    SELECT article.id, given.position, given.tag FROM article, unnest($4::text[]) WITH ORDINALITY AS given (tag, position)
  )
  SELECT slug FROM article`;

const TAGS = ['ape', 'bee', 'cow', 'dog', 'elk'];
const SLUGS = ['a', 'b', 'c', 'd'];

const slug = fc.constantFrom(...SLUGS);
const tagList = fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 4 });
const operation = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), slug, tagList }),
  fc.record({ kind: fc.constant('publish as before' as const), slug, tagList }),
  fc.record({ kind: fc.constant('tag' as const), slug, tagList }),
  fc.record({ kind: fc.constant('rename' as const), slug, to: slug }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('favorite' as const), slug }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('unfavorite' as const), slug }) },
  fc.record({ kind: fc.constant('remove' as const), slug }),
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

describe('counts', () => {
  let service: TestService;
  const people: { token: string; id: number }[] = [];

  beforeAll(async () => {
    service = await startTestService();
    for (const name of ['Ada', 'Bob', 'Carol', 'Dave', 'Eve', 'Frank']) {
      const token = await signUpByApi(service, name);
      const { rows } = await service.database.pool.query('SELECT id FROM users WHERE username = $1', [name]);
      people.push({ token, id: rows[0].id });
    }
  });

  afterAll(() => service.stop());

  async function act({ token, id }: { token: string; id: number }, op: Operation): Promise<number> {
    const path = `/articles/${op.slug}`;
    const text = { description: 'd', body: 'b' };
    switch (op.kind) {
      case 'publish':
        return (
          await call(service, 'POST', '/articles', {
            token,
            body: { article: { title: op.slug, ...text, tagList: op.tagList } },
          })
        ).status;
      case 'publish as before':
        await service.database.pool.query(PUBLISH_OF_BEFORE, [id, op.slug, op.slug, op.tagList]);
        return 200;
      case 'tag':
        return (await call(service, 'PUT', path, { token, body: { article: { tagList: op.tagList } } }))
          .status;
      case 'rename':
        return (await call(service, 'PUT', path, { token, body: { article: { title: op.to } } })).status;
      case 'favorite':
        return (await call(service, 'POST', `${path}/favorite`, { token })).status;
      case 'unfavorite':
        return (await call(service, 'DELETE', `${path}/favorite`, { token })).status;
      case 'remove':
        return (await call(service, 'DELETE', path, { token })).status;
    }
  }

  test('are true after whatever several people have done at the same time, and nobody stood in the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(operation, { maxLength: 20 }), { minLength: 6, maxLength: 6 }),
        async (lives) => {
          const statuses = await Promise.all(
            lives.map(async (life, index) => {
              const seen: number[] = [];
              for (const op of life) seen.push(await act(people[index] as (typeof people)[0], op));
              return seen;
            }),
          );
          // A deadlock would be a 500.
          for (const status of statuses.flat()) expect([200, 201, 204, 403, 404]).toContain(status);
          expect(await wrongCounts(service.database)).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('are true when people go with all they have done', async () => {
    const gone = await signUpByApi(service, 'Gone');
    for (const name of ['gone', 'with', 'wind']) {
      await call(service, 'POST', '/articles', {
        token: gone,
        body: { article: { title: name, description: 'd', body: 'b', tagList: TAGS } },
      });
      for (const { token } of people) await call(service, 'POST', `/articles/${name}/favorite`, { token });
    }
    await service.database.pool.query("DELETE FROM users WHERE username = 'Gone'");
    expect(await wrongCounts(service.database)).toEqual([]);
  });

  test('hear nothing of a transaction that fails, nor of a part of it that is taken back', async () => {
    const { pool } = service.database;
    const publish = (name: string) => ({
      text: PUBLISH_OF_BEFORE,
      values: [people[0]?.id, name, name, TAGS],
    });
    await expect(
      transaction(pool, async (client) => {
        await client.query(publish('never'));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await transaction(pool, async (client) => {
      await client.query(publish('first'));
      await client.query('SAVEPOINT here');
      await client.query(publish('second'));
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      await client.query('ROLLBACK TO here');
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      await client.query(publish('third'));
    });
    expect(await wrongCounts(service.database)).toEqual([]);
  });

  test('are kept for a great many at once', async () => {
    const { pool } = service.database;
    await pool.query(
      `INSERT INTO articles (author_id, slug, title, description, body)
       SELECT $1, 'many-' || n, 'Many', 'd', 'b' FROM generate_series(1, 3000) AS n`,
      [people[0]?.id],
    );
    await pool.query("INSERT INTO article_tags SELECT id, 1, 'many' FROM articles WHERE slug LIKE 'many-%'");
    await pool.query(
      "INSERT INTO favorites (article_id, user_id) SELECT articles.id, users.id FROM articles, users WHERE slug LIKE 'many-%'",
    );
    expect(await wrongCounts(service.database)).toEqual([]);
    await pool.query("DELETE FROM articles WHERE slug LIKE 'many-%'");
    expect(await wrongCounts(service.database)).toEqual([]);
  });
});

describe('counts of what was there before them', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.drop());

  test('are brought in while the release before goes on publishing', async () => {
    const migrations = readMigrations();
    const { pool } = database;
    await migrate(pool, { migrations: migrations.slice(0, 1) });
    await pool.query(
      "INSERT INTO users (username, email, password_hash) SELECT 'u' || n, n || '@example.com', '' FROM generate_series(1, 600) AS n",
    );
    await pool.query(
      `INSERT INTO articles (author_id, slug, title, description, body)
       SELECT 1 + n % 600, 'a' || n, 'A', 'd', 'b' FROM generate_series(1, 1200) AS n`,
    );
    await pool.query(
      "INSERT INTO article_tags SELECT id, p, 't' || (id * p) % 700 FROM articles, generate_series(1, 2) AS p ON CONFLICT DO NOTHING",
    );
    await pool.query(
      'INSERT INTO favorites (article_id, user_id) SELECT articles.id, users.id FROM articles, users WHERE (articles.id + users.id) % 97 = 0',
    );

    let stopped = false;
    const writer = (async () => {
      let n = 0;
      for (; !stopped; n += 1) {
        await pool.query(PUBLISH_OF_BEFORE, [
          1 + (n % 600),
          `new-${n}`,
          'New',
          [`t${n % 700}`, `new${n % 7}`],
        ]);
      }
      return n;
    })();
    await migrate(pool, { migrations });
    stopped = true;
    expect(await writer).toBeGreaterThan(0);
    expect(await wrongCounts(database)).toEqual([]);
  });
});
