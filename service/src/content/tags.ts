import { type Database, statement } from '../database/query.ts';

const popularTags = statement<{ tag: string }, [limit: number]>(
  'popular-tags',
  'SELECT tag FROM tags ORDER BY articles_count DESC, tag LIMIT $1',
);

/** Tags, those of most articles first. */
export async function listTags(database: Database, limit: number): Promise<string[]> {
  return (await popularTags(database, limit)).map(({ tag }) => tag);
}
