/** Who is signed in on the pages: a signed cookie that no script can read. */
import type { CookieOptions, Request, RequestHandler, Response } from 'express';
import type { Api } from '../api/api.ts';
import { LIFETIME_DAYS, type Tokens } from '../auth/token.ts';
import { getCurrentUser, type User } from '../contract/users.ts';
import { RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { orNothing } from './patience.ts';

const NAME = 'conduit_session';
const DAY_MILLISECONDS = 24 * 60 * 60 * 1_000;

/** How long a page waits for the account of whoever looks; without it the page is shown all the same. */
const ACCOUNT_MILLISECONDS = 1_000;

/** Sessions of the pages. */
export interface Sessions {
  /** Finds out who looks; {@link visitorOf} then gives them. */
  readonly read: RequestHandler;
  /** Signs a user in, who has just shown to the API who they are. */
  start(request: Request, response: Response, user: User): void;
  /** Signs whoever it is out. */
  end(request: Request, response: Response): void;
}

/** What the pages know of somebody who is signed in. */
export type Account = Pick<User, 'bio' | 'email' | 'image' | 'username'>;

/** Somebody who is signed in. */
export interface Visitor {
  readonly id: number;
  /** Undefined while accounts can't be reached: who looks is still known, but not what they are called. */
  readonly account: Account | undefined;
}

/** Makes the sessions of one set of tokens. */
export function createSessions(options: { api: Api; tokens: Tokens; log: Logger }): Sessions {
  const { api, tokens, log } = options;

  /** @returns undefined when the account is gone */
  async function visitor(id: number): Promise<Visitor | undefined> {
    const user = api.call(getCurrentUser, { viewer: id }).then(
      ({ user }) => user,
      (error: unknown) => {
        if (error instanceof RequestError && error.status === 401) return null;
        throw error;
      },
    );
    const account = await orNothing(user, {
      milliseconds: ACCOUNT_MILLISECONDS,
      log,
      message: 'a page is shown without the account of its visitor',
    });
    return account === null ? undefined : { id, account };
  }

  return {
    read: async (request, response, next) => {
      const token = cookie(request.get('cookie') ?? '', nameFor(request));
      const id = token === undefined ? undefined : tokens.verify(token, 'pages');
      // A cookie that is no longer good just makes a guest.
      response.locals.visitor = id === undefined ? undefined : await visitor(id);
      next();
    },
    start: (request, response, user) => {
      const id = tokens.verify(user.token, 'api');
      if (id === undefined) throw new Error('the API gave a token that is not good here');
      const token = tokens.sign(id, 'pages');
      const maxAge = LIFETIME_DAYS * DAY_MILLISECONDS;
      response.cookie(nameFor(request), token, { ...attributes(request), maxAge });
    },
    end: (request, response) => {
      response.clearCookie(nameFor(request), attributes(request));
    },
  };
}

/** Who looks at a page; undefined is a guest. */
export function visitorOf(response: Response): Visitor | undefined {
  return response.locals.visitor as Visitor | undefined;
}

/** The id of who looks, as the API takes it; null is a guest. */
export function viewerOf(response: Response): number | null {
  return visitorOf(response)?.id ?? null;
}

/** Over https a name that browsers let nobody else set: no neighbouring host, nothing that came by http. */
function nameFor({ secure }: Request): string {
  return secure ? `__Host-${NAME}` : NAME;
}

function attributes({ secure }: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure };
}

function cookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value) return value;
  }
  return undefined;
}
