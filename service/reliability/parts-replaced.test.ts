import { expect, test } from '@jest/globals';
import { partsReplaced } from './parts-replaced.ts';

test('a release that replaces four processes at once costs no request, of whoever asks whom', async () => {
  const { problems, requests, measured } = await partsReplaced({
    postgresUrl: async () => process.env.TEST_DATABASE_URL as string,
    progress: () => {},
    restarts: 1,
  });
  expect(problems).toEqual([]);
  expect(requests).toBeGreaterThan(100);
  expect(measured).toMatch(/^all of 4 processes replaced at once, 1 times, under 6 people: 0 of \d+ /);
}, 120_000);
