/** What a reader may like, found in the database. */

import { newestOf } from '../content/newest.ts';
import { type SummaryRow, shown, summaryOf } from '../content/shown.ts';
import type { ArticleSummary } from '../contract/articles.ts';
import { type Database, statement } from '../database/query.ts';
import { notFound } from '../errors.ts';

const idOf = statement<{ id: number }, [slug: string]>(
  'article-id',
  'SELECT id FROM articles WHERE slug = $1',
);

/**
 * `$1` is the reader or null, `$2` the article being read or null, `$3` how many.
 *
 * It starts from the article being read and the reader's latest favourites, and goes from there to their tags, to the
 * people who favourite the same, and to their authors and those the reader follows; then to the latest articles of
 * each. Every step ends with a LIMIT, so that it looks at some hundred rows however many there are. What is rare tells
 * more: a tag of few articles, somebody with few favourites.
 */
const RANKED = `(
  WITH liked AS MATERIALIZED (
    SELECT id, 1::float8 AS weight FROM (${newestOf('reader', '$1::bigint', 20)}) AS latest
     UNION ALL
    SELECT $2::bigint, 5 WHERE $2::bigint IS NOT NULL
  ), subjects AS (
    SELECT borne.tag, sum(liked.weight) / ln(2 + max(known.articles_count)) AS weight
      FROM liked
     CROSS JOIN LATERAL (SELECT tag FROM article_tags WHERE article_id = liked.id OFFSET 0) AS borne
     CROSS JOIN LATERAL (SELECT articles_count FROM tags WHERE tag = borne.tag OFFSET 0) AS known
     GROUP BY borne.tag ORDER BY weight DESC, borne.tag LIMIT 8
  ), peers AS (
    SELECT peer.user_id, sum(liked.weight) / ln(2 + max(known.favorites_count)) AS weight
      FROM liked
     CROSS JOIN LATERAL (
       SELECT user_id FROM favorites WHERE article_id = liked.id AND user_id IS DISTINCT FROM $1::bigint LIMIT 20
     ) AS peer
     CROSS JOIN LATERAL (SELECT favorites_count FROM users WHERE id = peer.user_id OFFSET 0) AS known
     GROUP BY peer.user_id ORDER BY weight DESC, peer.user_id DESC LIMIT 15
  ), authors AS (
    SELECT id, sum(weight) AS weight
      FROM (
        (SELECT followed_id AS id, 1::float8 AS weight FROM follows WHERE follower_id = $1::bigint LIMIT 50)
         UNION ALL
        SELECT written.author_id, liked.weight / 4
          FROM liked CROSS JOIN LATERAL (SELECT author_id FROM articles WHERE id = liked.id OFFSET 0) AS written
      ) AS author
     GROUP BY id ORDER BY weight DESC, id DESC LIMIT 20
  ), candidates AS (
    SELECT latest.id, subjects.weight
      FROM subjects CROSS JOIN LATERAL (${newestOf('tag', 'subjects.tag', 20)}) AS latest
     UNION ALL
    SELECT latest.id, peers.weight
      FROM peers CROSS JOIN LATERAL (${newestOf('reader', 'peers.user_id', 15)}) AS latest
     UNION ALL
    SELECT latest.id, authors.weight
      FROM authors CROSS JOIN LATERAL (${newestOf('author', 'authors.id', 5)}) AS latest
     UNION ALL
    (SELECT id, 0 FROM articles ORDER BY id DESC LIMIT 100)
  )
  SELECT candidate.id, candidate.weight + ln(1 + known.favorites_count) / 4 AS score
    FROM (SELECT id, sum(weight) AS weight FROM candidates GROUP BY id) AS candidate
   CROSS JOIN LATERAL (SELECT author_id, favorites_count FROM articles WHERE id = candidate.id OFFSET 0) AS known
   WHERE candidate.id IS DISTINCT FROM $2::bigint
     AND known.author_id IS DISTINCT FROM $1::bigint
     AND NOT EXISTS (SELECT FROM favorites WHERE article_id = candidate.id AND user_id = $1::bigint OFFSET 0)
   ORDER BY score DESC, candidate.id DESC LIMIT $3
) AS ranked`;

const ranked = statement<SummaryRow, [viewer: number | null, article: number | null, limit: number]>(
  'recommendations',
  `${shown({ from: RANKED, where: 'article.id = ranked.id' })} ORDER BY ranked.score DESC, ranked.id DESC`,
);

/**
 * Articles that a reader may like, the likeliest first: never their own, what they favourite, or what they are reading.
 *
 * @param viewer the reader's id, null for a guest
 * @param slug the article being read
 * @throws {@link RequestError} 404 when there is no such article
 */
export async function recommend(
  database: Database,
  viewer: number | null,
  slug: string | undefined,
  limit: number,
): Promise<ArticleSummary[]> {
  const article = slug === undefined ? null : await find(database, slug);
  return (await ranked(database, viewer, article, limit)).map(summaryOf);
}

async function find(database: Database, slug: string): Promise<number> {
  const [article] = await idOf(database, slug);
  if (article === undefined) throw notFound('article');
  return article.id;
}
