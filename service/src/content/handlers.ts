/** What answers about articles and their tags. */
import { type Handled, handled } from '../api/handler.ts';
import * as articles from '../contract/articles.ts';
import type { Database } from '../database/query.ts';
import { notFound } from '../errors.ts';
import { addArticle, articleBySlug, listArticles, listTags } from './articles.ts';

const MAX_TAGS = 1_000;

/** The handlers of the part `content`. */
export function contentHandlers(database: Database): Handled[] {
  return [
    handled(articles.listArticles, ({ viewer, query: { limit, offset, ...filter } }) =>
      listArticles(database, viewer, filter, { limit, offset }),
    ),
    handled(articles.createArticle, async ({ viewer, body }) => ({
      article: await addArticle(database, viewer, body.article),
    })),
    handled(articles.getArticle, async ({ viewer, params }) => {
      const article = await articleBySlug(database, viewer, params.slug);
      if (article === undefined) throw notFound('article');
      return { article };
    }),
    handled(articles.listTags, async () => ({ tags: await listTags(database, MAX_TAGS) })),
  ] as Handled[];
}
