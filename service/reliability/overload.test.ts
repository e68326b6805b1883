import { expect, test } from '@jest/globals';
import { overload } from './overload.ts';

// How quick it is depends on what else the machine does; the command judges that, and this all else.
test('an overload turns requests away, breaks nothing, and is over when it is over', async () => {
  const { during, after, watched, measured } = await overload({
    postgresUrl: async () => process.env.TEST_DATABASE_URL as string,
    progress: () => {},
    times: 10,
    seconds: 3,
  });
  expect(watched.shed).toBeGreaterThan(100);
  expect(Object.keys(during.failures).filter((kind) => !kind.endsWith(' 503'))).toEqual([]);
  expect(during.requests).toBeGreaterThan(watched.shed);
  expect(watched.badProbes).toBe(0);
  expect(watched.mostMemory).toBeLessThan(600e6);
  expect(after.failures).toEqual({});
  expect(measured).toContain('turned the others away');
}, 120_000);
