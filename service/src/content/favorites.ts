/** Who favourites what. */
import { type Database, type Statement, statement } from '../database/query.ts';
import { violated } from '../database/violated.ts';
import { notFound } from '../errors.ts';

type Change = Statement<{ id: number }, [user: number, slug: string]>;

const add: Change = statement(
  'favorite',
  `WITH article AS (SELECT id FROM articles WHERE slug = $2), added AS (
     INSERT INTO favorites (article_id, user_id) SELECT id, $1 FROM article ON CONFLICT DO NOTHING
   )
   SELECT id FROM article`,
);

const remove: Change = statement(
  'unfavorite',
  // The lock comes first, as it does when the article itself is removed: the other way round they would block each other.
  `WITH article AS MATERIALIZED (SELECT id FROM articles WHERE slug = $2 FOR KEY SHARE), removed AS (
     DELETE FROM favorites USING article WHERE favorites.article_id = article.id AND favorites.user_id = $1
   )
   SELECT id FROM article`,
);

/**
 * Favourites an article; a second time changes nothing.
 *
 * @returns the article's id
 * @throws {@link RequestError} 404 when there is no such article
 */
export async function favorite(database: Database, user: number, slug: string): Promise<number> {
  try {
    return found(await add(database, user, slug));
  } catch (error) {
    // It was removed after it had been found.
    if (violated(error) === 'favorites_article_id_fkey') throw notFound('article');
    throw error;
  }
}

/**
 * Favourites an article no longer; a second time changes nothing.
 *
 * @returns the article's id
 * @throws {@link RequestError} 404 when there is no such article
 */
export async function unfavorite(database: Database, user: number, slug: string): Promise<number> {
  return found(await remove(database, user, slug));
}

function found([article]: { id: number }[]): number {
  if (article === undefined) throw notFound('article');
  return article.id;
}
