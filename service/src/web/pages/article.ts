/** One article, with its comments and what else one may like; favouriting and removing it. */
import { type Request, type Response, Router } from 'express';
import { html } from 'ghtml';
import type { Article, ArticleSummary } from '../../contract/articles.ts';
import * as articles from '../../contract/articles.ts';
import { listComments } from '../../contract/comments.ts';
import { getRecommendations } from '../../contract/recommendations.ts';
import { RequestError } from '../../errors.ts';
import { type ArticleBody, createArticleBody } from '../article-body.ts';
import { articleMeta, authorButtons, favoriteButton, followButton } from '../article-meta.ts';
import { backTo } from '../back.ts';
import { day } from '../day.ts';
import { tagList } from '../feed.ts';
import { signedInOnly } from '../forms.ts';
import type { Page } from '../layout.ts';
import { articlePath } from '../paths.ts';
import { orNothing } from '../patience.ts';
import { viewerOf, visitorOf } from '../session.ts';
import type { Web } from '../web.ts';
import { type CommentForm, commentSection } from './comment-section.ts';

/** How long the page waits for what it can do without. */
const COMMENTS_MILLISECONDS = 2_000;
const RECOMMENDATIONS_MILLISECONDS = 300;

/** How many other articles are named. */
const RECOMMENDED = '4';

/** Makes the page of an article. @throws {@link RequestError} 404 when there is none */
export type ArticlePageOf = (
  response: Response,
  slug: string,
  form?: CommentForm,
) => Promise<Omit<Page, 'visitor'>>;

/** Makes what makes the pages of articles. */
export function createArticlePage(
  { api, log }: Web,
  bodyOf: ArticleBody = createArticleBody(),
): ArticlePageOf {
  return async (response, slug, form) => {
    const viewer = viewerOf(response);
    const [{ article }, comments, recommended] = await Promise.all([
      api.call(articles.getArticle, { viewer, params: { slug } }),
      orNothing(api.call(listComments, { viewer, params: { slug } }), {
        milliseconds: COMMENTS_MILLISECONDS,
        log,
        message: 'an article is shown without its comments',
      }),
      orNothing(api.call(getRecommendations, { viewer, query: { article: slug, limit: RECOMMENDED } }), {
        milliseconds: RECOMMENDATIONS_MILLISECONDS,
        log,
        message: 'an article is shown without its recommendations',
      }),
    ]);
    const visitor = visitorOf(response);
    const own = visitor?.account?.username === article.author.username;
    const section = commentSection({ slug, visitor, comments: comments?.comments, form });
    const main = articlePage({
      article,
      body: bodyOf(article),
      own,
      comments: section,
      recommended: recommended?.articles ?? [],
    });
    // The invitation to comment leads to /login by that very address, which stands on a page once.
    const signIn = `/login?next=${encodeURIComponent(articlePath(slug))}`;
    return { title: article.title, description: article.description, signIn, main };
  };
}

/** The routes of articles, but for their comments. */
export function article(web: Web, pageOf: ArticlePageOf): Router {
  const { api, show } = web;

  const favorite = (operation: typeof articles.favoriteArticle | typeof articles.unfavoriteArticle) => {
    return async ({ params: { slug } }: Request<{ slug: string }>, response: Response) => {
      await api.call(operation, { viewer: viewerOf(response), params: { slug } });
      return articlePath(slug);
    };
  };

  return Router()
    .get('/article/:slug', async (request, response) => {
      show(response, await pageOf(response, request.params.slug));
    })
    .post('/article/:slug/favorite', signedInOnly, backTo(favorite(articles.favoriteArticle)))
    .post('/article/:slug/unfavorite', signedInOnly, backTo(favorite(articles.unfavoriteArticle)))
    .post('/article/:slug/delete', signedInOnly, async ({ params: { slug } }, response) => {
      await api
        .call(articles.deleteArticle, { viewer: viewerOf(response), params: { slug } })
        .catch(unlessGone);
      response.redirect(303, '/');
    });
}

/** What is gone already need not be removed: whoever presses twice gets what they wanted. */
export function unlessGone(error: unknown): void {
  if (error instanceof RequestError && error.status === 404) return;
  throw error;
}

function articlePage(options: {
  article: Article;
  /** HTML. */
  body: string;
  own: boolean;
  /** HTML. */
  comments: string;
  recommended: readonly ArticleSummary[];
}): string {
  const { article, body, own, comments, recommended } = options;
  const buttons = (at: string) => followButton(article.author, at) + favoriteButton(article, at);
  const above = html`<div class="actions">!${own ? authorButtons(article) : buttons('')}</div>`;
  const below = own
    ? ''
    : html`<div class="article-actions" id="actions">!${articleMeta(article, `<div class="actions">${buttons('actions')}</div>`)}</div>`;
  return html`<article class="article-page"><header class="banner"><div class="container narrow"><h1>${article.title}</h1><p class="lead">${article.description}</p>!${articleMeta(article, above)}</div></header><div class="container narrow page"><div class="article-content">!${body}</div>!${tagList(article.tagList)}!${below}!${comments}!${recommendations(recommended)}</div></article>`;
}

function recommendations(list: readonly ArticleSummary[]): string {
  if (list.length === 0) return '';
  const item = ({ slug, title, author, createdAt }: ArticleSummary) =>
    html`<li><a class="recommended" href="${articlePath(slug)}"><span class="recommended-title">${title}</span><span class="recommended-by">${author.username}, ${day(createdAt)}</span></a></li>`;
  return html`<aside class="recommendations" aria-labelledby="also"><h2 id="also">You may also like</h2><ul>!${list.map(item)}</ul></aside>`;
}
