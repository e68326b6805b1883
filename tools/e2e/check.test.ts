import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Repo } from './repo.ts';

let repo: Repo;
beforeAll(async () => {
  repo = await Repo.create();
});
afterAll(() => repo[Symbol.asyncDispose]());
afterEach(() => repo.reset());

test('npm run check is content with a fresh clone', async () => {
  const { code, stdout, stderr } = await repo.slipway('check');
  expect(stdout).toMatch(/^types, style and \d+ objects are fine, in \d+\.\d\d s\n$/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, 120_000);

test('npm run check tells what every check found, in one stream and alike clusters in one line', async () => {
  await repo.edit('apps/conduit.ts', '    migrate:', '    migrat:');
  await repo.edit('config/platform.ts', 'threshold: 5', 'threshold: 3');
  await rm(join(repo.root, 'dist/dev-eu-west-1/flux/sources.yaml'));
  const { code, stdout, stderr } = await repo.slipway('check');
  expect(stdout).toContain('tsc:\napps/conduit.ts(');
  expect(stdout).toContain("'migrat' does not exist in type");
  expect(stdout).toContain(
    'dist/<cluster>/apps/conduit/conduit.yaml: is not what the code compiles to; run `npm run synth` (dev-eu-west-1, prod-eu-west-1, staging-eu-west-1)\n',
  );
  expect(stdout).toContain('dist/dev-eu-west-1/flux/sources.yaml: is missing; run `npm run synth`\n');
  expect(stdout).toMatch(/\nfound something in: types, manifests \(in \d+\.\d\d s\)\n$/);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
}, 120_000);

test('npm run check says why an app does not compile, beside what its types say', async () => {
  await repo.edit('apps/conduit.ts', '    image,\n', '');
  const { code, stdout } = await repo.slipway('check');
  expect(stdout).toContain("Property 'image' is missing in type");
  expect(stdout).toContain(
    "\napps/conduit.ts:8: can't be compiled for dev-eu-west-1, staging-eu-west-1, prod-eu-west-1: ",
  );
  expect(stdout).not.toContain('npm run check');
  expect(stdout).toMatch(/\nfound something in: types, manifests \(/);
  expect(code).toBe(1);
}, 120_000);

test('npm run check warns of bad odds, and fails once the config says how bad they may be', async () => {
  const app = "release: { strategy: 'canary', weights: { step: 10, max: 50 }";
  await repo.edit('config/platform.ts', app, `traffic: { requestsPerSecond: 1 }, ${app}`);
  const says =
    'dist/<cluster>/apps/conduit/conduit.yaml: Canary conduit: at 1 requests/s a broken release (95 %) is promoted in 23 % of cases';
  const warned = await repo.slipway('check');
  expect(warned.stdout).toContain(`warning: ${says}`);
  await repo.edit('config/platform.ts', 'traffic: {', 'risk: { brokenPromotedPercent: 20 }, traffic: {');
  const { code, stdout } = await repo.slipway('check');
  expect(stdout).toContain(`${says}; at most 20 % are wanted`);
  expect(stdout).not.toContain(`warning: ${says}`);
  expect(stdout).toContain('manifests');
  expect(code).toBe(1);
}, 240_000);
