import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { succeed } from '../../diff/git.ts';
import { templatesAt } from './base-templates.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-repo-'));
  await succeed(root, ['init', '--quiet']);
  await succeed(root, ['config', 'user.email', 'jane@slipway.example']);
  await succeed(root, ['config', 'user.name', 'Jane']);
});
afterEach(() => rm(root, { recursive: true }));

async function commit(main: string | undefined): Promise<void> {
  await writeFile(join(root, 'README.md'), '');
  if (main !== undefined) {
    await mkdir(join(root, 'cluster-infra'), { recursive: true });
    await writeFile(join(root, 'cluster-infra/main.ts'), main);
  }
  await succeed(root, ['add', '.']);
  await succeed(root, ['-c', 'commit.gpgsign=false', 'commit', '--quiet', '--no-verify', '--message', 'one']);
}

const APP = `import { writeFileSync } from 'node:fs';
writeFileSync(process.env.CDK_OUTDIR + '/a.template.json', JSON.stringify({ Resources: { it: { Type: 'T' } } }));`;

test('are those of the commit, whatever the working tree says', async () => {
  await commit(APP);
  await writeFile(join(root, 'cluster-infra/main.ts'), 'throw new Error("not this");');
  expect(await templatesAt(root, 'HEAD')).toEqual(new Map([['a', { Resources: { it: { Type: 'T' } } }]]));
  const { stdout } = await succeed(root, ['status', '--porcelain']);
  expect(stdout.toString()).toBe(' M cluster-infra/main.ts\n');
});

test('are none before there was anything in AWS', async () => {
  await commit(undefined);
  expect(await templatesAt(root, 'HEAD')).toEqual(new Map());
});

test('that do not compile are said to be of that commit', async () => {
  await commit('process.exitCode = 2;');
  await expect(templatesAt(root, 'HEAD')).rejects.toThrow(
    /^--base: cluster-infra\/ of HEAD does not compile/,
  );
});
