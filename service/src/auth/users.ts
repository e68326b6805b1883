/** People in the database. */
import { type Database, statement } from '../database/query.ts';
import { RequestError } from '../errors.ts';

/** Somebody with an account. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly bio: string | null;
  readonly image: string | null;
}

interface UserWithPassword extends User {
  readonly passwordHash: string;
}

const COLUMNS = 'id, username, email, bio, image';

const insert = statement<User, [username: string, email: string, passwordHash: string]>(
  'insert-user',
  `INSERT INTO users (username, email, password_hash) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`,
);

const byId = statement<User, [id: number]>('user-by-id', `SELECT ${COLUMNS} FROM users WHERE id = $1`);

const byEmail = statement<UserWithPassword, [email: string]>(
  'user-by-email',
  `SELECT ${COLUMNS}, password_hash AS "passwordHash" FROM users WHERE lower(email) = lower($1)`,
);

/** The columns that must be unique, by the index that holds it. */
const TAKEN: Record<string, string> = { users_username_key: 'username', users_email_key: 'email' };

/**
 * Adds a user.
 *
 * @throws {@link RequestError} 409 when the name or the address is taken
 */
export async function addUser(
  database: Database,
  user: { username: string; email: string; passwordHash: string },
): Promise<User> {
  try {
    const [added] = await insert(database, user.username, user.email, user.passwordHash);
    return added as User;
  } catch (error) {
    const field =
      error instanceof Error && 'constraint' in error ? TAKEN[String(error.constraint)] : undefined;
    if (field === undefined) throw error;
    throw new RequestError(409, { [field]: ['has already been taken'] });
  }
}

/** The user of an id. */
export async function userById(database: Database, id: number): Promise<User | undefined> {
  return (await byId(database, id))[0];
}

/** The user of an e-mail address, whatever its case, with the password's hash. */
export async function userByEmail(database: Database, email: string): Promise<UserWithPassword | undefined> {
  return (await byEmail(database, email))[0];
}
