import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { migrate } from '../database/migrate.ts';
import { openPool, type Pool } from '../database/pool.ts';
import { databaseAt } from '../database/settings.ts';
import { createTestDatabase, QUIET, type TestDatabase } from '../testing.ts';
import { type Attempt, createLimiter, type Limiter } from './limits.ts';

const LIMITS = { signInFailuresPerHour: 4, signUpsPerHour: 6 };
const OWNER = 7;

let database: TestDatabase;
/** As many connections as a service has, so that tries truly meet. */
let pool: Pool;
let limiter: Limiter;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
  pool = openPool(databaseAt(database.url), QUIET, { max: 10, name: 'conduit-test-limits' });
});

beforeEach(async () => {
  await pool.query('TRUNCATE rate_limits');
  limiter = createLimiter(pool, LIMITS);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** How many tries somebody has one after another; no more than fifty are made. */
async function triesOf(attempt: Attempt): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      await limiter.signIn(attempt);
    } catch {
      return tries;
    }
  }
  return 50;
}

/** Lets time pass. */
function wait(interval: string) {
  return pool.query('UPDATE rate_limits SET until = until - $1::interval', [interval]);
}

const from = (client: string, account: number | string = OWNER): Attempt => ({ account, client });

/** Guesses at the owner's password from so many networks, until none of them gets a try. */
async function guessFromEverywhere(networks = 8): Promise<void> {
  for (let number = 1; number <= networks; number += 1) await triesOf(from(`203.0.113.${number}`));
}

describe('signing in', () => {
  test('is refused when the tries of one network at one account are used up, and says for how long', async () => {
    expect(await triesOf(from('192.0.2.1'))).toBe(4);
    await expect(limiter.signIn(from('192.0.2.1'))).rejects.toMatchObject({
      status: 429,
      errors: { requests: ['are too many; try again in 15 minutes'] },
      retryAfterSeconds: 15 * 60,
    });
  });

  test('has one try more when the time it was told has passed, and all of them after an hour', async () => {
    await triesOf(from('192.0.2.1'));
    await wait('15 minutes');
    expect(await triesOf(from('192.0.2.1'))).toBe(1);
    await wait('1 hour');
    expect(await triesOf(from('192.0.2.1'))).toBe(4);
  });

  test('goes on from other networks, and to other accounts', async () => {
    await triesOf(from('192.0.2.1'));
    expect(await triesOf(from('192.0.2.2'))).toBe(4);
    expect(await triesOf(from('192.0.2.1', 8))).toBe(4);
  });

  test('counts the addresses of one IPv6 network as one', async () => {
    await triesOf(from('2001:db8::1'));
    expect(await triesOf(from('2001:db8::2'))).toBe(0);
    expect(await triesOf(from('2001:db8:0:1::1'))).toBe(4);
  });

  test('gives one network five times as much for all accounts', async () => {
    let tries = 0;
    for (let account = 1; account <= 10; account += 1) tries += await triesOf(from('192.0.2.1', account));
    expect(tries).toBe(20);
  });

  test('gives one account five times as much for all networks', async () => {
    let tries = 0;
    for (let number = 1; number <= 10; number += 1) tries += await triesOf(from(`192.0.2.${number}`));
    expect(tries).toBe(20);
  });

  test('of an address that nobody has is counted the same, whatever its case', async () => {
    expect(await triesOf(from('192.0.2.1', 'Nobody@example.com'))).toBe(4);
    expect(await triesOf(from('192.0.2.1', 'nobody@EXAMPLE.com'))).toBe(0);
  });

  test('gives exactly so many tries to those who come at the same moment', async () => {
    const tries = Array.from({ length: 30 }, () => limiter.signIn(from('192.0.2.1')));
    const ended = await Promise.allSettled(tries);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  });

  test('that is refused takes nothing from the account: nobody can be locked out from one network', async () => {
    await triesOf(from('203.0.113.1'));
    for (let time = 0; time < 30; time += 1) await limiter.signIn(from('203.0.113.1')).catch(() => {});
    expect(await triesOf(from('192.0.2.1'))).toBe(4);
  });

  test('takes turns with itself without a deadlock', async () => {
    const generous = createLimiter(pool, { ...LIMITS, signInFailuresPerHour: 100_000 });
    const accounts = Array.from({ length: 60 }, (_, index) => from(`192.0.2.${index % 3}`, index % 4));
    await Promise.all(
      accounts.map(async (attempt) => {
        await generous.signIn(attempt);
        await generous.succeeded(attempt);
      }),
    );
    // All that was taken is there again.
    const { rows } = await pool.query(
      "SELECT key FROM rate_limits WHERE until BETWEEN now() AND now() + interval '1 day'",
    );
    expect(rows).toEqual([]);
  });
});

