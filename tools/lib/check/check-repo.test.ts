import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Config, loadConfig } from '../../../config/load.ts';
import { manifests } from '../dist/manifests.ts';
import { ROOT } from '../repo.ts';
import { type Compiled, compile } from '../synth/compile.ts';
import { publish } from '../synth/publish.ts';
import { checkRepo } from './check-repo.ts';

let root: string;
let config: Config;
let compiled: Compiled;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-check-'));
  config = await loadConfig(ROOT);
  compiled = await compile(config);
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
  const findings = await checkRepo(root, config, { files, manifests: manifests(files), objects: 0 });
  return findings.map(({ where, says }) => `${where}: ${says}`);
}

const DEV = 'dev-eu-west-1';
const APP = `${DEV}/apps/conduit/conduit.yaml`;
const KUSTOMIZATIONS = `${DEV}/flux/kustomizations.yaml`;
const SERVICE = `---
apiVersion: v1
kind: Service
metadata:
  name: conduit-primary
  namespace: conduit
`;

describe('check', () => {
  test('finds nothing in what the repo compiles to', async () => {
    publish(compiled, join(root, 'dist'), join(root, 'scratch'));
    expect(await checkRepo(root, config, compiled)).toEqual([]);
  });

  test('finds a file that is not what the code compiles to, one that is missing and one too many', async () => {
    const files = new Map(compiled.files);
    files.set(APP, `${files.get(APP)}# by hand\n`);
    files.delete(KUSTOMIZATIONS);
    files.set('old-cluster/flux/sources.yaml', 'a: 1\n');
    publish({ files }, join(root, 'dist'), join(root, 'scratch'));
    expect(await checkRepo(root, config, compiled)).toEqual([
      { where: `dist/${APP}`, says: 'is not what the code compiles to; run `npm run synth`' },
      { where: `dist/${KUSTOMIZATIONS}`, says: 'is not what the code compiles to; run `npm run synth`' },
      {
        where: 'dist/old-cluster/flux/sources.yaml',
        says: 'no chart makes it any more; run `npm run synth`',
      },
    ]);
  });

  test('finds an automated image without its marker, with its line', async () => {
    const findings = await found(APP, / # \{"\$imagepolicy.*/, '');
    expect(findings).toEqual([
      expect.stringMatching(
        /^dist\/dev-eu-west-1\/apps\/conduit\/conduit\.yaml:\d+: wants the line to end with: image: \S+ # \{"\$imagepolicy": "flux-system:conduit-dev"\}$/,
      ),
    ]);
  });

  test('finds a marker whose policy no cluster has', async () => {
    const findings = await found(
      'staging-eu-west-1/flux/image-automation.yaml',
      'name: conduit-dev',
      'name: conduit-devel',
    );
    expect(findings).toEqual([
      'apps/images.yaml: dev.conduit: no cluster has the image policy flux-system:conduit-dev',
    ]);
  });

  test('finds a dependency that is not there', async () => {
    expect(await found(KUSTOMIZATIONS, '- name: flagger-metrics', '- name: flagger-metric')).toEqual([
      `dist/${KUSTOMIZATIONS}: conduit depends on flagger-metric, which is not there`,
    ]);
  });

  test('finds Kustomizations that wait for each other', async () => {
    expect(await found(KUSTOMIZATIONS, '- name: flagger\n', '- name: conduit\n')).toEqual([
      `dist/${KUSTOMIZATIONS}: wait for each other: flagger-metrics -> conduit -> flagger-metrics`,
    ]);
  });

  test('finds a Kustomization that applies an empty folder, and the folder that nothing applies', async () => {
    expect(
      await found(KUSTOMIZATIONS, `path: ./dist/${DEV}/apps/conduit`, `path: ./dist/${DEV}/apps/condiut`),
    ).toEqual([
      `dist/${KUSTOMIZATIONS}: conduit applies ./dist/${DEV}/apps/condiut, which holds nothing`,
      `dist/${DEV}/apps/conduit: no Kustomization applies it`,
    ]);
  });

  test('finds an object that Flagger makes itself', async () => {
    expect(await found(APP, /$/, SERVICE)).toEqual([
      `dist/${APP}: Service/conduit/conduit-primary is made by Flagger for the canary conduit; leave it out`,
    ]);
  });

  test('finds two files with the same object', async () => {
    const twice = SERVICE.replaceAll('conduit-primary', 'twice');
    expect(await found(APP, /$/, twice + twice)).toEqual([
      `dist/${APP}: Service/conduit/twice stands in dist/${APP} too`,
    ]);
  });

  test('finds a number of replicas under an autoscaler', async () => {
    expect(await found(APP, '  revisionHistoryLimit: 3', '  replicas: 2\n  revisionHistoryLimit: 3')).toEqual(
      [
        `dist/${APP}: Deployment/conduit/conduit sets spec.replicas, which its autoscaler rules; leave it out`,
      ],
    );
  });

  test('finds a variable where nothing substitutes it', async () => {
    expect(await found(KUSTOMIZATIONS, 'interval: 30m', 'interval: ${INTERVAL}')).toEqual([
      `dist/${KUSTOMIZATIONS}: Kustomization/flux-system/flagger holds a \${variable}, which nothing substitutes in this folder`,
    ]);
  });
});
