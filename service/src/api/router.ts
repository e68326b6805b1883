/** The API over HTTP: a route for each handler. */
import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import { type Authenticate, viewerOf } from '../auth/authenticate.ts';
import { jsonBody } from '../body.ts';
import type { Input, Operation } from '../contract/operation.ts';
import { asRequestError, notFound } from '../errors.ts';
import type { Logger } from '../log.ts';
import { routeOf } from '../route.ts';
import { type Checked, checkInput, type Handled } from './handler.ts';

/**
 * Serves handlers.
 *
 * @param handlers in the order of the routes
 */
export function apiRouter(handlers: readonly Handled[], authenticate: Authenticate, log: Logger): Router {
  const router = Router();
  for (const handler of handlers) {
    const { operation } = handler;
    router[operation.method](operation.path, ...before(operation, authenticate), answer(handler));
  }
  return ended(router, log);
}

/** Answers in the API's words where no part of it runs. */
export function noApi(log: Logger): Router {
  return ended(Router(), log);
}

function ended(router: Router, log: Logger): Router {
  router.use(() => {
    throw notFound('route');
  });
  return router.use(errors(log));
}

/** Who is calling comes first, so that a stranger's body isn't read. */
function before({ caller, body }: Operation, authenticate: Authenticate): RequestHandler[] {
  return [
    ...(caller === 'guest' ? [] : [caller === 'user' ? authenticate.required : authenticate.optional]),
    ...(body === undefined ? [] : [jsonBody]),
  ];
}

function answer({ operation, handle }: Handled): RequestHandler {
  return async (request, response) => {
    const checked = checkInput(operation, request);
    const viewer = operation.caller === 'guest' ? null : viewerOf(response);
    const reply = await handle(new HttpInput(checked, viewer, request));
    response.statusCode = operation.status;
    if (operation.reply === undefined) response.end();
    else send(response, reply as object);
  };
}

/**
 * What a handler is given. A class, since each literal that has a getter becomes an object of its own kind: measured, a
 * fifth of what requests allocate then stays until the whole heap is collected.
 */
class HttpInput implements Input<Operation> {
  readonly params: Input<Operation>['params'];
  readonly query: Input<Operation>['query'];
  readonly body: Input<Operation>['body'];
  readonly viewer: number | null;
  readonly #request: Request;

  constructor(checked: Checked, viewer: number | null, request: Request) {
    this.params = checked.params;
    this.query = checked.query;
    this.body = checked.body;
    this.viewer = viewer;
    this.#request = request;
  }

  /** Few ask for it, and which proxies it has come through takes a while to find out. */
  get client(): string | undefined {
    return this.#request.ip;
  }
}

/** The JSON of replies that several requests share. */
const written = new WeakMap<object, Buffer>();

/** Not by `response.json`, which would write a shared reply again for each request and make a hash of it. */
function send(response: Response, reply: object): void {
  let json = written.get(reply);
  if (json === undefined) {
    json = Buffer.from(JSON.stringify(reply));
    written.set(reply, json);
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', json.length);
  response.end(json);
}

function errors(log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const told = asRequestError(error);
    if (told === undefined || told.status >= 500)
      log.error({ error, method: request.method, route: routeOf(request) }, 'a request failed');
    if (told?.retryAfterSeconds !== undefined) response.set('Retry-After', String(told.retryAfterSeconds));
    // What went wrong inside is for the log, not for the client.
    const errors = told?.errors ?? { server: ['failed; please try again in a moment'] };
    response.status(told?.status ?? 500).json({ errors });
  };
}
