/** Signing up and signing in: the same rules for the API and for the pages. */
import type { z } from 'zod';
import type { credentials, newUser } from '../contract/users.ts';
import type { Database } from '../database/query.ts';
import { unauthorized } from '../errors.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { addUser, type User, userByEmail } from './users.ts';

/** Makes an account. */
export async function signUp(database: Database, user: z.infer<typeof newUser>): Promise<User> {
  const { username, email, password } = user;
  return addUser(database, { username, email, passwordHash: await hashPassword(password) });
}

/**
 * The user of these credentials.
 *
 * @throws {@link RequestError} 401, the same for an unknown address and a wrong password
 */
export async function signIn(
  database: Database,
  { email, password }: z.infer<typeof credentials>,
): Promise<User> {
  const user = await userByEmail(database, email);
  if (!(await verifyPassword(password, user?.passwordHash)) || user === undefined) {
    throw unauthorized('credentials', 'invalid');
  }
  return user;
}
