/** Articles, their favourites, and the tags they bear. */
import { z } from 'zod';
import { BLANK, fields, text, wrapped } from '../validation.ts';
import { filter, moment, NONE, pathName, profile, slice } from './fields.ts';
import type { Operation } from './operation.ts';

/** The most tags of an article. */
const MAX_TAGS = 20;

const title = text({ max: 200 });
const description = text({ max: 500 });
const body = text({ max: 200_000, trim: false });
const tagList = z
  .array(text({ max: 50 }), {
    error: ({ input }) => (input === null ? BLANK : 'must be a list of strings'),
  })
  .max(MAX_TAGS, { error: `is too long (maximum is ${MAX_TAGS} tags)` })
  .transform((tags) => [...new Set(tags)]);

/** What an author gives. */
export const newArticle = fields({ title, description, body, tagList: tagList.default([]) }).meta({
  id: 'NewArticle',
});

/** What an author changes; what is left out stays. */
export const articleChanges = fields({
  title: title.optional(),
  description: description.optional(),
  body: body.optional(),
  tagList: tagList.optional(),
}).meta({ id: 'ArticleChanges', description: 'What is left out stays.' });

/** An article in a list. */
export const articleSummary = z
  .object({
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    tagList: z.array(z.string()),
    createdAt: moment,
    updatedAt: moment,
    favorited: z.boolean().meta({ description: 'Whether the caller favourites it.' }),
    favoritesCount: z.int(),
    author: profile,
  })
  .meta({ id: 'ArticleSummary', description: 'An article in a list: without its body.' });

/** An article with its body, which is Markdown. */
export const article = articleSummary
  .extend({ body: z.string() })
  .meta({ id: 'Article', description: 'An article with its body, which is Markdown.' });

/** A page of articles and how many there are in all. */
export const articlePage = z.object({ articles: z.array(articleSummary), articlesCount: z.int() });

/** An article in a list. */
export type ArticleSummary = z.infer<typeof articleSummary>;
/** An article with its body. */
export type Article = z.infer<typeof article>;
/** A page of articles and how many there are in all. */
export type ArticlePage = z.infer<typeof articlePage>;

const params = z.object({ slug: pathName });
const reply = z.object({ article });

export const listArticles = {
  id: 'GetArticles',
  part: 'content',
  method: 'get',
  path: '/articles',
  summary: 'Articles, newest first',
  caller: 'anyone',
  params: NONE,
  query: z.object({
    tag: filter,
    author: filter.meta({ description: 'The name of the author.' }),
    favorited: filter.meta({ description: 'The name of somebody who favourites it.' }),
    ...slice(20),
  }),
  body: undefined,
  status: 200,
  reply: articlePage,
  errors: [401, 422],
} as const satisfies Operation;

export const getFeed = {
  id: 'GetArticlesFeed',
  part: 'content',
  method: 'get',
  path: '/articles/feed',
  summary: 'Articles of those I follow, newest first',
  caller: 'user',
  params: NONE,
  query: z.object(slice(20)),
  body: undefined,
  status: 200,
  reply: articlePage,
  errors: [401, 422],
} as const satisfies Operation;

export const createArticle = {
  id: 'CreateArticle',
  part: 'content',
  method: 'post',
  path: '/articles',
  summary: 'Publish an article',
  caller: 'user',
  params: NONE,
  query: NONE,
  body: wrapped('article', newArticle),
  status: 201,
  reply,
  errors: [400, 401, 413, 415, 422],
} as const satisfies Operation;

export const getArticle = {
  id: 'GetArticle',
  part: 'content',
  method: 'get',
  path: '/articles/:slug',
  summary: 'An article',
  caller: 'anyone',
  subject: 'article',
  params,
  query: NONE,
  body: undefined,
  status: 200,
  reply,
  errors: [401, 404],
} as const satisfies Operation;

export const updateArticle = {
  id: 'UpdateArticle',
  part: 'content',
  method: 'put',
  path: '/articles/:slug',
  summary: 'Change an article of mine',
  caller: 'user',
  subject: 'article',
  params,
  query: NONE,
  body: wrapped('article', articleChanges),
  status: 200,
  reply,
  errors: [400, 401, 403, 404, 413, 415, 422],
} as const satisfies Operation;

export const deleteArticle = {
  id: 'DeleteArticle',
  part: 'content',
  method: 'delete',
  path: '/articles/:slug',
  summary: 'Remove an article of mine',
  caller: 'user',
  subject: 'article',
  params,
  query: NONE,
  body: undefined,
  status: 204,
  reply: undefined,
  errors: [401, 403, 404],
} as const satisfies Operation;

export const favoriteArticle = {
  id: 'CreateArticleFavorite',
  part: 'content',
  method: 'post',
  path: '/articles/:slug/favorite',
  summary: 'Favourite an article',
  caller: 'user',
  subject: 'article',
  params,
  query: NONE,
  body: undefined,
  status: 200,
  reply,
  errors: [401, 404],
} as const satisfies Operation;

export const unfavoriteArticle = {
  id: 'DeleteArticleFavorite',
  part: 'content',
  method: 'delete',
  path: '/articles/:slug/favorite',
  summary: 'Favourite an article no longer',
  caller: 'user',
  subject: 'article',
  params,
  query: NONE,
  body: undefined,
  status: 200,
  reply,
  errors: [401, 404],
} as const satisfies Operation;

export const listTags = {
  id: 'GetTags',
  part: 'content',
  method: 'get',
  path: '/tags',
  summary: 'Tags, those of most articles first',
  caller: 'guest',
  params: NONE,
  query: NONE,
  body: undefined,
  status: 200,
  reply: z.object({ tags: z.array(z.string()) }),
  errors: [],
} as const satisfies Operation;
