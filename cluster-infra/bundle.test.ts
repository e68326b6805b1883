import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { bundle } from './bundle.ts';

test.each(['database-roles', 'git-credentials'])(
  '%s is one file, the same each time, that Lambda can load',
  (name) => {
    const [first, second] = [1, 2].map(() => {
      const folder = mkdtempSync(join(tmpdir(), 'slipway-lambda-'));
      bundle(name, folder);
      return join(folder, 'index.js');
    }) as [string, string];
    expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
    // Zipped it must be under 50 MB; it is far less, so that a cold start is a blink.
    expect(statSync(first).size).toBeLessThan(1_000_000);
    const load = `console.log(typeof require(${JSON.stringify(first)}).handler)`;
    expect(execFileSync(process.execPath, ['--eval', load], { encoding: 'utf8', cwd: tmpdir() })).toBe(
      'function\n',
    );
  },
);