describe('signing in with the right password', () => {
  test('gives the account all its tries again', async () => {
    for (let time = 0; time < 3; time += 1) await limiter.signIn(from('192.0.2.1'));
    await limiter.signIn(from('192.0.2.1'));
    await limiter.succeeded(from('192.0.2.1'));
    expect(await triesOf(from('192.0.2.1'))).toBe(4);
  });

  test('gives the network back one try and no more: an account of one’s own buys no guesses', async () => {
    let guesses = 0;
    for (let victim = 100; victim < 120; victim += 1) {
      guesses += await triesOf(from('192.0.2.1', victim));
      await limiter
        .signIn(from('192.0.2.1'))
        .then(() => limiter.succeeded(from('192.0.2.1')))
        .catch(() => {});
    }
    expect(guesses).toBe(20);
  });

  test('makes the network known, and the owner is let in from there whoever guesses elsewhere', async () => {
    await limiter.signIn(from('192.0.2.1'));
    await limiter.succeeded(from('192.0.2.1'));
    await guessFromEverywhere();
    expect(await triesOf(from('203.0.113.200'))).toBe(0);
    await limiter.signIn(from('192.0.2.1'));
    // Known is one network for one account, for thirty days.
    expect(await triesOf(from('192.0.2.2'))).toBe(0);
    await wait('30 days');
    await guessFromEverywhere();
    expect(await triesOf(from('192.0.2.1'))).toBe(0);
  });

  test('gives nothing of it to those who are known for another account', async () => {
    await limiter.signIn(from('192.0.2.1', 8));
    await limiter.succeeded(from('192.0.2.1', 8));
    await guessFromEverywhere();
    expect(await triesOf(from('192.0.2.1'))).toBe(0);
  });
});

describe('signing up', () => {
  test('is refused when too many come from one network, and from that one only', async () => {
    for (let time = 0; time < 6; time += 1) await limiter.signUp('192.0.2.1');
    await expect(limiter.signUp('192.0.2.1')).rejects.toMatchObject({
      status: 429,
      retryAfterSeconds: 10 * 60,
    });
    await limiter.signUp('192.0.2.2');
  });
});

test('nothing is limited where the limit is 0', async () => {
  limiter = createLimiter(pool, { signInFailuresPerHour: 0, signUpsPerHour: 0 });
  expect(await triesOf(from('192.0.2.1'))).toBe(50);
  for (let time = 0; time < 50; time += 1) await limiter.signUp('192.0.2.1');
  await limiter.succeeded(from('192.0.2.1'));
  const { rows } = await pool.query('SELECT FROM rate_limits');
  expect(rows).toHaveLength(0);
});

test('what was counted long ago is removed, and neither addresses nor names are kept', async () => {
  let now = 0;
  limiter = createLimiter(pool, LIMITS, () => now);
  await triesOf(from('192.0.2.1', 'hunter2@example.com'));
  const { rows } = await pool.query('SELECT * FROM rate_limits');
  expect(rows.map(({ key }) => key)).toEqual(Array(3).fill(expect.stringMatching(/^[\w-]{43}$/)));
  await wait('2 hours');
  await limiter.signUp('192.0.2.9');
  const count = async () => (await pool.query('SELECT FROM rate_limits')).rowCount;
  expect(await count()).toBe(4);
  now += 60_000;
  await limiter.signUp('192.0.2.9');
  expect(await count()).toBe(1);
});
