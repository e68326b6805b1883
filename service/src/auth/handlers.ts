/** What answers about accounts and profiles. */
import { type Handled, handled } from '../api/handler.ts';
import { getProfile } from '../contract/profiles.ts';
import * as users from '../contract/users.ts';
import type { Database } from '../database/query.ts';
import { notFound, unauthorized } from '../errors.ts';
import { signIn, signUp } from './accounts.ts';
import { profileByUsername } from './profiles.ts';
import type { Tokens } from './token.ts';
import { type User, userById } from './users.ts';

/** The handlers of the part `auth`. */
export function authHandlers(database: Database, tokens: Tokens): Handled[] {
  function shown({ id, email, username, bio, image }: User) {
    return { user: { email, token: tokens.sign(id, 'api'), username, bio, image } };
  }

  return [
    handled(users.signIn, async ({ body }) => shown(await signIn(database, body.user))),
    handled(users.signUp, async ({ body }) => shown(await signUp(database, body.user))),
    handled(users.getCurrentUser, async ({ viewer }) => {
      const user = await userById(database, viewer);
      if (user === undefined) throw unauthorized('token', 'is invalid');
      return shown(user);
    }),
    handled(getProfile, async ({ viewer, params }) => {
      const profile = await profileByUsername(database, viewer, params.username);
      if (profile === undefined) throw notFound('profile');
      return { profile };
    }),
  ] as Handled[];
}
