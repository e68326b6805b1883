/** Who is calling the API: `Authorization: Token <jwt>`. */
import type { Request, RequestHandler, Response } from 'express';
import type { Database } from '../database/query.ts';
import { unauthorized } from '../errors.ts';
import type { Tokens } from './token.ts';
import { userById } from './users.ts';

/** The two ways in which an endpoint can ask who is calling. */
export interface Authenticate {
  /** Refuses a request without the good token of somebody who is there; {@link viewerOf} gives the user's id. */
  readonly required: RequestHandler;
  /** Takes a request without a token too, but refuses a bad one; {@link viewerOf} gives the user's id. */
  readonly optional: RequestHandler;
}

/** Makes the middleware for one set of tokens. */
export function createAuthenticate(database: Database, tokens: Tokens): Authenticate {
  function idOf(request: Request): number | null {
    const token = /^Token\s+(\S+)$/i.exec(request.get('authorization')?.trim() ?? '')?.[1];
    if (token === undefined) return null;
    const id = tokens.verify(token, 'api');
    if (id === undefined) throw unauthorized('token', 'is invalid');
    return id;
  }

  return {
    optional: (request, response, next) => {
      response.locals.viewer = idOf(request);
      next();
    },
    required: async (request, response, next) => {
      const id = idOf(request);
      if (id === null) throw unauthorized('token', 'is missing');
      if ((await userById(database, id)) === undefined) throw unauthorized('token', 'is invalid');
      response.locals.viewer = id;
      next();
    },
  };
}

/** The id of whoever looks, null for a guest; behind either middleware. */
export function viewerOf(response: Response): number | null {
  return response.locals.viewer as number | null;
}
