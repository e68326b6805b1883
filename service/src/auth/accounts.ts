/** Signing up and signing in: the same rules for the API and for the pages. */
import { z } from 'zod';
import type { Database } from '../database/query.ts';
import { unauthorized } from '../errors.ts';
import { fields, text } from '../validation.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { addUser, type User, userByEmail } from './users.ts';

/** Lengths of a password; the upper one bounds the work of hashing. */
const PASSWORD = { min: 8, max: 64 } as const;

const newPassword = text({ max: PASSWORD.max, trim: false }).refine((value) => value.length >= PASSWORD.min, {
  error: `is too short (minimum is ${PASSWORD.min} characters)`,
});

/** What somebody signs up with. */
export const newUser = fields({
  username: text({ max: 64 }).refine((value) => /[\p{L}\p{N}]/u.test(value) && !/\p{C}/u.test(value), {
    error: 'must hold a letter or a digit and no control characters',
  }),
  email: text({ max: 254 }).pipe(z.email({ error: 'is invalid' })),
  password: newPassword,
});

/** What somebody signs in with. */
export const credentials = fields({
  email: text({ max: 254 }),
  password: text({ max: 1_000, trim: false }),
});

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
