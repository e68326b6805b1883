/** One article: reading and publishing it. */
import type { Article } from '../contract/articles.ts';
import { type Database, momentOf, type Statement, statement } from '../database/query.ts';
import { type ArticleRow, articleOf, shown } from './shown.ts';
import { slugsFor } from './slug.ts';

function article<Key>(name: string, where: string): Statement<ArticleRow, [viewer: number | null, key: Key]> {
  const more = 'article.body';
  return statement(
    name,
    `${shown({ from: '(VALUES (true)) AS one', where, more })} WHERE article.id IS NOT NULL`,
  );
}

const bySlug = article<string>('article-by-slug', 'slug = $2');

const byId = article<number>('article-by-id', 'id = $2');

type Published = Pick<ArticleRow, 'slug' | 'createdAt' | 'updatedAt' | 'username' | 'bio' | 'image'>;

const insert = statement<
  Published,
  [author: number, slug: string, title: string, description: string, body: string, tags: readonly string[]]
>(
  'insert-article',
  `WITH article AS (
     INSERT INTO articles (author_id, slug, title, description, body) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (slug) DO NOTHING
     RETURNING id, author_id, slug, created_at, updated_at
   ), tagged AS (
     INSERT INTO article_tags (article_id, position, tag)
     SELECT article.id, given.position, given.tag
       FROM article, unnest($6::text[]) WITH ORDINALITY AS given (tag, position)
   )
   SELECT article.slug, author.username, author.bio, author.image,
          ${momentOf('article.created_at')} AS "createdAt", ${momentOf('article.updated_at')} AS "updatedAt"
     FROM article JOIN users AS author ON author.id = article.author_id`,
);

/**
 * One article by its slug.
 *
 * @param viewer the id of whoever looks, null for a guest
 */
export async function articleBySlug(
  database: Database,
  viewer: number | null,
  slug: string,
): Promise<Article | undefined> {
  const [row] = await bySlug(database, viewer, slug);
  return row && articleOf(row);
}

/** One article by its id, which stays when the title and with it the slug changes. */
export async function articleById(
  database: Database,
  viewer: number | null,
  id: number,
): Promise<Article | undefined> {
  const [row] = await byId(database, viewer, id);
  return row && articleOf(row);
}

/** Publishes an article under the first free slug of its title. */
export async function addArticle(
  database: Database,
  authorId: number,
  article: { title: string; description: string; body: string; tagList: string[] },
): Promise<Article> {
  const { title, description, body, tagList } = article;
  for (const slug of slugsFor(title)) {
    const [published] = await insert(database, authorId, slug, title, description, body, tagList);
    if (published === undefined) continue;
    // Nobody follows themselves, and nobody has seen it yet.
    const unseen = { favorited: false, favoritesCount: 0, following: false };
    return articleOf({ ...published, ...unseen, title, description, body, tagList });
  }
  throw new Error('no slug was free');
}
