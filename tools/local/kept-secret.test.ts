import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { keptSecret } from './kept-secret.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-secret-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

it('is made once, and only its owner can read it', () => {
  const file = join(folder, 'deep', 'secret');
  const secret = keptSecret(file);
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(keptSecret(file)).toBe(secret);
  expect(keptSecret(join(folder, 'other'))).not.toBe(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('is made anew where its file is empty', () => {
  const file = join(folder, 'secret');
  writeFileSync(file, '', { mode: 0o600 });
  const secret = keptSecret(file);
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(keptSecret(file)).toBe(secret);
});
