/** Who is signed in on the pages: a signed cookie that no script can read. */
import type { CookieOptions, Request, RequestHandler, Response } from 'express';
import { LIFETIME_DAYS, type Tokens } from '../auth/token.ts';
import { type User, userById } from '../auth/users.ts';
import type { Database } from '../database/query.ts';

const COOKIE = 'conduit_session';
const DAY_MILLISECONDS = 24 * 60 * 60 * 1_000;

/** Sessions of the pages. */
export interface Sessions {
  /** Finds out who looks; {@link visitorOf} then gives the user. */
  readonly read: RequestHandler;
  /** Signs a user in. */
  start(request: Request, response: Response, user: User): Promise<void>;
  /** Signs whoever it is out. */
  end(request: Request, response: Response): void;
}

/** Makes the sessions of one set of tokens. */
export function createSessions(database: Database, tokens: Tokens): Sessions {
  return {
    read: async (request, response, next) => {
      const token = cookie(request.get('cookie') ?? '', COOKIE);
      const id = token === undefined ? undefined : await tokens.verify(token, 'pages');
      // A cookie that is no longer good just makes a guest.
      response.locals.visitor = id === undefined ? undefined : await userById(database, id);
      next();
    },
    start: async (request, response, user) => {
      const token = await tokens.sign(user.id, 'pages');
      response.cookie(COOKIE, token, { ...options(request), maxAge: LIFETIME_DAYS * DAY_MILLISECONDS });
    },
    end: (request, response) => {
      response.clearCookie(COOKIE, options(request));
    },
  };
}

/** Who looks at a page; undefined is a guest. */
export function visitorOf(response: Response): User | undefined {
  return response.locals.visitor as User | undefined;
}

function options(request: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: request.secure };
}

function cookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value) return value;
  }
  return undefined;
}
