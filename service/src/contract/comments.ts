/** What readers say about an article. */
import { z } from 'zod';
import { fields, text, wrapped } from '../validation.ts';
import { moment, NONE, pathName, profile } from './fields.ts';
import type { Operation } from './operation.ts';

/** What a reader gives. */
export const newComment = fields({ body: text({ max: 10_000 }) }).meta({ id: 'NewComment' });

/** A comment. */
export const comment = z
  .object({ id: z.int(), createdAt: moment, updatedAt: moment, body: z.string(), author: profile })
  .meta({ id: 'Comment' });

/** A comment. */
export type Comment = z.infer<typeof comment>;

const ofArticle = z.object({ slug: pathName });

export const listComments = {
  id: 'GetArticleComments',
  part: 'content',
  method: 'get',
  path: '/articles/:slug/comments',
  summary: 'The comments on an article, newest first; of very many the newest thousand',
  caller: 'anyone',
  subject: 'article',
  params: ofArticle,
  query: NONE,
  body: undefined,
  status: 200,
  reply: z.object({ comments: z.array(comment) }),
  errors: [401, 404],
} as const satisfies Operation;

export const createComment = {
  id: 'CreateArticleComment',
  part: 'content',
  method: 'post',
  path: '/articles/:slug/comments',
  summary: 'Comment on an article',
  caller: 'user',
  subject: 'article',
  params: ofArticle,
  query: NONE,
  body: wrapped('comment', newComment),
  status: 201,
  reply: z.object({ comment }),
  errors: [400, 401, 404, 413, 415, 422],
} as const satisfies Operation;

export const deleteComment = {
  id: 'DeleteArticleComment',
  part: 'content',
  method: 'delete',
  path: '/articles/:slug/comments/:id',
  summary: 'Remove a comment of mine',
  caller: 'user',
  subject: 'comment',
  params: z.object({
    slug: pathName,
    // An id is a positive integer that a number holds exactly: at most fifteen digits.
    id: z
      .string()
      .regex(/^[1-9]\d{0,14}$/)
      .meta({ type: 'integer', minimum: 1 })
      .transform(Number),
  }),
  query: NONE,
  body: undefined,
  status: 204,
  reply: undefined,
  errors: [401, 403, 404],
} as const satisfies Operation;
