/** Lists of articles, newest first: by the id, which is given in that order. */
import type { ArticlePage } from '../contract/articles.ts';
import { MAX_LIMIT } from '../contract/fields.ts';
import { type Database, type Statement, statement } from '../database/query.ts';
import { idsOf, newestFirst, newestOf, type OwnerKind } from './newest.ts';
import { type SummaryRow, shown, summaryOf } from './shown.ts';

/** Which articles of all; every given part must hold. */
export interface ArticleFilter {
  readonly tag?: string | undefined;
  /** The author's name. */
  readonly author?: string | undefined;
  /** The name of somebody who favourites it. */
  readonly favorited?: string | undefined;
}

/** Which part of a list. */
export interface Slice {
  /** At most {@link MAX_LIMIT}. */
  readonly limit: number;
  readonly offset: number;
}

/** One row for each article, and one of nulls but for the count when there is none. */
type ListRow = (SummaryRow | { readonly slug: null }) & { readonly articlesCount: number };

type List<Values extends readonly unknown[]> = Statement<
  ListRow,
  [viewer: number | null, limit: number, offset: number, ...values: Values]
>;

/** Where a list comes from. */
interface Source {
  /** SQL for the ids of the whole list, in its order. */
  readonly ids: string;
  /** SQL for their number. */
  readonly count: string;
}

/**
 * A statement for lists.
 *
 * The ids are cut out of an index first, so that all else is looked up for the articles of the slice only. How long it
 * is at most, the planner can't see in `$2`.
 */
function list<Values extends readonly unknown[]>(name: string, { ids, count }: Source): List<Values> {
  const from = `
    (SELECT coalesce((${count}), 0)::bigint AS count) AS total
    LEFT JOIN (
      SELECT id FROM (${ids} OFFSET $3 LIMIT ${MAX_LIMIT}) AS slice LIMIT $2
    ) AS listed ON true`;
  const where = 'article.id = listed.id';
  const more = 'total.count AS "articlesCount"';
  return statement(name, `${shown({ from, where, more })} ORDER BY listed.id DESC`);
}

function pageOf(rows: readonly ListRow[]): ArticlePage {
  const found = rows.filter((row): row is SummaryRow & ListRow => row.slug !== null);
  return { articles: found.map(summaryOf), articlesCount: rows[0]?.articlesCount ?? 0 };
}

type Part = keyof ArticleFilter;

const PERSON = '(SELECT id FROM users WHERE lower(username) = lower(?))';

/**
 * What each part of a filter means, `?` standing for its value: whose articles, how many they are, and, when another
 * part gives the articles, which of those remain. The parts that leave fewer come first.
 */
const PARTS: Record<
  Part,
  { kind: OwnerKind; owner: string; count: string; condition: (id: string) => string }
> = {
  author: {
    kind: 'author',
    owner: PERSON,
    count: 'SELECT articles_count FROM users WHERE lower(username) = lower(?)',
    condition: (id) => `EXISTS (SELECT FROM articles WHERE id = ${id} AND author_id = ${PERSON} OFFSET 0)`,
  },
  favorited: {
    kind: 'reader',
    owner: PERSON,
    count: 'SELECT favorites_count FROM users WHERE lower(username) = lower(?)',
    condition: (id) =>
      `EXISTS (SELECT FROM favorites WHERE article_id = ${id} AND user_id = ${PERSON} OFFSET 0)`,
  },
  tag: {
    kind: 'tag',
    owner: '?',
    count: 'SELECT articles_count FROM tags WHERE tag = ?',
    condition: (id) => `EXISTS (SELECT FROM article_tags WHERE article_id = ${id} AND tag = ? OFFSET 0)`,
  },
};

const ALL: Source = {
  ids: 'SELECT id FROM articles ORDER BY id DESC',
  count: 'SELECT sum(articles_count) FROM article_totals',
};

const lists = new Map<string, List<string[]>>();

/** The statement of one kind of filter: each kind has its own instead of `$4 IS NULL OR …`. */
function listOf(parts: readonly Part[]): List<string[]> {
  const name = ['articles', ...parts].join('-');
  let found = lists.get(name);
  if (found === undefined) {
    found = list(name, sourceOf(parts));
    lists.set(name, found);
  }
  return found;
}

function sourceOf(parts: readonly Part[]): Source {
  const filled = (part: Part, sql: string) => sql.replaceAll('?', `$${4 + parts.indexOf(part)}`);
  const [first, ...others] = parts;
  if (first === undefined) return ALL;
  const { kind, owner, count } = PARTS[first];
  const where = (id: string) => others.map((part) => filled(part, PARTS[part].condition(id))).join(' AND ');
  const ids = idsOf(kind, filled(first, owner), others.length === 0 ? undefined : where);
  return {
    ids: `${ids} ${newestFirst(kind)}`,
    count: others.length === 0 ? filled(first, count) : `SELECT count(*) FROM (${ids}) AS listed`,
  };
}

/**
 * Articles, newest first.
 *
 * @param viewer the id of whoever looks, null for a guest
 */
export async function listArticles(
  database: Database,
  viewer: number | null,
  filter: ArticleFilter,
  { limit, offset }: Slice,
): Promise<ArticlePage> {
  const parts = (Object.keys(PARTS) as Part[]).filter((part) => filter[part] !== undefined);
  const values = parts.map((part) => filter[part] as string);
  return pageOf(await listOf(parts)(database, viewer, limit, offset, ...values));
}

const feed: List<[]> = list('feed', {
  // No author can have more articles in a slice than it ends with, so only their newest are looked at.
  ids: `SELECT newest.id
          FROM follows CROSS JOIN LATERAL (
            ${newestOf('author', 'follows.followed_id', '$2::bigint + $3::bigint')}
          ) AS newest
         WHERE follows.follower_id = $1
         ORDER BY newest.id DESC`,
  count: `SELECT sum((SELECT articles_count FROM users WHERE id = follows.followed_id))
            FROM follows WHERE follows.follower_id = $1`,
});

/** Articles of those that somebody follows, newest first. */
export async function listFeed(
  database: Database,
  viewer: number,
  { limit, offset }: Slice,
): Promise<ArticlePage> {
  return pageOf(await feed(database, viewer, limit, offset));
}
