import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { kubectlOf } from './kubectl.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubectl-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A kubectl of ours, before any other. */
async function install(script: string) {
  await writeFile(join(folder, 'kubectl'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'kubectl'), 0o755);
  return kubectlOf('prod', { ...process.env, PATH: `${folder}:${process.env.PATH}` });
}

test('runs against the context it was given, and is told what to read', async () => {
  const kubectl = await install('printf "%s|" "$@"; cat');
  expect(await kubectl(['create', '--filename', '-'], '{"a": 1}')).toBe(
    '--context|prod|create|--filename|-|{"a": 1}',
  );
});

test('says in its own words what it could not do, and nothing of what it was given', async () => {
  const kubectl = await install('echo "Error from server (Forbidden): not you" >&2; exit 1');
  await expect(kubectl(['patch', 'secrets', 'a', '--patch', 'secret'])).rejects.toThrow(
    /^kubectl patch secrets a: Error from server \(Forbidden\): not you$/,
  );
});

test('that is not installed is missed in one line', async () => {
  await expect(kubectlOf('prod', { PATH: folder })(['get', 'pods'])).rejects.toThrow(
    /^kubectl is not installed on this machine$/,
  );
});
