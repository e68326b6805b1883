/** What answers about accounts and profiles. */
import { type Handled, handled } from '../api/handler.ts';
import type { Profile } from '../contract/fields.ts';
import * as profiles from '../contract/profiles.ts';
import * as users from '../contract/users.ts';
import type { Database } from '../database/query.ts';
import { notFound, unauthorized } from '../errors.ts';
import { createAccounts } from './accounts.ts';
import { type AuthLimits, createLimiter } from './limits.ts';
import { follow, profileByUsername, unfollow } from './profiles.ts';
import type { Tokens } from './token.ts';
import { type User, userById } from './users.ts';

/** The handlers of the part `auth`. */
export function authHandlers(database: Database, tokens: Tokens, limits: AuthLimits): Handled[] {
  const accounts = createAccounts(database, createLimiter(database, limits));

  function shown({ id, email, username, bio, image }: User) {
    return { user: { email, token: tokens.sign(id, 'api'), username, bio, image } };
  }

  return [
    handled(users.signIn, async ({ body, client }) => shown(await accounts.signIn(body.user, client))),
    handled(users.signUp, async ({ body, client }) => shown(await accounts.signUp(body.user, client))),
    handled(users.getCurrentUser, async ({ viewer }) => {
      const user = await userById(database, viewer);
      if (user === undefined) throw unauthorized('token', 'is invalid');
      return shown(user);
    }),
    handled(users.updateCurrentUser, async ({ viewer, body }) =>
      shown(await accounts.change(viewer, body.user)),
    ),
    handled(profiles.getProfile, async ({ viewer, params }) =>
      found(await profileByUsername(database, viewer, params.username)),
    ),
    handled(profiles.follow, async ({ viewer, params }) =>
      found(await follow(database, viewer, params.username)),
    ),
    handled(profiles.unfollow, async ({ viewer, params }) =>
      found(await unfollow(database, viewer, params.username)),
    ),
  ] as Handled[];
}

function found(profile: Profile | undefined) {
  if (profile === undefined) throw notFound('profile');
  return { profile };
}
