/** Passwords are kept as argon2id hashes in the usual PHC string, which carries its own parameters. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Memory in KiB, passes, lanes.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;

const derive = promisify(argon2);

const SALT_BYTES = 16;
const KEY_BYTES = 32;
const PHC =
  /^\$argon2id\$v=19\$m=(?<memory>\d+),t=(?<passes>\d+),p=(?<lanes>\d+)\$(?<salt>[\w+/]+)\$(?<key>[\w+/]+)$/;

/** What a password is held against when there is no such user. */
const NOBODY = phc(new Uint8Array(SALT_BYTES), new Uint8Array(KEY_BYTES));

/** Hashes a password with a salt of its own: about 25 ms of a processor, and 19 MiB. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive('argon2id', {
    ...COST,
    message: message(password),
    nonce: salt,
    tagLength: KEY_BYTES,
  });
  return phc(salt, key);
}

/**
 * Whether the password belongs to the hash.
 *
 * @param hash undefined when there is no such user: takes as long as a wrong password, so that nobody can find out
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const { memory, passes, lanes, salt, key } = PHC.exec(hash ?? NOBODY)?.groups ?? {};
  if (salt === undefined || key === undefined)
    throw new Error('a stored password hash is no argon2id PHC string');
  const expected = Buffer.from(key, 'base64');
  const actual = await derive('argon2id', {
    message: message(password),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    tagLength: expected.length,
  });
  return timingSafeEqual(actual, expected) && hash !== undefined;
}

/** The same characters can be encoded in several ways, depending on the keyboard. */
function message(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'));
}

function phc(salt: Uint8Array, key: Uint8Array): string {
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(key)}`;
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
