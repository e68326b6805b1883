/** `/api/articles` and `/api/tags`. */
import { Router } from 'express';
import { z } from 'zod';
import { type Authenticate, callerOf, viewerOf } from '../auth/authenticate.ts';
import { jsonBody } from '../body.ts';
import type { Database } from '../database/query.ts';
import { notFound } from '../errors.ts';
import { pathName } from '../path-name.ts';
import { validate, wrapped } from '../validation.ts';
import { addArticle, articleBySlug, listArticles, listTags } from './articles.ts';
import { newArticle } from './new-article.ts';

/** A list never holds more, whatever is asked for: a page of articles must stay cheap. */
const MAX_LIMIT = 100;
const MAX_TAGS = 1_000;

const articleBody = wrapped('article', newArticle);

const integer = (min: number) =>
  z
    .string({ error: 'must be given once' })
    .regex(/^\d{1,9}$/, { error: `must be an integer, ${min} or more`, abort: true })
    .transform(Number)
    .refine((value) => value >= min, { error: `must be an integer, ${min} or more` });

const filterText = z
  .string({ error: 'must be given once' })
  .refine((value) => !value.includes('\0'), { error: "can't hold the character NUL" })
  .transform((value) => value || undefined)
  .optional();

const listQuery = z.object({
  tag: filterText,
  author: filterText,
  favorited: filterText,
  limit: integer(1)
    .transform((limit) => Math.min(limit, MAX_LIMIT))
    .default(20),
  offset: integer(0).default(0),
});

/** The endpoints about articles and their tags. */
export function contentApi(database: Database, authenticate: Authenticate): Router {
  return Router()
    .get('/articles', authenticate.optional, async (request, response) => {
      const { limit, offset, ...filter } = validate(listQuery, request.query);
      response.json(await listArticles(database, viewerOf(response), filter, { limit, offset }));
    })
    .post('/articles', authenticate.required, jsonBody, async (request, response) => {
      const { article } = validate(articleBody, request.body);
      response.status(201).json({ article: await addArticle(database, callerOf(response).id, article) });
    })
    .get('/articles/:slug', authenticate.optional, async (request, response) => {
      const article = await articleBySlug(
        database,
        viewerOf(response),
        pathName(request.params.slug, 'article'),
      );
      if (article === undefined) throw notFound('article');
      response.json({ article });
    })
    .get('/tags', async (_request, response) => {
      response.json({ tags: await listTags(database, MAX_TAGS) });
    });
}
