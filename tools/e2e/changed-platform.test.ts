// What a user changes first: the clusters, the sizes, the domains and the apps.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Repo } from './repo.ts';

const CLUSTER = `  {
    name: 'prod-us-east-1',
    account: '333333333333',
    region: 'us-east-1',
    ring: 'prod',
    zones: ['a', 'b'],
    vpcCidr: '10.40.0.0/16',
    apps: ['conduit', 'shop'],
  },
];
`;

/** The TypeScript of the page on adding a service: the app called "shop", and its settings. */
async function examples(): Promise<string[]> {
  const text = await readFile(join(repo.root, 'docs/add-a-service.md'), 'utf8');
  return [...text.matchAll(/^```ts .*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

let repo: Repo;
beforeAll(async () => {
  repo = await Repo.create();
  await repo.edit('config/clusters.ts', '];\n', CLUSTER);
  await repo.edit('config/clusters.ts', "apps: ['conduit']", 'apps: []');
  await repo.edit('config/platform.ts', '{ min: 2, max: 6 }', '{ min: 4, max: 9 }');
  await repo.edit('config/platform.ts', "60, domain: 'slipway.example'", "60, domain: 'www.slipway.app'");
  await repo.edit('apps/images.yaml', 'prod:\n', 'prod:\n  shop: ghcr.io/slipway/shop:1.0.0\n');
  const [app = '', settings = ''] = await examples();
  await writeFile(join(repo.root, 'apps/shop.ts'), app);
  await repo.edit('config/platform.ts', '  apps: {\n', `  apps: {\n${settings}`);
});
afterAll(() => repo[Symbol.asyncDispose]());

const dist = (path: string) => readFile(join(repo.root, 'dist', path), 'utf8');

test('a changed platform compiles, with the app of the documentation', async () => {
  expect(await repo.slipway('synth')).toMatchObject({ code: 0, stderr: '' });
  expect(await dist('staging-eu-west-1/apps/conduit/conduit.yaml')).toContain('minReplicas: 4\n');
  expect(await dist('prod-us-east-1/apps/shop/shop.yaml')).toContain('host: shop.www.slipway.app\n');
  expect(await dist('dev-eu-west-1/flux/kustomizations.yaml')).not.toContain('conduit');
});

test('images are automated for the rings in which a cluster runs the app, and no others', async () => {
  const names = (await dist('staging-eu-west-1/flux/image-automation.yaml')).match(
    /^kind: .*|^ {2}name: .*/gm,
  );
  expect(names).toEqual([
    'kind: ImageRepository',
    '  name: conduit',
    'kind: ImagePolicy',
    '  name: conduit-staging',
    'kind: ImageUpdateAutomation',
    '  name: images-staging',
  ]);
});

test('the tests of the config and of what it compiles to pass as before', async () => {
  const { code, stderr } = await repo.slipway(
    'test',
    'config/',
    'tools/lib/check/',
    'tools/lib/schema/validate',
  );
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
}, 120_000);
