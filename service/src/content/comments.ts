/** What readers say about an article, in the database. */
import type { Comment } from '../contract/comments.ts';
import { type Database, momentOf, statement } from '../database/query.ts';
import { violated } from '../database/violated.ts';
import { forbidden, notFound } from '../errors.ts';

interface CommentRow extends Omit<Comment, 'author'> {
  readonly username: string;
  readonly bio: string | null;
  readonly image: string | null;
  readonly following: boolean;
}

const SHOWN = `
  comment.id, comment.body,
  ${momentOf('comment.created_at')} AS "createdAt", ${momentOf('comment.updated_at')} AS "updatedAt",
  author.username, author.bio, author.image`;

/** More than anybody reads, and few enough that one article can't hold up everybody else. */
const MAX_COMMENTS = 1_000;

const ofArticle = statement<CommentRow | { id: null }, [viewer: number | null, slug: string]>(
  'comments',
  // An article without comments is one row of nulls; without the article there is no row. Why BETWEEN: see newest.ts.
  `SELECT ${SHOWN},
          EXISTS (SELECT FROM follows WHERE follower_id = $1::bigint AND followed_id = author.id) AS following
     FROM articles AS article
     LEFT JOIN LATERAL (
       SELECT id, author_id, body, created_at, updated_at FROM comments
        WHERE article_id BETWEEN article.id AND article.id ORDER BY article_id, id DESC LIMIT ${MAX_COMMENTS}
     ) AS comment ON true
     LEFT JOIN users AS author ON author.id = comment.author_id
    WHERE article.slug = $2
    ORDER BY comment.id DESC`,
);

const insert = statement<Omit<CommentRow, 'following'>, [author: number, slug: string, body: string]>(
  'insert-comment',
  `WITH comment AS (
     INSERT INTO comments (article_id, author_id, body) SELECT id, $1, $3 FROM articles WHERE slug = $2
     RETURNING id, author_id, body, created_at, updated_at
   )
   SELECT ${SHOWN} FROM comment JOIN users AS author ON author.id = comment.author_id`,
);

const remove = statement<{ known: boolean; mine: boolean }, [author: number, slug: string, id: number]>(
  'delete-comment',
  `WITH comment AS (
     SELECT comments.id, comments.author_id
       FROM articles JOIN comments ON comments.article_id = articles.id
      WHERE articles.slug = $2 AND comments.id = $3
   ), removed AS (
     DELETE FROM comments USING comment WHERE comments.id = comment.id AND comment.author_id = $1
   )
   SELECT comment.id IS NOT NULL AS known, comment.author_id = $1 AS mine
     FROM articles LEFT JOIN comment ON true
    WHERE articles.slug = $2`,
);

/**
 * The comments on an article, newest first; of very many the newest thousand.
 *
 * @param viewer the id of whoever looks, null for a guest
 * @throws {@link RequestError} 404 when there is no such article
 */
export async function listComments(
  database: Database,
  viewer: number | null,
  slug: string,
): Promise<Comment[]> {
  const rows = await ofArticle(database, viewer, slug);
  if (rows.length === 0) throw notFound('article');
  return rows.filter((row): row is CommentRow => row.id !== null).map(commentOf);
}

/**
 * Comments on an article.
 *
 * @throws {@link RequestError} 404 when there is no such article
 */
export async function addComment(
  database: Database,
  author: number,
  slug: string,
  body: string,
): Promise<Comment> {
  try {
    const [row] = await insert(database, author, slug, body);
    if (row === undefined) throw notFound('article');
    // Nobody follows themselves.
    return commentOf({ ...row, following: false });
  } catch (error) {
    // It was removed after it had been found.
    if (violated(error) === 'comments_article_id_fkey') throw notFound('article');
    throw error;
  }
}

/**
 * Removes a comment.
 *
 * @param author whoever asks; only the comment's author may
 * @throws {@link RequestError} 404 when the article is unknown or has no such comment, 403 when it is somebody else's
 */
export async function removeComment(
  database: Database,
  author: number,
  slug: string,
  id: number,
): Promise<undefined> {
  const [found] = await remove(database, author, slug, id);
  if (found === undefined) throw notFound('article');
  if (!found.known) throw notFound('comment');
  if (!found.mine) throw forbidden('comment');
}

function commentOf({ id, createdAt, updatedAt, body, username, bio, image, following }: CommentRow): Comment {
  return { id, createdAt, updatedAt, body, author: { username, bio, image, following } };
}
