import { type Database, statement } from '../database/query.ts';

const popularTags = statement<{ tags: string[] }, [limit: number]>(
  'popular-tags',
  // One row of JSON, which is read many times faster than a row for each tag.
  `SELECT coalesce(json_agg(tag ORDER BY articles_count DESC, tag), '[]') AS tags
     FROM (SELECT tag, articles_count FROM tags ORDER BY articles_count DESC, tag LIMIT $1) AS popular`,
);

/** Tags, those of most articles first. */
export async function listTags(database: Database, limit: number): Promise<string[]> {
  return (await popularTags(database, limit))[0]?.tags ?? [];
}
