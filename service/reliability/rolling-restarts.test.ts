import { expect, test } from '@jest/globals';
import { rollingRestarts } from './rolling-restarts.ts';

test('rolling restarts at full load lose no request of any sort of client', async () => {
  const { problems, rounds, measured } = await rollingRestarts({
    postgresUrl: async () => process.env.TEST_DATABASE_URL as string,
    progress: () => {},
    requests: 1_700,
    restarts: 1,
  });
  expect(problems).toEqual([]);
  expect(rounds).toHaveLength(3);
  for (const { load, idlers, exitCodes } of rounds) {
    expect(load.requests).toBeGreaterThanOrEqual(1_700);
    expect(load.failures).toEqual({});
    expect(Object.keys(load.versions).sort()).toEqual(['1.0.0', '1.0.1']);
    expect(idlers?.failures ?? {}).toEqual({});
    expect(exitCodes).toEqual([0, 0]);
  }
  expect(measured).toMatch(
    /^0 of \d+ requests failed over 3 rolling restarts of two processes; P99 at most /,
  );
}, 180_000);
