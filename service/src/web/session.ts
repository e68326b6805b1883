/** Who is signed in on the pages: a signed cookie that no script can read. */
import type { CookieOptions, Request, RequestHandler, Response } from 'express';
import type { Api } from '../api/api.ts';
import { LIFETIME_DAYS, type Tokens } from '../auth/token.ts';
import { getCurrentUser, type User } from '../contract/users.ts';
import { RequestError } from '../errors.ts';

const COOKIE = 'conduit_session';
const DAY_MILLISECONDS = 24 * 60 * 60 * 1_000;

/** Sessions of the pages. */
export interface Sessions {
  /** Finds out who looks; {@link visitorOf} then gives the user. */
  readonly read: RequestHandler;
  /** Signs a user in, who has just shown to the API who they are. */
  start(request: Request, response: Response, user: User): Promise<void>;
  /** Signs whoever it is out. */
  end(request: Request, response: Response): void;
}

/** Somebody who is signed in. */
export interface Visitor extends Pick<User, 'bio' | 'email' | 'image' | 'username'> {
  readonly id: number;
}

/** Makes the sessions of one set of tokens. */
export function createSessions(api: Api, tokens: Tokens): Sessions {
  async function visitor(id: number): Promise<Visitor | undefined> {
    try {
      const { user } = await api.call(getCurrentUser, { viewer: id });
      return { ...user, id };
    } catch (error) {
      if (error instanceof RequestError && error.status === 401) return undefined;
      throw error;
    }
  }

  return {
    read: async (request, response, next) => {
      const token = cookie(request.get('cookie') ?? '', COOKIE);
      const id = token === undefined ? undefined : await tokens.verify(token, 'pages');
      // A cookie that is no longer good just makes a guest.
      response.locals.visitor = id === undefined ? undefined : await visitor(id);
      next();
    },
    start: async (request, response, user) => {
      const id = await tokens.verify(user.token, 'api');
      if (id === undefined) throw new Error('the API gave a token that is not good here');
      const token = await tokens.sign(id, 'pages');
      response.cookie(COOKIE, token, { ...options(request), maxAge: LIFETIME_DAYS * DAY_MILLISECONDS });
    },
    end: (request, response) => {
      response.clearCookie(COOKIE, options(request));
    },
  };
}

/** Who looks at a page; undefined is a guest. */
export function visitorOf(response: Response): Visitor | undefined {
  return response.locals.visitor as Visitor | undefined;
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
