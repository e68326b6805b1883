import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tree } from '../../testing/trees.ts';
import { takeLock } from '../lock.ts';
import { UserError } from '../user-error.ts';
import { publish } from './publish.ts';

let root: string;
let dist: string;
let scratch: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-publish-'));
  dist = join(root, 'dist');
  scratch = join(root, 'scratch');
});
afterEach(() => rm(root, { recursive: true, force: true }));

function read(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
const sorted = (files: Map<string, string>) => new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));

describe('publishing', () => {
  test('makes the folder hold exactly the files, and says what it did', async () => {
    publish({ files: tree('old') }, dist, scratch);
    const { written, removed, unchanged } = publish({ files: tree('new') }, dist, scratch);
    expect(read(dist)).toEqual(sorted(tree('new')));
    expect([written.length, removed.length, unchanged]).toEqual([210, 30, 90]);
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('touches no file that holds what it should, and nothing at all when all do', async () => {
    publish({ files: tree('old') }, dist, scratch);
    const folder = statSync(dist).ino;
    const kept = statSync(join(dist, 'cluster/3/3.yaml'));
    expect(publish({ files: tree('old') }, dist, scratch)).toEqual({
      written: [],
      removed: [],
      unchanged: 300,
    });
    expect(statSync(dist).ino).toBe(folder);
    publish({ files: tree('new') }, dist, scratch);
    const after = statSync(join(dist, 'cluster/3/3.yaml'));
    expect([after.ino, after.mtimeMs]).toEqual([kept.ino, kept.mtimeMs]);
  });

  test('leaves the old tree when a file cannot be written', async () => {
    publish({ files: tree('old') }, dist, scratch);
    // A path that is a folder in the same tree: no disk can hold it.
    const files = new Map([...tree('new'), ['cluster/1', 'not a folder\n']]);
    expect(() => publish({ files }, dist, scratch)).toThrow(/EISDIR|EEXIST|ENOTDIR/);
    expect(read(dist)).toEqual(sorted(tree('old')));
    publish({ files: tree('new') }, dist, scratch);
    expect(read(dist)).toEqual(sorted(tree('new')));
  });

  test('puts the old tree back where a run was killed between its two renames', async () => {
    publish({ files: tree('old') }, dist, scratch);
    mkdirSync(scratch, { recursive: true });
    await rename(dist, join(scratch, 'publish-old'));
    expect(publish({ files: tree('old') }, dist, scratch)).toMatchObject({
      written: [],
      unchanged: 300,
    });
    expect(read(dist)).toEqual(sorted(tree('old')));
  });

  test('is refused while another run publishes, by its process, and harms nothing', async () => {
    publish({ files: tree('old') }, dist, scratch);
    const lock = takeLock(join(scratch, 'publish.lock'), () => 'not expected');
    expect(() => publish({ files: tree('new') }, dist, scratch)).toThrow(
      new UserError(
        `another compile publishes into ${dist} right now, as process ${process.pid}; try again when it has ended`,
      ),
    );
    expect(read(dist)).toEqual(sorted(tree('old')));
    lock.release();
    publish({ files: tree('new') }, dist, scratch);
    expect(read(dist)).toEqual(sorted(tree('new')));
  });

  test('a lock that a killed run left is no obstacle', async () => {
    mkdirSync(scratch, { recursive: true });
    writeFileSync(join(scratch, 'publish.lock'), JSON.stringify({ pid: 999_999_999, start: 'long ago' }));
    publish({ files: tree('old') }, dist, scratch);
    expect(read(dist)).toEqual(sorted(tree('old')));
  });

  test('killed at 50 random moments it leaves the old tree or the new one each time', async () => {
    publish({ files: tree('old') }, dist, scratch);
    const old = sorted(tree('old'));
    const fresh = sorted(tree('new'));
    let interrupted = 0;
    for (let kill = 0; kill < 50; kill++) {
      const child = fork(join(import.meta.dirname, '../../testing/publish-for-ever.ts'), [root]);
      await once(child, 'message');
      await wait(Math.random() * 60);
      child.kill('SIGKILL');
      await once(child, 'exit');
      if (existsSync(join(scratch, 'publish-new'))) interrupted++;
      // Between the two renames, which take some microseconds, only the next run puts it back.
      if (!existsSync(dist)) publish({ files: tree('old') }, dist, scratch);
      const found = read(dist);
      expect([old, fresh]).toContainEqual(found);
    }
    // Else the kills came at the wrong moments and this showed nothing.
    expect(interrupted).toBeGreaterThan(5);
  }, 120_000);
});
