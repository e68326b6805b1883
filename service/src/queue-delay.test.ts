import { describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { EventLoopDelay, PoolDelay } from './queue-delay.ts';

describe('the delay of the event loop', () => {
  const after = (samples: number[]) => {
    const delay = new EventLoopDelay(50, 0);
    for (const now of samples) delay.sample(now);
    return delay.milliseconds;
  };

  test.each<[string, number[], number]>([
    ['is none when the timer comes in time', [50, 100, 150, 200], 0],
    ['is not known before there were three samples', [550, 1100], 0],
    ['is what every one of the last three samples had to wait', [350, 700, 1000], 250],
    ['is not raised by one long pause', [50, 1100, 1150, 1200], 0],
    ['is gone with the first sample in time', [350, 700, 1000, 1050], 0],
  ])('%s', (_what, samples, milliseconds) => {
    expect(after(samples)).toBe(milliseconds);
  });
});

describe('the delay of the pool', () => {
  /** A pool whose connections are handed out by the test. */
  function fakePool() {
    const asked: PromiseWithResolvers<PoolClient>[] = [];
    let released = 0;
    const pool = {
      waitingCount: 0,
      connect: () => {
        const one = Promise.withResolvers<PoolClient>();
        asked.push(one);
        return one.promise;
      },
    };
    const client = { release: () => (released += 1) } as unknown as PoolClient;
    return { pool: pool as never as Pool, state: pool, asked, client, released: () => released };
  }
  type Pool = ConstructorParameters<typeof PoolDelay>[0];

  test('is none, and asks for nothing, as long as nobody waits', () => {
    const { pool, asked } = fakePool();
    const delay = new PoolDelay(pool);
    delay.sample(performance.now());
    expect([delay.milliseconds, asked.length]).toEqual([0, 0]);
  });

  test('is what the probe waits already', () => {
    const { pool, state, asked } = fakePool();
    const delay = new PoolDelay(pool);
    const now = performance.now();
    state.waitingCount = 5;
    delay.sample(now);
    delay.sample(now + 300);
    expect([delay.milliseconds, asked.length]).toEqual([300, 1]);
  });

  test('is what the last probe waited, until nobody waits any more; the connection is given back', async () => {
    const { pool, state, asked, client, released } = fakePool();
    const delay = new PoolDelay(pool);
    state.waitingCount = 5;
    delay.sample(performance.now() - 400);
    asked[0]?.resolve(client);
    await new Promise(setImmediate);
    delay.sample(performance.now());
    expect(delay.milliseconds).toBeGreaterThanOrEqual(400);
    expect([released(), asked.length]).toEqual([1, 2]);

    asked[1]?.resolve(client);
    await new Promise(setImmediate);
    state.waitingCount = 0;
    delay.sample(performance.now());
    expect([delay.milliseconds, released()]).toEqual([0, 2]);
  });

  test('counts a probe that got no connection', async () => {
    const { pool, state, asked } = fakePool();
    const delay = new PoolDelay(pool);
    state.waitingCount = 1;
    delay.sample(performance.now() - 5_000);
    asked[0]?.reject(new Error('timeout exceeded when trying to connect'));
    await new Promise(setImmediate);
    delay.sample(performance.now());
    expect(delay.milliseconds).toBeGreaterThanOrEqual(5_000);
  });
});
