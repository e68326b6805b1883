/** Signing up, signing in, changing one's settings. */
import type { z } from 'zod';
import type { credentials, newUser, userChanges } from '../contract/users.ts';
import type { Database } from '../database/query.ts';
import { unauthorized } from '../errors.ts';
import type { Limiter } from './limits.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { addUser, refuseTaken, type User, updateUser, userByEmail } from './users.ts';

/** Accounts in a database. */
export interface Accounts {
  /**
   * Makes an account.
   *
   * @param client the address that the request comes from
   * @throws {@link RequestError} 409 when the name or the address is taken, 429 when too many come from there
   */
  signUp(user: z.output<typeof newUser>, client: string | undefined): Promise<User>;
  /**
   * The user of these credentials.
   *
   * @param client the address that the request comes from
   * @throws {@link RequestError} 401, the same for an unknown address and a wrong password; 429 after too many of these
   */
  signIn(user: z.output<typeof credentials>, client: string | undefined): Promise<User>;
  /**
   * Changes what is given.
   *
   * @throws {@link RequestError} 409 when the name or the address is somebody else's, 401 when the user is gone
   */
  change(id: number, changes: z.output<typeof userChanges>): Promise<User>;
}

/** Makes the accounts of a database. */
export function createAccounts(database: Database, limiter: Limiter): Accounts {
  return {
    async signUp({ username, email, password }, client) {
      await limiter.signUp(client);
      // Before the work of hashing; of two at the same moment, the database refuses one.
      await refuseTaken(database, username, email);
      return addUser(database, { username, email, passwordHash: await hashPassword(password) });
    },
    async signIn({ email, password }, client) {
      const user = await userByEmail(database, email);
      const attempt = { account: user?.id ?? email, client };
      await limiter.signIn(attempt);
      let right: boolean;
      try {
        right = await verifyPassword(password, user?.passwordHash);
      } catch (error) {
        await limiter.giveBack(attempt);
        throw error;
      }
      if (!right || user === undefined) throw unauthorized('credentials', 'invalid');
      await limiter.succeeded(attempt);
      return user;
    },
    async change(id, { password, ...changes }) {
      const passwordHash = password === undefined ? undefined : await hashPassword(password);
      const user = await updateUser(database, id, { ...changes, passwordHash });
      if (user === undefined) throw unauthorized('token', 'is invalid');
      return user;
    },
  };
}
