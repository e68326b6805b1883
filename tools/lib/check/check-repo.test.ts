import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Config, loadConfig } from '../../../config/load.ts';
import { compileSample } from '../../testing/sample.ts';
import { identity, type Manifest, manifests } from '../dist/manifests.ts';
import { ADD_ONS_PAGE, addOnsPage } from '../docs/add-ons-page.ts';
import { ROOT } from '../repo.ts';
import { type Compiled, compile } from '../synth/compile.ts';
import { publish } from '../synth/publish.ts';
import { checkRepo } from './check-repo.ts';

let root: string;
let config: Config;
let compiled: Compiled;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-check-'));
  ({ config, compiled } = await compileSample());
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** What is found when one file was made otherwise, and `dist/` with it. */
async function found(path: string, find: string | RegExp, replace: string): Promise<string[]> {
  const files = new Map(compiled.files);
  const before = files.get(path) ?? '';
  const after = before.replace(find, () => replace);
  expect(after).not.toBe(before);
  files.set(path, after);
  publish({ files }, join(root, 'dist'), join(root, 'scratch'));
  // Files don't tell what their objects are excepted from.
  const exceptions = new Map(compiled.manifests.map((own) => [key(own), own.exceptions]));
  const read = manifests(files).map((own) => ({ ...own, exceptions: exceptions.get(key(own)) ?? [] }));
  const findings = await checkRepo(root, config, { files, manifests: read, objects: 0 });
  return findings.map(({ where, says }) => `${where}: ${says}`);
}

function key({ file, object }: Manifest): string {
  return `${file}: ${identity(object)}`;
}

const APP = 'dev-eu-west-1/apps/conduit/conduit.yaml';
const KUSTOMIZATIONS = 'dev-eu-west-1/flux/kustomizations.yaml';

describe('check', () => {
  test("finds nothing in the repo's own platform", async () => {
    const own = await loadConfig(ROOT);
    expect(checkRepo(ROOT, own, await compile(own))).toEqual([]);
  });

  test('finds nothing in a dist/ that was just published', async () => {
    await publish(compiled, join(root, 'dist'), join(root, 'scratch'));
    expect(await checkRepo(root, config, compiled)).toEqual([]);
  });

  test('finds a file that is not what the code compiles to, one that is missing and one too many', async () => {
    const files = new Map(compiled.files);
    files.set(APP, `${files.get(APP)}# by hand\n`);
    files.delete(KUSTOMIZATIONS);
    files.set('old-cluster/flux/sources.yaml', 'a: 1\n');
    await publish({ files }, join(root, 'dist'), join(root, 'scratch'));
    expect(await checkRepo(root, config, compiled)).toEqual([
      { where: `dist/${APP}`, says: 'is not what the code compiles to; run `npm run synth`' },
      { where: `dist/${KUSTOMIZATIONS}`, says: 'is missing; run `npm run synth`' },
      {
        where: 'dist/old-cluster/flux/sources.yaml',
        says: 'no chart makes it any more; run `npm run synth`',
      },
    ]);
  });

  test('finds a page on add-ons that says something else than the code', async () => {
    await publish(compiled, join(root, 'dist'), join(root, 'scratch'));
    await mkdir(join(root, 'docs'));
    try {
      await writeFile(join(root, ADD_ONS_PAGE), addOnsPage(config));
      expect(checkRepo(root, config, compiled)).toEqual([]);
      await writeFile(join(root, ADD_ONS_PAGE), 'There are none.');
      expect(checkRepo(root, config, compiled)).toEqual([
        { where: 'docs/add-ons.md', says: 'is not what the code says; run `npm run synth`' },
      ]);
    } finally {
      await rm(join(root, 'docs'), { recursive: true });
    }
  });

  test('finds what breaks a policy', async () => {
    expect(
      await found(KUSTOMIZATIONS, 'path: ./dist/dev-eu-west-1/apps/conduit', 'path: ./dist/gone'),
    ).toEqual([
      'dist/dev-eu-west-1/apps/conduit: no Kustomization applies it; add one [folders]',
      `dist/${KUSTOMIZATIONS}: Kustomization/flux-system/conduit: spec.path: "./dist/gone" holds nothing of this cluster; let it apply a folder that does [folders]`,
    ]);
  });

  test('finds an automated image without its marker, with its line', async () => {
    const line = `${compiled.files.get(APP)?.split('{"$imagepolicy')[0]}`.split('\n').length;
    expect(await found(APP, / # \{"\$imagepolicy.*/, '')).toEqual([
      expect.stringContaining(`dist/${APP}:${line}: the image has no marker for flux-system:conduit-dev;`),
    ]);
  });
});
