/** The pages' routes. */
import { type ErrorRequestHandler, type Response, Router } from 'express';
import type { Api } from '../api/api.ts';
import type { Tokens } from '../auth/token.ts';
import { formBody } from '../body.ts';
import * as articles from '../contract/articles.ts';
import { getProfile } from '../contract/profiles.ts';
import { signIn, signUp } from '../contract/users.ts';
import { asRequestError, describe, notFound, RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { articlePath, PAGE_SIZE, pageNumber } from './feed.ts';
import { editorPage, loginPage, registerPage, type Typed, typed } from './forms.ts';
import { layout, type Page, profilePath, type Site } from './layout.ts';
import { articlePage, errorPage, homePage, profilePage } from './pages.ts';
import { sameOriginOnly } from './same-origin.ts';
import { createSessions, visitorOf } from './session.ts';

/** How many tags the home page offers. */
const POPULAR_TAGS = 20;

/** The pages. */
export function pages(options: { site: Site; api: Api; tokens: Tokens; log: Logger }): Router {
  const { site, api, tokens, log } = options;
  const sessions = createSessions(api, tokens);

  function show(response: Response, page: Omit<Page, 'visitor'>, status = 200): void {
    // Whether somebody is signed in shows on every page, so no shared cache may keep one.
    response.status(status).set('Cache-Control', 'private, no-cache');
    response.type('html').send(layout(site, { ...page, visitor: visitorOf(response) }));
  }

  /** Does what a form asks for; when the input is wrong, shows the form again with what was typed. */
  async function submit(
    response: Response,
    form: {
      title: string;
      bare?: boolean;
      again: (values: Typed, errors: string[]) => string;
      values: Typed;
    },
    work: () => Promise<string>,
  ): Promise<void> {
    try {
      response.redirect(303, await work());
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const main = form.again(form.values, describe(error.errors));
      show(response, { title: form.title, main, ...(form.bare ? { bare: true } : {}) }, error.status);
    }
  }

  async function showArticles(response: Response, given: unknown, tag?: string): Promise<void> {
    const page = pageNumber(given);
    const viewer = visitorOf(response)?.id ?? null;
    const [list, { tags }] = await Promise.all([
      api.call(articles.listArticles, { viewer, query: { tag, ...pageOf(page) } }),
      api.call(articles.listTags),
    ]);
    const guest = visitorOf(response) === undefined;
    const popular = tags.slice(0, POPULAR_TAGS);
    const main = homePage({
      articles: list,
      page,
      tags: popular,
      guest,
      ...(tag === undefined ? {} : { tag }),
    });
    show(response, { main, ...(tag === undefined ? { here: '/' } : { title: `#${tag}` }) });
  }

  const router = Router();
  router.use(sessions.read, sameOriginOnly);

  router.get('/', (request, response) => showArticles(response, request.query.page));
  router.get('/tag/:tag', (request, response) => {
    const { tag } = request.params;
    // PostgreSQL can't hold this character, so no article bears such a tag.
    if (tag.includes('\0')) throw notFound('page');
    return showArticles(response, request.query.page, tag);
  });

  router.get('/article/:slug', async (request, response) => {
    const viewer = visitorOf(response)?.id ?? null;
    const { article } = await api.call(articles.getArticle, { viewer, params: request.params });
    show(response, { title: article.title, main: articlePage(article) });
  });

  router.get('/profile/:username', async (request, response) => {
    const page = pageNumber(request.query.page);
    const viewer = visitorOf(response)?.id ?? null;
    const { profile } = await api.call(getProfile, { viewer, params: request.params });
    const author = profile.username;
    const list = await api.call(articles.listArticles, { viewer, query: { author, ...pageOf(page) } });
    const main = profilePage({ profile, articles: list, page });
    show(response, { title: author, here: profilePath(author), main });
  });

  router
    .route('/login')
    .get((_request, response) => {
      if (visitorOf(response) !== undefined) return response.redirect(303, '/');
      show(response, { title: 'Sign in', bare: true, main: loginPage() });
    })
    .post(formBody, async (request, response) => {
      const values = typed(request.body);
      await submit(response, { title: 'Sign in', bare: true, again: loginPage, values }, async () => {
        const call = { body: { user: values }, client: request.ip };
        await sessions.start(request, response, (await api.call(signIn, call)).user);
        return '/';
      });
    });

  router
    .route('/register')
    .get((_request, response) => {
      if (visitorOf(response) !== undefined) return response.redirect(303, '/');
      show(response, { title: 'Sign up', bare: true, main: registerPage() });
    })
    .post(formBody, async (request, response) => {
      const values = typed(request.body);
      await submit(response, { title: 'Sign up', bare: true, again: registerPage, values }, async () => {
        const call = { body: { user: values }, client: request.ip };
        await sessions.start(request, response, (await api.call(signUp, call)).user);
        return '/';
      });
    });

  router.post('/logout', (request, response) => {
    sessions.end(request, response);
    response.redirect(303, '/');
  });

  router
    .route('/editor')
    .all((_request, response, next) => {
      if (visitorOf(response) === undefined) return response.redirect(303, '/login');
      next();
    })
    .get((_request, response) =>
      show(response, { title: 'New article', here: '/editor', main: editorPage() }),
    )
    .post(formBody, async (request, response) => {
      const values = typed(request.body);
      await submit(response, { title: 'New article', again: editorPage, values }, async () => {
        const body = { article: { ...values, tagList: splitTags(values.tags ?? '') } };
        const viewer = visitorOf(response)?.id ?? null;
        const { article } = await api.call(articles.createArticle, { viewer, body });
        return articlePath(article.slug);
      });
    });

  router.use(() => {
    throw notFound('page');
  });

  const onError: ErrorRequestHandler = (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const told = asRequestError(error);
    if (told === undefined) log.error({ error, method: request.method, path: request.path }, 'a page failed');
    const status = told?.status ?? 500;
    const messages = told === undefined ? ['Please try again in a moment.'] : describe(told.errors);
    show(response, { title: String(status), main: errorPage(status, messages) }, status);
  };
  router.use(onError);
  return router;
}

/** The query for one page of a list. */
function pageOf(page: number) {
  return { limit: String(PAGE_SIZE), offset: String((page - 1) * PAGE_SIZE) };
}

function splitTags(tags: string): string[] {
  return tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}
