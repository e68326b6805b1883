import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Repo } from '../../e2e/repo.ts';
import { checkReleaseSteps } from './check-release-steps.ts';

let repo: Repo;
beforeAll(async () => {
  repo = await Repo.create();
});
afterAll(() => repo[Symbol.asyncDispose]());
afterEach(() => repo.reset());

const TO_ROLLING = [
  'config/platform.ts',
  'prod: { replicas: { min: 3, max: 12 } }',
  "prod: { replicas: { min: 3, max: 12 }, release: { strategy: 'rolling' } }",
] as const;
const REMOVE = [
  'config/clusters.ts',
  "vpcCidr: '10.30.0.0/16',\n    apps: ['conduit']",
  "vpcCidr: '10.30.0.0/16',\n    apps: []",
] as const;

test('the removal of an app is refused in one commit, and goes in two', async () => {
  await repo.edit(...REMOVE);
  await repo.slipway('synth');
  const { base, findings } = await checkReleaseSteps(repo.root);
  expect(base).toMatchObject({ ref: 'main' });
  expect(findings).toEqual([
    {
      where: 'dist/prod-eu-west-1/apps/conduit/conduit.yaml',
      says: expect.stringContaining("1. give conduit `release: { strategy: 'rolling' }`"),
    },
  ]);
  await repo.reset();

  const start = (await repo.git('rev-parse', 'HEAD')).trim();
  try {
    await repo.edit(...TO_ROLLING);
    await repo.slipway('synth');
    expect((await checkReleaseSteps(repo.root)).findings).toEqual([]);
    await repo.commit();
    await repo.edit(...REMOVE);
    await repo.slipway('synth');
    expect((await checkReleaseSteps(repo.root)).findings).toEqual([]);
    // Two commits that arrive as one are one to Flux.
    expect((await checkReleaseSteps(repo.root, start)).findings).toHaveLength(1);
  } finally {
    await repo.git('reset', '-q', '--hard', start);
  }
});

test('a ring is renamed without a change to what runs and where, and a cluster goes when it is suspended', async () => {
  await repo.edit('config/platform.ts', "name: 'prod', promotion", "name: 'live', promotion");
  await repo.edit('config/platform.ts', 'prod: { replicas', 'live: { replicas');
  await repo.edit('config/clusters.ts', "ring: 'prod'", "ring: 'live'");
  for (const file of ['config/versions.yaml', 'apps/images.yaml'])
    await repo.edit(file, '\nprod:\n', '\nlive:\n');
  expect((await repo.slipway('synth')).code).toBe(0);
  expect((await checkReleaseSteps(repo.root)).findings).toEqual([]);
  await repo.edit('config/platform.ts', "soakMinutes: 60, domain: 'slipway.example'", 'soakMinutes: 60');
  await repo.slipway('synth');
  expect((await checkReleaseSteps(repo.root)).findings).toEqual([
    {
      where: 'dist/prod-eu-west-1/apps/conduit/conduit.yaml',
      says: expect.stringContaining(
        'prod goes from the rings, and in the same change prod-eu-west-1 gets another',
      ),
    },
  ]);
  await repo.reset();

  const without = async () => {
    const file = join(repo.root, 'config/clusters.ts');
    const text = await readFile(file, 'utf8');
    const [start, end] = [text.indexOf("  {\n    name: 'prod-eu-west-1'"), text.indexOf('];')];
    await writeFile(file, text.slice(0, start) + text.slice(end));
    expect((await repo.slipway('synth')).code).toBe(0);
  };
  await without();
  expect((await checkReleaseSteps(repo.root)).findings).toEqual([
    { where: 'dist/prod-eu-west-1', says: expect.stringContaining('goes while its Flux still syncs it') },
  ]);
  await repo.reset();
  const start = (await repo.git('rev-parse', 'HEAD')).trim();
  try {
    await repo.edit(
      'config/clusters.ts',
      "vpcCidr: '10.30.0.0/16',",
      "vpcCidr: '10.30.0.0/16', suspend: 'is being removed',",
    );
    await repo.slipway('synth');
    await repo.commit();
    await without();
    expect((await checkReleaseSteps(repo.root)).findings).toEqual([]);
  } finally {
    await repo.git('reset', '-q', '--hard', start);
  }
}, 60_000);

test('npm run check refuses it, with what to do', async () => {
  await repo.edit(...REMOVE);
  await repo.slipway('synth');
  const { code, stdout } = await repo.slipway('check');
  expect(stdout).toContain(
    'dist/prod-eu-west-1/apps/conduit/conduit.yaml: Canary/conduit/conduit goes together',
  );
  expect(code).toBe(1);
}, 120_000);

test('a copy without history is said to have nothing to compare with', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-no-git-'));
  expect(await checkReleaseSteps(folder)).toEqual({
    skipped: `${folder} is not in a git repository, so there is nothing to compare with`,
    findings: [],
  });
  await rm(folder, { recursive: true });
});

test('a base that somebody names must be there', async () => {
  await expect(checkReleaseSteps(repo.root, 'nowhere')).rejects.toThrow('--base: found no commit "nowhere"');
});
