/** Signing up, signing in, changing one's settings. */
import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import type { credentials, newUser, userChanges } from '../contract/users.ts';
import type { Database } from '../database/query.ts';
import { unauthorized } from '../errors.ts';
import { boundedQueue } from './bounded-queue.ts';
import type { Limiter } from './limits.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { addUser, refuseTaken, type User, updateUser, userByEmail } from './users.ts';

/**
 * Passwords are hashed on Node's four threads for such work. One of them, and a processor, stay free for all else: on two
 * processors, with one hashed at a time a read took 6 ms (P99), with two 33, with four 80. Thirty-two in line wait for
 * less than a second, and are fewer than the requests at which the service turns everybody away.
 */
const inTurn = boundedQueue({ running: Math.max(1, Math.min(availableParallelism() - 1, 3)), waiting: 32 });

/** Accounts in a database; all of it that hashes throws {@link RequestError} 503 when too many wait for that. */
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
      return addUser(database, { username, email, passwordHash: await inTurn(() => hashPassword(password)) });
    },
    signIn: ({ email, password }, client) =>
      // Tries are taken only when it is one's turn: many at once with the right password don't use them up.
      inTurn(async () => {
        const user = await userByEmail(database, email);
        const attempt = { account: user?.id ?? email, client };
        await limiter.signIn(attempt);
        const right = await verifyPassword(password, user?.passwordHash);
        if (!right || user === undefined) throw unauthorized('credentials', 'invalid');
        await limiter.succeeded(attempt);
        return user;
      }),
    async change(id, { password, ...changes }) {
      const passwordHash = password === undefined ? undefined : await inTurn(() => hashPassword(password));
      const user = await updateUser(database, id, { ...changes, passwordHash });
      if (user === undefined) throw unauthorized('token', 'is invalid');
      return user;
    },
  };
}
