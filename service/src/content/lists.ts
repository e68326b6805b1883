/** Lists of articles, newest first. */
import type { ArticlePage } from '../contract/articles.ts';
import { type Database, type Statement, statement } from '../database/query.ts';
import { SHOWN, type SummaryRow, summaryOf } from './shown.ts';

/** Which articles of all; every given part must hold. */
export interface ArticleFilter {
  readonly tag?: string | undefined;
  /** The author's name. */
  readonly author?: string | undefined;
  /** The name of somebody who favourites it. */
  readonly favorited?: string | undefined;
}

/** What each part of a filter means, `?` standing for its value. */
const CONDITIONS: Record<keyof ArticleFilter, string> = {
  tag: 'EXISTS (SELECT FROM article_tags WHERE article_id = article.id AND tag = ?)',
  author: 'article.author_id = (SELECT id FROM users WHERE lower(username) = lower(?))',
  favorited: `EXISTS (SELECT FROM favorites JOIN users ON users.id = favorites.user_id
                       WHERE favorites.article_id = article.id AND lower(users.username) = lower(?))`,
};

/** Which part of a list. */
export interface Slice {
  readonly limit: number;
  readonly offset: number;
}

type Part = keyof ArticleFilter;

/** The statements of one kind of filter: each kind is planned by itself instead of by `$1 IS NULL OR …`. */
interface Listing {
  readonly page: Statement<
    SummaryRow,
    [viewer: number | null, limit: number, offset: number, ...values: string[]]
  >;
  readonly count: Statement<{ count: number }, string[]>;
}

const listings = new Map<string, Listing>();

function listingOf(parts: readonly Part[]): Listing {
  const name = ['articles', ...parts].join('-');
  let listing = listings.get(name);
  if (listing === undefined) {
    listing = {
      // The page is cut out first, so that favourites and tags are looked up for its articles only.
      page: statement(
        name,
        `SELECT ${SHOWN}
           FROM (SELECT id, author_id, slug, title, description, created_at, updated_at FROM articles AS article ${where(parts, 4)}
                  ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3) AS article
           JOIN users AS author ON author.id = article.author_id
          ORDER BY article.created_at DESC, article.id DESC`,
      ),
      count: statement(`${name}-count`, `SELECT count(*) FROM articles AS article ${where(parts, 1)}`),
    };
    listings.set(name, listing);
  }
  return listing;
}

function where(parts: readonly Part[], first: number): string {
  const conditions = parts.map((part, index) => CONDITIONS[part].replace('?', `$${first + index}`));
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
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
  const parts = (Object.keys(CONDITIONS) as Part[]).filter((part) => filter[part] !== undefined);
  const values = parts.map((part) => filter[part] as string);
  const listing = listingOf(parts);
  const [rows, [total]] = await Promise.all([
    listing.page(database, viewer, limit, offset, ...values),
    listing.count(database, ...values),
  ]);
  return { articles: rows.map(summaryOf), articlesCount: total?.count ?? 0 };
}

const feed = statement<SummaryRow, [viewer: number, limit: number, offset: number]>(
  'feed',
  // No author can have more articles on the page than it holds, so only their newest are looked at.
  `SELECT ${SHOWN}
     FROM (SELECT newest.*
             FROM follows
            CROSS JOIN LATERAL (SELECT id, author_id, slug, title, description, created_at, updated_at FROM articles
                                 WHERE author_id = follows.followed_id
                                 ORDER BY created_at DESC, id DESC LIMIT $2::bigint + $3::bigint) AS newest
            WHERE follows.follower_id = $1
            ORDER BY newest.created_at DESC, newest.id DESC LIMIT $2 OFFSET $3) AS article
     JOIN users AS author ON author.id = article.author_id
    ORDER BY article.created_at DESC, article.id DESC`,
);

const feedCount = statement<{ count: number }, [viewer: number]>(
  'feed-count',
  'SELECT count(*) FROM articles JOIN follows ON follows.followed_id = articles.author_id WHERE follows.follower_id = $1',
);

/** Articles of those that somebody follows, newest first. */
export async function listFeed(
  database: Database,
  viewer: number,
  { limit, offset }: Slice,
): Promise<ArticlePage> {
  const [rows, [total]] = await Promise.all([
    feed(database, viewer, limit, offset),
    feedCount(database, viewer),
  ]);
  return { articles: rows.map(summaryOf), articlesCount: total?.count ?? 0 };
}
