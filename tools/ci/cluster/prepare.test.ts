// What a kind cluster is given, made of a compiled repo: the cluster itself is for the workflow to show.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { Repo } from '../../e2e/repo.ts';
import { applyImageUpdates } from '../../lib/flux/apply-image-updates.ts';

const CLUSTER = 'dev-eu-west-1';
const IMAGE = 'registry.test:5000/hello';
let repo: Repo;

beforeAll(async () => {
  repo = await Repo.create();
  // The example is not in the platform that tests stand on.
  await repo.edit('config/clusters.ts', "apps: ['conduit'],", "apps: ['conduit', 'hello'],");
  await repo.edit(
    'config/platform.ts',
    '  apps: {\n',
    "  apps: {\n    hello: { settings: { replicas: { min: 1, max: 2 }, cpu: '20m', memory: '64Mi' } },\n",
  );
  await repo.edit(
    'apps/images.yaml',
    'dev:\n',
    'dev:\n  hello: ghcr.io/stefanprodan/podinfo:6.14.1 # pinned: others build it\n',
  );
  expect((await repo.slipway('synth')).code).toBe(0);
  await repo.commit();
}, 60_000);
afterAll(() => repo[Symbol.asyncDispose]());

const prepare = (...args: string[]) => repo.run(process.execPath, ['tools/ci/cluster/prepare.ts', ...args]);

async function documents(file: string): Promise<any[]> {
  const text = await readFile(join(repo.root, 'dist', CLUSTER, file), 'utf8');
  return parseAllDocuments(text).map((one) => one.toJS());
}

test('the app and what it stands on are left, and nothing waits for what is not there', async () => {
  const { code, stderr } = await prepare(CLUSTER, 'e2e/1', `${IMAGE}:1.0.0`);
  expect([code, stderr]).toEqual([0, '']);
  const kept = await documents('flux/kustomizations.yaml');
  const names = kept.map(({ metadata }) => metadata.name);
  expect(names).toEqual(
    expect.arrayContaining([
      'linkerd-control-plane',
      'flagger',
      'kube-prometheus-stack',
      'mesh-metrics',
      'hello',
    ]),
  );
  for (const absent of [
    'conduit',
    'karpenter',
    'external-secrets',
    'storage',
    'aws-load-balancer-controller',
  ])
    expect(names).not.toContain(absent);
  for (const { spec } of kept) for (const { name } of spec.dependsOn ?? []) expect(names).toContain(name);
});

test('image automation writes a newer image into its manifests, and into nothing else', async () => {
  const [repository, policy, automation] = await documents('flux/image-automation.yaml');
  expect(repository.spec).toMatchObject({ image: IMAGE, insecure: true });
  expect(automation.spec.git).toMatchObject({
    checkout: { ref: { branch: 'e2e/1' } },
    push: { branch: 'e2e/1' },
  });
  await repo.commit();
  const { namespace, name } = policy.metadata;
  await applyImageUpdates(repo.root, new Map([[`${namespace}:${name}`, `${IMAGE}:1.0.1`]]));
  const changes = await repo.changes('dist');
  expect(changes.map((line) => line.replace(/^.*?: ([+-]) +/, '$1 '))).toEqual([
    `- image: ${IMAGE}:1.0.0 # {"$imagepolicy": "flux-system:hello-dev"}`,
    `+ image: ${IMAGE}:1.0.1 # {"$imagepolicy": "flux-system:hello-dev"}`,
  ]);
});

test('a cluster without the app is said', async () => {
  await repo.reset();
  const { code, stderr } = await prepare('staging-eu-west-1', 'e2e/1', `${IMAGE}:1.0.0`);
  expect(code).not.toBe(0);
  expect(stderr).toContain('dist/staging-eu-west-1/flux has no Kustomization hello');
});
