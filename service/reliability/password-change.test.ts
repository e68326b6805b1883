import { expect, test } from '@jest/globals';
import { passwordChange } from './password-change.ts';

test('a password that changes twice, the file later than the database, fails no request', async () => {
  const result = await passwordChange({
    changes: 2,
    writers: 4,
    connectionSeconds: 1,
    lateMilliseconds: 700,
    postgresUrl: () => Promise.reject(new Error('it must have a server of its own')),
    progress: () => {},
  });
  expect(result).toMatchObject({ problems: [], refused: {} });
  expect(result.acknowledged).toBeGreaterThan(20);
  // It did ask with the old password, and was refused.
  expect(result.refusals).toBeGreaterThan(0);
});
