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

const update = statement<
  User,
  [
    id: number,
    username: string | undefined,
    email: string | undefined,
    passwordHash: string | undefined,
    bioGiven: boolean,
    bio: string | null | undefined,
    imageGiven: boolean,
    image: string | null | undefined,
  ]
>(
  'update-user',
  `UPDATE users SET
     username = coalesce($2, username),
     email = coalesce($3, email),
     password_hash = coalesce($4, password_hash),
     bio = CASE WHEN $5 THEN $6 ELSE bio END,
     image = CASE WHEN $7 THEN $8 ELSE image END,
     updated_at = now()
   WHERE id = $1 RETURNING ${COLUMNS}`,
);

const taken = statement<{ username: boolean; email: boolean }, [username: string, email: string]>(
  'user-taken',
  `SELECT EXISTS (SELECT FROM users WHERE lower(username) = lower($1)) AS username,
          EXISTS (SELECT FROM users WHERE lower(email) = lower($2)) AS email`,
);

/** The columns that must be unique, by the index that holds it. */
const TAKEN: Record<string, string> = { users_username_key: 'username', users_email_key: 'email' };

/** What somebody changes about themselves; what is undefined stays, null takes away. */
export interface UserChanges {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly passwordHash?: string | undefined;
  readonly bio?: string | null | undefined;
  readonly image?: string | null | undefined;
}

/**
 * Adds a user.
 *
 * @throws {@link RequestError} 409 when the name or the address is taken
 */
export async function addUser(
  database: Database,
  user: { username: string; email: string; passwordHash: string },
): Promise<User> {
  const [added] = await unique(insert(database, user.username, user.email, user.passwordHash));
  return added as User;
}

/**
 * Changes a user.
 *
 * @returns undefined when there is no such user
 * @throws {@link RequestError} 409 when the name or the address is somebody else's
 */
export async function updateUser(
  database: Database,
  id: number,
  { username, email, passwordHash, bio, image }: UserChanges,
): Promise<User | undefined> {
  const given = [bio !== undefined, bio, image !== undefined, image] as const;
  return (await unique(update(database, id, username, email, passwordHash, ...given)))[0];
}

/**
 * Looks whether a name and an address can still be had.
 *
 * @throws {@link RequestError} 409 when one can't
 */
export async function refuseTaken(database: Database, username: string, email: string): Promise<void> {
  const [found] = await taken(database, username, email);
  const fields = (['username', 'email'] as const).filter((field) => found?.[field]);
  if (fields.length > 0) throw isTaken(...fields);
}

/** Says what of the new values is somebody else's already. */
async function unique<Result>(writing: Promise<Result>): Promise<Result> {
  try {
    return await writing;
  } catch (error) {
    const field =
      error instanceof Error && 'constraint' in error ? TAKEN[String(error.constraint)] : undefined;
    throw field === undefined ? error : isTaken(field);
  }
}

function isTaken(...fields: string[]): RequestError {
  return new RequestError(
    409,
    Object.fromEntries(fields.map((field) => [field, ['has already been taken']])),
  );
}

/** The user of an id. */
export async function userById(database: Database, id: number): Promise<User | undefined> {
  return (await byId(database, id))[0];
}

/** The user of an e-mail address, whatever its case, with the password's hash. */
export async function userByEmail(database: Database, email: string): Promise<UserWithPassword | undefined> {
  return (await byEmail(database, email))[0];
}
