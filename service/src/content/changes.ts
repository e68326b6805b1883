/** What an author does to an article of theirs after it has been published. */
import type { z } from 'zod';
import type { articleChanges } from '../contract/articles.ts';
import type { Pool } from '../database/pool.ts';
import { type Database, statement, transaction } from '../database/query.ts';
import { violated } from '../database/violated.ts';
import { forbidden, notFound } from '../errors.ts';
import { slugify, slugsFor } from './slug.ts';

type Changes = z.infer<typeof articleChanges>;

const lock = statement<{ id: number; authorId: number; title: string }, [slug: string]>(
  'lock-article',
  // The strongest lock at once: a new slug needs it, and two who share a weaker one could both wait for it.
  'SELECT id, author_id AS "authorId", title FROM articles WHERE slug = $1 FOR UPDATE',
);

const update = statement<
  never,
  [id: number, slug: string | null, title: string | null, description: string | null, body: string | null]
>(
  'update-article',
  // The API shows milliseconds; every change shows.
  `UPDATE articles
      SET slug = coalesce($2, slug), title = coalesce($3, title),
          description = coalesce($4, description), body = coalesce($5, body),
          updated_at = greatest(now(), updated_at + interval '1 millisecond')
    WHERE id = $1`,
);

const untag = statement<never, [id: number]>(
  'untag-article',
  'DELETE FROM article_tags WHERE article_id = $1',
);

const tag = statement<never, [id: number, tags: readonly string[]]>(
  'tag-article',
  `INSERT INTO article_tags (article_id, position, tag)
   SELECT $1, given.position, given.tag FROM unnest($2::text[]) WITH ORDINALITY AS given (tag, position)`,
);

const remove = statement<{ mine: boolean }, [author: number, slug: string]>(
  'delete-article',
  `WITH article AS (SELECT id, author_id FROM articles WHERE slug = $2), removed AS (
     DELETE FROM articles USING article WHERE articles.id = article.id AND article.author_id = $1
   )
   SELECT author_id = $1 AS mine FROM article`,
);

/**
 * Changes an article. With another title it gets the first free slug of that; tags that are left out stay.
 *
 * @param author whoever asks; only the article's author may
 * @returns the article's id
 * @throws {@link RequestError} 404 when there is no such article, 403 when it is somebody else's
 */
export async function changeArticle(
  pool: Pool,
  author: number,
  slug: string,
  changes: Changes,
): Promise<number> {
  const slugs = changes.title === undefined ? [slug] : slugsFor(changes.title);
  for (const candidate of slugs) {
    try {
      return await transaction(pool, (client) => change(client, author, slug, changes, candidate));
    } catch (error) {
      if (violated(error) !== 'articles_slug_key') throw error;
    }
  }
  throw new Error('no slug was free');
}

async function change(
  client: Database,
  author: number,
  slug: string,
  { title, description, body, tagList }: Changes,
  candidate: string,
): Promise<number> {
  const [article] = await lock(client, slug);
  if (article === undefined) throw notFound('article');
  const { id } = article;
  if (article.authorId !== author) throw forbidden('article');
  // A title that reads the same in an address keeps it: links to it stay good.
  const renamed = title !== undefined && slugify(title) !== slugify(article.title);
  await update(client, id, renamed ? candidate : null, title ?? null, description ?? null, body ?? null);
  if (tagList !== undefined) {
    await untag(client, id);
    await tag(client, id, tagList);
  }
  return id;
}

/**
 * Removes an article with its comments, tags and favourites.
 *
 * @param author whoever asks; only the article's author may
 * @throws {@link RequestError} 404 when there is no such article, 403 when it is somebody else's
 */
export async function removeArticle(database: Database, author: number, slug: string): Promise<undefined> {
  const [article] = await remove(database, author, slug);
  if (article === undefined) throw notFound('article');
  if (!article.mine) throw forbidden('article');
}
