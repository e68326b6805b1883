/** The indexes that hold articles in the order of lists: for each owner, by the article's id. */
const INDEXES = {
  author: { table: 'articles', owner: 'author_id', id: 'id', order: 'author_id, id DESC' },
  /** Somebody who favourites articles. */
  reader: { table: 'favorites', owner: 'user_id', id: 'article_id', order: 'user_id DESC, article_id DESC' },
  tag: { table: 'article_tags', owner: 'tag', id: 'article_id', order: 'tag DESC, article_id DESC' },
} as const;

/** Whose articles: what an author wrote, what a reader favourites, what bears a tag. */
export type OwnerKind = keyof typeof INDEXES;

/**
 * SQL for the ids of an owner's articles.
 *
 * BETWEEN says the same as `=`, but the planner doesn't see that the owner's part of the order is then always the same.
 * If it did, it could go by the id alone, and read everybody's newest until it has met enough of this owner's: all
 * there are when the owner has none.
 *
 * @param owner SQL for the id of the author or the reader, or for the tag
 * @param where a further condition on the article's id
 */
export function idsOf(kind: OwnerKind, owner: string, where?: (id: string) => string): string {
  const { table, owner: column, id } = INDEXES[kind];
  const more = where === undefined ? '' : ` AND ${where(`${table}.${id}`)}`;
  return `SELECT ${id} AS id FROM ${table} WHERE ${column} BETWEEN ${owner} AND ${owner}${more}`;
}

/** SQL for the order in which {@link idsOf} gives the newest first. */
export function newestFirst(kind: OwnerKind): string {
  return `ORDER BY ${INDEXES[kind].order}`;
}

/** SQL for the ids of an owner's newest articles; see {@link idsOf}. */
export function newestOf(kind: OwnerKind, owner: string, limit: number | string): string {
  return `${idsOf(kind, owner)} ${newestFirst(kind)} LIMIT ${limit}`;
}
