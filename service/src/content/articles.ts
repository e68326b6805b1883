/** Articles in the database, as a reader sees them. */
import type { Article, ArticlePage, ArticleSummary } from '../contract/articles.ts';
import { type Database, momentOf, type Statement, statement } from '../database/query.ts';
import { slugsFor } from './slug.ts';

/** Which articles of all; every given part must hold. */
export interface ArticleFilter {
  readonly tag?: string | undefined;
  /** The author's name. */
  readonly author?: string | undefined;
  /** The name of somebody who favourites it. */
  readonly favorited?: string | undefined;
}

interface SummaryRow {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly tagList: string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly favorited: boolean;
  readonly favoritesCount: number;
  readonly username: string;
  readonly bio: string | null;
  readonly image: string | null;
  readonly following: boolean;
}

interface ArticleRow extends SummaryRow {
  readonly body: string;
}

/** What a reader sees of `article`; `$1` is the reader's id, or null. */
const SHOWN = `
  article.slug, article.title, article.description,
  ${momentOf('article.created_at')} AS "createdAt", ${momentOf('article.updated_at')} AS "updatedAt",
  ARRAY(SELECT tag FROM article_tags WHERE article_id = article.id ORDER BY position) AS "tagList",
  (SELECT count(*) FROM favorites WHERE article_id = article.id) AS "favoritesCount",
  EXISTS (SELECT FROM favorites WHERE article_id = article.id AND user_id = $1::bigint) AS favorited,
  author.username, author.bio, author.image,
  EXISTS (SELECT FROM follows WHERE follower_id = $1::bigint AND followed_id = author.id) AS following`;

const bySlug = statement<ArticleRow, [viewer: number | null, slug: string]>(
  'article-by-slug',
  `SELECT ${SHOWN}, article.body
     FROM articles AS article JOIN users AS author ON author.id = article.author_id
    WHERE article.slug = $2`,
);

const insert = statement<
  { slug: string },
  [author: number, slug: string, title: string, description: string, body: string, tags: readonly string[]]
>(
  'insert-article',
  `WITH article AS (
     INSERT INTO articles (author_id, slug, title, description, body) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (slug) DO NOTHING
     RETURNING id, slug
   ), tagged AS (
     INSERT INTO article_tags (article_id, position, tag)
     SELECT article.id, given.position, given.tag
       FROM article, unnest($6::text[]) WITH ORDINALITY AS given (tag, position)
   )
   SELECT slug FROM article`,
);

const popularTags = statement<{ tag: string }, [limit: number]>(
  'popular-tags',
  'SELECT tag FROM article_tags GROUP BY tag ORDER BY count(*) DESC, tag LIMIT $1',
);

/** What each part of a filter means, `?` standing for its value. */
const CONDITIONS: Record<keyof ArticleFilter, string> = {
  tag: 'EXISTS (SELECT FROM article_tags WHERE article_id = article.id AND tag = ?)',
  author: 'article.author_id = (SELECT id FROM users WHERE lower(username) = lower(?))',
  favorited: `EXISTS (SELECT FROM favorites JOIN users ON users.id = favorites.user_id
                       WHERE favorites.article_id = article.id AND lower(users.username) = lower(?))`,
};

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
  { limit, offset }: { limit: number; offset: number },
): Promise<ArticlePage> {
  const parts = (Object.keys(CONDITIONS) as Part[]).filter((part) => filter[part] !== undefined);
  const values = parts.map((part) => filter[part] as string);
  const listing = listingOf(parts);
  const [rows, [total]] = await Promise.all([
    listing.page(database, viewer, limit, offset, ...values),
    listing.count(database, ...values),
  ]);
  return { articles: rows.map(summary), articlesCount: total?.count ?? 0 };
}

/** One article by its slug. */
export async function articleBySlug(
  database: Database,
  viewer: number | null,
  slug: string,
): Promise<Article | undefined> {
  const [row] = await bySlug(database, viewer, slug);
  return row && { ...summary(row), body: row.body };
}

/** Publishes an article under the first free slug of its title. */
export async function addArticle(
  database: Database,
  authorId: number,
  article: { title: string; description: string; body: string; tagList: readonly string[] },
): Promise<Article> {
  const { title, description, body, tagList } = article;
  for (const slug of slugsFor(title)) {
    const [added] = await insert(database, authorId, slug, title, description, body, tagList);
    if (added === undefined) continue;
    const shown = await articleBySlug(database, authorId, added.slug);
    if (shown === undefined) break;
    return shown;
  }
  throw new Error('an article was gone right after it had been published');
}

/** Tags, those of most articles first. */
export async function listTags(database: Database, limit: number): Promise<string[]> {
  return (await popularTags(database, limit)).map(({ tag }) => tag);
}

function summary(row: SummaryRow): ArticleSummary {
  const { slug, title, description, tagList, createdAt, updatedAt, favorited, favoritesCount } = row;
  const { username, bio, image, following } = row;
  const author = { username, bio, image, following };
  return { slug, title, description, tagList, createdAt, updatedAt, favorited, favoritesCount, author };
}
