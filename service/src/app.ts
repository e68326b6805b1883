/** The application: the API below /api, the pages beside it. */
import express, { type Express, type RequestHandler } from 'express';
import type { Api } from './api/api.ts';
import { knownToBulkheads } from './api/bulkhead.ts';
import type { Handled } from './api/handler.ts';
import { inProcess } from './api/in-process.ts';
import { overHttp } from './api/over-http.ts';
import { apiRouter, noApi } from './api/router.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { authHandlers } from './auth/handlers.ts';
import { createTokens, type Tokens } from './auth/token.ts';
import type { Config } from './config.ts';
import { contentHandlers } from './content/handlers.ts';
import type { Part } from './contract/operation.ts';
import type { Pool } from './database/pool.ts';
import type { Logger } from './log.ts';
import { recommendationHandlers } from './recommendations/handlers.ts';
import { anyOrigin, neverStored, securityHeaders } from './security-headers.ts';
import { partsOf, servesPages } from './target.ts';
import { assets, STYLESHEET } from './web/assets.ts';
import { addReference } from './web/reference/routes.ts';
import { pages } from './web/site.ts';

/** What the application needs. */
export interface AppDependencies {
  readonly config: Pick<
    Config,
    'authLimits' | 'colour' | 'load' | 'partUrls' | 'sessionKey' | 'sessionKeyPrevious' | 'target' | 'version'
  >;
  /** Needed by every target that answers a part of the API itself. */
  readonly database: Pool | undefined;
  readonly log: Logger;
  /** What every request passes first, in this order. */
  readonly before: readonly RequestHandler[];
}

/** Makes the application of a target; it listens nowhere yet. */
export function createApp({ config, database, log, before }: AppDependencies): Express {
  const tokens = createTokens(config.sessionKey, config.sessionKeyPrevious);
  const app = express()
    .disable('x-powered-by')
    // A proxy in our own network says whether the visitor came by https.
    .set('trust proxy', ['loopback', 'linklocal', 'uniquelocal'])
    .use('/api', anyOrigin)
    .use(...before, securityHeaders)
    .use(['/api/user', '/api/users'], neverStored);

  const site = { version: config.version, colour: config.colour, stylesheet: STYLESHEET };
  if (servesPages(config.target)) addReference(app, site);

  const handlers = database === undefined ? [] : handlersOf(config, database, tokens);
  app.use(
    '/api',
    database === undefined ? noApi(log) : apiRouter(handlers, createAuthenticate(database, tokens), log),
  );
  if (servesPages(config.target)) {
    const { load, partUrls } = config;
    const api: Api =
      partUrls === undefined ? inProcess(handlers) : overHttp(partUrls, tokens, log, load.maxInFlight);
    app.use(assets()).use(knownToBulkheads, pages({ site, api, tokens, log }));
  }
  return app;
}

function handlersOf(
  { authLimits, target }: Pick<Config, 'authLimits' | 'target'>,
  database: Pool,
  tokens: Tokens,
): Handled[] {
  const handlers: Record<Part, () => Handled[]> = {
    auth: () => authHandlers(database, tokens, authLimits),
    content: () => contentHandlers(database),
    recommendations: () => recommendationHandlers(database),
  };
  return partsOf(target).flatMap((part) => handlers[part]());
}
