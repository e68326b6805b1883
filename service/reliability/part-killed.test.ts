import { expect, test } from '@jest/globals';
import { partKilled } from './part-killed.ts';

test('a process of four that is killed takes nothing with it but its own, and is back soon', async () => {
  const { problems, requests, measured } = await partKilled({
    postgresUrl: async () => process.env.TEST_DATABASE_URL as string,
    progress: () => {},
    kills: 1,
    seconds: 1,
  });
  expect(problems).toEqual([]);
  expect(requests).toBeGreaterThan(300);
  expect(measured).toMatch(/^each of 4 processes killed 1 times/);
}, 120_000);
