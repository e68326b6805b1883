/** What answers about articles, their favourites, comments and tags. */
import { type Handled, handled } from '../api/handler.ts';
import { shared } from '../api/shared.ts';
import type { Article } from '../contract/articles.ts';
import * as articles from '../contract/articles.ts';
import * as comments from '../contract/comments.ts';
import type { Pool } from '../database/pool.ts';
import { notFound } from '../errors.ts';
import { addArticle, articleById, articleBySlug } from './articles.ts';
import { changeArticle, removeArticle } from './changes.ts';
import { addComment, listComments, removeComment } from './comments.ts';
import { favorite, unfavorite } from './favorites.ts';
import { listArticles, listFeed } from './lists.ts';
import { listTags } from './tags.ts';

const MAX_TAGS = 1_000;

/** The handlers of the part `content`. */
export function contentHandlers(database: Pool): Handled[] {
  async function shown(viewer: number, id: number): Promise<{ article: Article }> {
    return there(await articleById(database, viewer, id));
  }

  return [
    // Before the slugs, or `feed` would be taken for one.
    shared(handled(articles.getFeed, ({ viewer, query }) => listFeed(database, viewer, query))),
    shared(
      handled(articles.listArticles, ({ viewer, query: { limit, offset, ...filter } }) =>
        listArticles(database, viewer, filter, { limit, offset }),
      ),
    ),
    handled(articles.createArticle, async ({ viewer, body }) => ({
      article: await addArticle(database, viewer, body.article),
    })),
    shared(
      handled(articles.getArticle, async ({ viewer, params }) =>
        there(await articleBySlug(database, viewer, params.slug)),
      ),
    ),
    handled(articles.updateArticle, async ({ viewer, params, body }) =>
      shown(viewer, await changeArticle(database, viewer, params.slug, body.article)),
    ),
    handled(articles.deleteArticle, ({ viewer, params }) => removeArticle(database, viewer, params.slug)),
    handled(articles.favoriteArticle, async ({ viewer, params }) =>
      shown(viewer, await favorite(database, viewer, params.slug)),
    ),
    handled(articles.unfavoriteArticle, async ({ viewer, params }) =>
      shown(viewer, await unfavorite(database, viewer, params.slug)),
    ),
    shared(
      handled(comments.listComments, async ({ viewer, params }) => ({
        comments: await listComments(database, viewer, params.slug),
      })),
    ),
    handled(comments.createComment, async ({ viewer, params, body }) => ({
      comment: await addComment(database, viewer, params.slug, body.comment.body),
    })),
    handled(comments.deleteComment, ({ viewer, params }) =>
      removeComment(database, viewer, params.slug, params.id),
    ),
    shared(handled(articles.listTags, async () => ({ tags: await listTags(database, MAX_TAGS) }))),
  ] as Handled[];
}

function there(article: Article | undefined): { article: Article } {
  if (article === undefined) throw notFound('article');
  return { article };
}
