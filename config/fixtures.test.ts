import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { applyFixture, copyConfig, type Fixture, readFixtures } from './fixtures.ts';

const REPO = join(import.meta.dirname, '..');
const fixtures = readFixtures();

/** Loads the config of each folder in turn and prints, as JSON, what each was refused with; `null` when it was not. */
const LOAD_ALL = `
  const [loader, ...folders] = process.argv.slice(1);
  const { loadConfig } = await import(loader);
  const said = [];
  for (const folder of folders) {
    said.push(await loadConfig(folder).then(() => null, (error) => (error.name === 'ConfigError' ? error.message : error.stack)));
  }
  console.log(JSON.stringify(said));
`;

let folder: string;
let said: Map<string, string | null>;

// One process loads them all, and not jest's own: Node's words for a module that can't be run are part of what is held.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-config-'));
  const folders = await Promise.all(fixtures.map(prepare));
  const loader = join(REPO, 'config/load.ts');
  const args = ['--input-type=module', '--eval', LOAD_ALL, loader, ...folders];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const messages = JSON.parse(stdout) as (string | null)[];
  said = new Map(fixtures.map(({ name }, index) => [name, messages[index] ?? null]));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function prepare(fixture: Fixture): Promise<string> {
  const root = join(folder, fixture.name);
  await mkdir(root);
  await copyConfig(REPO, root);
  await applyFixture(fixture, root);
  return root;
}

test.each(fixtures)('refuses $name', ({ name, says }) => {
  expect(said.get(name)).toBe(says);
});

test('refuses an edit whose text is not there, since it would show nothing', async () => {
  const root = join(folder, 'an-edit-that-misses');
  await copyConfig(REPO, root);
  const edits = [{ file: 'config/platform.ts', find: 'no such text', replace: '' }];
  await expect(applyFixture({ name: 'a-slip', edits, says: '' }, root)).rejects.toThrow(
    'fixture a-slip: config/platform.ts has no "no such text"',
  );
});
