/**
 * How often somebody may try to sign in or up, counted in PostgreSQL for all replicas: docs/adr/0006.
 *
 * Each limit is a bucket that holds the tries of an hour and fills up steadily. A sign-in takes one try from each of
 *
 * - the account as seen from one network, the narrowest: it stops whoever guesses, and nobody but them;
 * - the network, over all accounts: it stops whoever tries one password on many accounts;
 * - the account, over all networks: it stops guesses that come from everywhere. From a network where the owner has signed
 *   in before it is not asked, so that nobody can lock them out.
 *
 * A sign-in that succeeds fills the account's buckets and gives the network's try back. (Only that one: or whoever has an
 * account could sign in to it after each round of guesses.) An address that nobody has is counted like any other.
 */
import { hash } from 'node:crypto';
import { type Database, statement } from '../database/query.ts';
import { RequestError } from '../errors.ts';
import { networkOf } from './network.ts';

/** How much is allowed. */
export interface AuthLimits {
  /** Wrong passwords in an hour for one account from one network; 0 is any number. */
  readonly signInFailuresPerHour: number;
  /** Accounts that one network may ask for in an hour; 0 is any number. */
  readonly signUpsPerHour: number;
}

/** Somebody who tries to sign in. */
export interface Attempt {
  /** The user's id; when there is none, the address as it was typed. */
  readonly account: number | string;
  /** The address that it comes from; undefined is from within. */
  readonly client: string | undefined;
}

/** Counts tries. */
export interface Limiter {
  /**
   * Takes one try to sign in.
   *
   * @throws {@link RequestError} 429 when there is none left; nothing is taken then
   */
  signIn(attempt: Attempt): Promise<void>;
  /** Says that it succeeded. */
  succeeded(attempt: Attempt): Promise<void>;
  /**
   * Takes one try to sign up.
   *
   * @throws {@link RequestError} 429 when there is none left
   */
  signUp(client: string | undefined): Promise<void>;
}

/**
 * What one network, and one account over all networks, has of the tries of one account from one network. By the default
 * that is a hundred wrong passwords for an account.
 *
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html#throttle
 */
const WIDE = 5;

const HOUR_SECONDS = 60 * 60;

/** How long a network where somebody signed in is known as theirs: as long as a session lasts. */
const KNOWN_SECONDS = 30 * 24 * HOUR_SECONDS;

const SWEEP_MILLISECONDS = 60_000;

const take = statement<
  { taken: boolean; wait: number },
  [keys: string[], seconds: number[], account: string | undefined, known: string | undefined]
>(
  'take-tries',
  // The bucket of the account is left out where its owner is known. Rows are always locked in the order of their keys.
  `WITH asked AS (
     SELECT key, make_interval(secs => seconds) AS try FROM unnest($1::text[], $2::float8[]) AS given (key, seconds)
      WHERE key IS DISTINCT FROM $3 OR NOT EXISTS (SELECT FROM rate_limits WHERE key = $4 AND until > now())
   ), lacking AS (
     SELECT until + try - now() - '1 hour' AS wait FROM asked JOIN rate_limits USING (key)
      WHERE until + try > now() + '1 hour'
   ), taken AS (
     INSERT INTO rate_limits (key, until)
     SELECT key, now() + try FROM asked WHERE NOT EXISTS (SELECT FROM lacking) ORDER BY key
     ON CONFLICT (key) DO UPDATE SET until = greatest(rate_limits.until, now()) + (excluded.until - now())
       WHERE rate_limits.until + (excluded.until - now()) <= now() + '1 hour'
     RETURNING key
   )
   SELECT (SELECT count(*) FROM taken) = (SELECT count(*) FROM asked) AS taken,
          coalesce(extract(epoch FROM (SELECT max(wait) FROM lacking))::float8, 1) AS wait`,
);

/** Sets in how many seconds a bucket is full; less than none puts that much back. */
const settle = statement<Record<string, never>, [keys: string[], seconds: number[]]>(
  'settle-tries',
  `INSERT INTO rate_limits (key, until)
   SELECT key, now() + make_interval(secs => seconds)
     FROM unnest($1::text[], $2::float8[]) AS given (key, seconds) ORDER BY key
   ON CONFLICT (key) DO UPDATE SET until =
     CASE WHEN excluded.until < now() THEN rate_limits.until - (now() - excluded.until) ELSE excluded.until END`,
);

const sweep = statement(
  'sweep-tries',
  `DELETE FROM rate_limits WHERE key IN (
     SELECT key FROM rate_limits WHERE until < now() ORDER BY until LIMIT 20000 FOR UPDATE SKIP LOCKED
   )`,
);

/**
 * Makes the limiter.
 *
 * @param clock milliseconds, for the times between two sweeps; the database's clock is for all else
 */
export function createLimiter(
  database: Database,
  limits: AuthLimits,
  clock: () => number = () => performance.now(),
): Limiter {
  const failure = HOUR_SECONDS / limits.signInFailuresPerHour;
  const oneOf = { pair: failure, network: failure / WIDE, account: failure / WIDE };
  const signUp = HOUR_SECONDS / limits.signUpsPerHour;
  let sweptAt = clock();

  async function takeAll(
    tries: readonly [key: string, seconds: number][],
    unless: { account: string; known: string } | undefined,
  ): Promise<void> {
    const keys = tries.map(([key]) => key);
    const seconds = tries.map(([, each]) => each);
    const [answer] = await take(database, keys, seconds, unless?.account, unless?.known);
    if (!answer?.taken) throw tooMany(Math.ceil(answer?.wait ?? 1));
    if (clock() - sweptAt < SWEEP_MILLISECONDS) return;
    sweptAt = clock();
    await sweep(database);
  }

  const unlimited = limits.signInFailuresPerHour === 0;

  return {
    async signIn(attempt) {
      if (unlimited) return;
      const { pair, network, account, known } = keysOf(attempt);
      const tries: [string, number][] = [
        [pair, oneOf.pair],
        [network, oneOf.network],
        [account, oneOf.account],
      ];
      await takeAll(tries, { account, known });
    },
    async succeeded(attempt) {
      if (unlimited) return;
      const { pair, network, account, known } = keysOf(attempt);
      await settle(database, [pair, account, network, known], [0, 0, -oneOf.network, KNOWN_SECONDS]);
    },
    async signUp(client) {
      if (limits.signUpsPerHour === 0) return;
      await takeAll([[keyOf(`sign-up from ${networkOf(client)}`), signUp]], undefined);
    },
  };
}

function keysOf({ account, client }: Attempt) {
  const who = typeof account === 'number' ? `user ${account}` : `e-mail ${account.toLowerCase()}`;
  const where = networkOf(client);
  return {
    pair: keyOf(`sign-in of ${who} from ${where}`),
    network: keyOf(`sign-in from ${where}`),
    account: keyOf(`sign-in of ${who}`),
    known: keyOf(`${who} is known from ${where}`),
  };
}

function keyOf(what: string): string {
  return hash('sha256', what, 'base64url');
}

function tooMany(seconds: number): RequestError {
  const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
  return new RequestError(
    429,
    { requests: [`are too many; try again in ${wait}`] },
    { retryAfterSeconds: seconds },
  );
}
