/** The pages: who looks, where forms may come from, then every page's routes. */
import { Router } from 'express';
import type { Api } from '../api/api.ts';
import type { Tokens } from '../auth/token.ts';
import { notFound } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Site } from './layout.ts';
import { article, createArticlePage } from './pages/article.ts';
import { comments } from './pages/comments.ts';
import { editor } from './pages/editor.ts';
import { errorPages } from './pages/errors.ts';
import { home } from './pages/home.ts';
import { profile } from './pages/profile.ts';
import { settings } from './pages/settings.ts';
import { signInAndUp } from './pages/sign-in.ts';
import { sameOriginOnly } from './same-origin.ts';
import { createSessions } from './session.ts';
import { createShow } from './show.ts';
import type { Web } from './web.ts';

/** The pages. */
export function pages(options: { site: Site; api: Api; tokens: Tokens; log: Logger }): Router {
  const { site, api, tokens, log } = options;
  const sessions = createSessions({ api, tokens, log });
  const web: Web = { api, sessions, show: createShow(site), log };
  const articlePageOf = createArticlePage(web);
  return Router()
    .use(sessions.read, sameOriginOnly)
    .use(home(web), article(web, articlePageOf), comments(web, articlePageOf), profile(web))
    .use(signInAndUp(web), editor(web), settings(web))
    .use(() => {
      throw notFound('page');
    })
    .use(errorPages(web));
}
