/** The pages' routes. */
import { type ErrorRequestHandler, type Response, Router } from 'express';
import { credentials, newUser, signIn, signUp } from '../auth/accounts.ts';
import type { Tokens } from '../auth/token.ts';
import { userByUsername } from '../auth/users.ts';
import { formBody } from '../body.ts';
import { addArticle, articleBySlug, listArticles, listTags } from '../content/articles.ts';
import { newArticle } from '../content/new-article.ts';
import type { Database } from '../database/query.ts';
import { asRequestError, describe, notFound, RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { pathName } from '../path-name.ts';
import { validate } from '../validation.ts';
import { articlePath, PAGE_SIZE, pageNumber } from './feed.ts';
import { editorPage, loginPage, registerPage, type Typed, typed } from './forms.ts';
import { layout, type Page, profilePath, type Site } from './layout.ts';
import { articlePage, errorPage, homePage, profilePage } from './pages.ts';
import { sameOriginOnly } from './same-origin.ts';
import { createSessions, visitorOf } from './session.ts';

/** How many tags the home page offers. */
const POPULAR_TAGS = 20;

/** The pages. */
export function pages(options: { site: Site; database: Database; tokens: Tokens; log: Logger }): Router {
  const { site, database, tokens, log } = options;
  const sessions = createSessions(database, tokens);

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
    const [articles, tags] = await Promise.all([
      listArticles(database, viewer, { tag }, { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }),
      listTags(database, POPULAR_TAGS),
    ]);
    const guest = visitorOf(response) === undefined;
    const main = homePage({ articles, page, tags, guest, ...(tag === undefined ? {} : { tag }) });
    show(response, { main, ...(tag === undefined ? { here: '/' } : { title: `#${tag}` }) });
  }

  const router = Router();
  router.use(sessions.read, sameOriginOnly);

  router.get('/', (request, response) => showArticles(response, request.query.page));
  router.get('/tag/:tag', (request, response) =>
    showArticles(response, request.query.page, pathName(request.params.tag, 'page')),
  );

  router.get('/article/:slug', async (request, response) => {
    const viewer = visitorOf(response)?.id ?? null;
    const article = await articleBySlug(database, viewer, pathName(request.params.slug, 'article'));
    if (article === undefined) throw notFound('article');
    show(response, { title: article.title, main: articlePage(article) });
  });

  router.get('/profile/:username', async (request, response) => {
    const user = await userByUsername(database, pathName(request.params.username, 'profile'));
    if (user === undefined) throw notFound('profile');
    const page = pageNumber(request.query.page);
    const viewer = visitorOf(response)?.id ?? null;
    const slice = { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE };
    const articles = await listArticles(database, viewer, { author: user.username }, slice);
    const main = profilePage({ user, articles, page });
    show(response, { title: user.username, here: profilePath(user.username), main });
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
        await sessions.start(request, response, await signIn(database, validate(credentials, values)));
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
        await sessions.start(request, response, await signUp(database, validate(newUser, values)));
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
        const author = visitorOf(response);
        if (author === undefined) return '/login';
        const article = validate(newArticle, { ...values, tagList: splitTags(values.tags ?? '') });
        return articlePath((await addArticle(database, author.id, article)).slug);
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

function splitTags(tags: string): string[] {
  return tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}
