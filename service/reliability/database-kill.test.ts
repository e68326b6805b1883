import { expect, test } from '@jest/globals';
import { databaseKill } from './database-kill.ts';

const SMALL = {
  writers: 4,
  upMilliseconds: 500,
  downMilliseconds: 300,
  postgresUrl: () => Promise.reject(new Error('it must have a server of its own')),
  progress: () => {},
};

test('a database that is killed twice costs no article that was acknowledged, and the service goes on', async () => {
  const result = await databaseKill({ ...SMALL, kills: 2 });
  expect(result).toMatchObject({ problems: [], lost: [], ended: null });
  expect(result.acknowledged).toBeGreaterThan(20);
  expect(Object.keys(result.refused)).toEqual(['503']);
  expect(Math.max(...result.readyMilliseconds)).toBeLessThan(5_000);
});

test('a database that does not keep its word is found out', async () => {
  const sessionOptions = '-c synchronous_commit=off';
  const result = await databaseKill({ ...SMALL, kills: 1, sessionOptions });
  expect(result.lost.length).toBeGreaterThan(0);
  expect(result.problems).toContain(`lost were ${result.lost.length} articles, ${result.lost[0]} among them`);
});
