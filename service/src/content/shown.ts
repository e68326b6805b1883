/** An article in the database as a reader sees it: the query, and the object made of its rows. */
import type { Article, ArticleSummary } from '../contract/articles.ts';
import { momentOf } from '../database/query.ts';

/** A row of {@link shown}. */
export interface SummaryRow {
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

/** A row of {@link shown} with the column `body`. */
export interface ArticleRow extends SummaryRow {
  readonly body: string;
}

/**
 * SQL for what a reader sees of articles; `$1` is the reader's id, or null.
 *
 * `OFFSET 0` keeps the planner from looking at anything but these rows: it would read the whole of a table that is
 * small when the query is planned, and go on doing so when it has grown.
 *
 * @param from SQL for the rows that lead to the articles
 * @param where a condition on `article` that finds the one of a row
 * @param more further columns
 */
export function shown({ from, where, more }: { from: string; where: string; more?: string }): string {
  return `
    SELECT ${more === undefined ? '' : `${more},`}
           article.slug, article.title, article.description, article.favorites_count AS "favoritesCount",
           ${momentOf('article.created_at')} AS "createdAt", ${momentOf('article.updated_at')} AS "updatedAt",
           ARRAY(SELECT tag FROM article_tags WHERE article_id = article.id ORDER BY position) AS "tagList",
           EXISTS (SELECT FROM favorites WHERE article_id = article.id AND user_id = $1::bigint OFFSET 0) AS favorited,
           author.username, author.bio, author.image,
           EXISTS (SELECT FROM follows WHERE follower_id = $1::bigint AND followed_id = article.author_id OFFSET 0)
             AS following
      FROM ${from}
      LEFT JOIN LATERAL (
        SELECT id, author_id, slug, title, description, body, favorites_count, created_at, updated_at
          FROM articles AS article WHERE ${where} OFFSET 0
      ) AS article ON true
      LEFT JOIN LATERAL (
        SELECT username, bio, image FROM users WHERE id = article.author_id OFFSET 0
      ) AS author ON true`;
}

/** The article in a list. */
export function summaryOf(row: SummaryRow): ArticleSummary {
  const { slug, title, description, tagList, createdAt, updatedAt, favorited, favoritesCount } = row;
  const { username, bio, image, following } = row;
  const author = { username, bio, image, following };
  return { slug, title, description, tagList, createdAt, updatedAt, favorited, favoritesCount, author };
}

/** The article with its body. */
export function articleOf(row: ArticleRow): Article {
  return { ...summaryOf(row), body: row.body };
}
