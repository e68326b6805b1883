import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { ROOT } from '../../lib/repo.ts';
import type { PlanRow } from './bench.ts';

test('a hundred plans, and what a slider waits for, cost no more than they may', async () => {
  // In a process of its own: jest runs code in a context in which numbers are much slower.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['tools/slipway.mjs', 'bench', 'plan', '--rounds', '2', '--json'],
    { cwd: ROOT },
  );
  const rows = JSON.parse(stdout) as PlanRow[];
  expect(rows.map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([1, 10, 100, 1000]);
  for (const { hundred, slider, yardstick } of rows) {
    // Where the yardstick takes 35 ms, as on two cores of a server of 2024, these are a second, and 50 ms.
    expect(hundred / yardstick).toBeLessThan(1000 / 35);
    expect(slider / yardstick).toBeLessThan(50 / 35);
  }
}, 120_000);
