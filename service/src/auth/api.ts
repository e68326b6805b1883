/** `/api/users` and `/api/user`. */
import { Router } from 'express';
import { jsonBody } from '../body.ts';
import type { Database } from '../database/query.ts';
import { validate, wrapped } from '../validation.ts';
import { credentials, newUser, signIn, signUp } from './accounts.ts';
import { type Authenticate, callerOf } from './authenticate.ts';
import type { Tokens } from './token.ts';
import type { User } from './users.ts';

const signUpBody = wrapped('user', newUser);
const signInBody = wrapped('user', credentials);

/** The endpoints about users. */
export function usersApi(database: Database, tokens: Tokens, authenticate: Authenticate): Router {
  async function shown(user: User) {
    const { email, username, bio, image } = user;
    return { user: { email, token: await tokens.sign(user.id, 'api'), username, bio, image } };
  }

  return Router()
    .post('/users', jsonBody, async (request, response) => {
      const { user } = validate(signUpBody, request.body);
      response.status(201).json(await shown(await signUp(database, user)));
    })
    .post('/users/login', jsonBody, async (request, response) => {
      const { user } = validate(signInBody, request.body);
      response.json(await shown(await signIn(database, user)));
    })
    .get('/user', authenticate.required, async (_request, response) => {
      response.json(await shown(callerOf(response)));
    });
}
