/** An article in the database as a reader sees it: the columns, and the object made of them. */
import type { Article, ArticleSummary } from '../contract/articles.ts';
import { momentOf } from '../database/query.ts';

/** A row of {@link SHOWN}. */
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

/** A row of {@link SHOWN} with the column `body`. */
export interface ArticleRow extends SummaryRow {
  readonly body: string;
}

/** What a reader sees of `article`; `$1` is the reader's id, or null. */
export const SHOWN = `
  article.slug, article.title, article.description,
  ${momentOf('article.created_at')} AS "createdAt", ${momentOf('article.updated_at')} AS "updatedAt",
  ARRAY(SELECT tag FROM article_tags WHERE article_id = article.id ORDER BY position) AS "tagList",
  (SELECT count(*) FROM favorites WHERE article_id = article.id) AS "favoritesCount",
  EXISTS (SELECT FROM favorites WHERE article_id = article.id AND user_id = $1::bigint) AS favorited,
  author.username, author.bio, author.image,
  EXISTS (SELECT FROM follows WHERE follower_id = $1::bigint AND followed_id = author.id) AS following`;

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
