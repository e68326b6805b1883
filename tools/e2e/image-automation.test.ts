// Flux's image automation over a repo, one ring after the other, in every order they can come.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { applyImageUpdates } from '../lib/flux/apply-image-updates.ts';
import { Repo } from './repo.ts';

const CLUSTERS = `  {
    name: 'qa-eu-west-1',
    account: '444444444444',
    region: 'eu-west-1',
    ring: 'qa',
    zones: ['a', 'b'],
    vpcCidr: '10.50.0.0/16',
    apps: ['conduit', 'shop'],
  },
  {
    name: 'dev-us-east-1',
    account: '111111111111',
    region: 'us-east-1',
    ring: 'dev',
    zones: ['a', 'b'],
    vpcCidr: '10.60.0.0/16',
    apps: ['conduit', 'shop'],
  },
];
`;

const SHOP = `import type { Chart } from 'cdk8s';
import { WebService } from '../charts/web-service.ts';
import type { AppContext } from './app.ts';

export default function shop(chart: Chart, { name, image, host, settings, platform }: AppContext): void {
  new WebService(chart, name, { ...settings, image, host, platform });
}
`;

const RINGS = ['dev', 'qa', 'staging'];
const APPS = ['conduit', 'shop'];

let repo: Repo;
/** The commit that each test begins with. */
let base: string;
beforeAll(async () => {
  repo = await Repo.create();
  await writeFile(join(repo.root, 'apps/shop.ts'), SHOP);
  await repo.edit('config/clusters.ts', '];\n', CLUSTERS);
  await repo.edit(
    'config/platform.ts',
    "    { name: 'staging',",
    "    { name: 'qa', promotion: 'automatic' },\n    { name: 'staging',",
  );
  await repo.edit(
    'config/platform.ts',
    '  apps: {\n',
    "  apps: {\n    shop: { settings: { replicas: { min: 1, max: 2 }, cpu: '50m', memory: '64Mi' } },\n",
  );
  await repo.edit(
    'apps/images.yaml',
    'dev:\n',
    'dev:\n  shop: ghcr.io/slipway/shop:1.0.0 # pinned: 1.1.0 loses carts\n',
  );
  const marker = (app: string) => `# {"$imagepolicy": "flux-system:${app}-qa"}`;
  await repo.edit(
    'apps/images.yaml',
    'staging:\n',
    `qa:\n  conduit: ghcr.io/slipway/conduit:0.1.0 ${marker('conduit')}\n  shop: ghcr.io/slipway/shop:1.0.0 ${marker('shop')}\nstaging:\n`,
  );
  const versions = await readFile(join(repo.root, 'config/versions.yaml'), 'utf8');
  const dev = /^dev:\n((?: {2}.*\n)+)/m.exec(versions)?.[1] ?? '';
  await repo.edit('config/versions.yaml', 'staging:\n', `qa:\n${dev}staging:\n`);
  expect(await repo.slipway('synth')).toMatchObject({ code: 0 });
  await repo.commit();
  base = (await repo.git('rev-parse', 'HEAD')).trim();
}, 120_000);
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(() => repo.git('reset', '-q', '--hard', base));

/** The objects of the cluster that automates images. */
async function automation(): Promise<any[]> {
  const text = await readFile(join(repo.root, 'dist/staging-eu-west-1/flux/image-automation.yaml'), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS());
}

/** What an ImageUpdateAutomation writes where each of its policies has found a new image of its own. */
async function run(ring: string, tag: string): Promise<void> {
  const objects = await automation();
  const { policySelector } = objects.find(
    ({ kind, metadata }) => kind === 'ImageUpdateAutomation' && metadata.name === `images-${ring}`,
  ).spec;
  const [[label, value]] = Object.entries(policySelector.matchLabels) as [[string, string]];
  const policies = objects.filter(
    ({ kind, metadata }) => kind === 'ImagePolicy' && metadata.labels?.[label] === value,
  );
  const updates = policies.map(({ metadata, spec }): [string, string] => {
    const repository = objects.find(
      (object) => object.kind === 'ImageRepository' && object.metadata.name === spec.imageRepositoryRef.name,
    );
    const digest = `sha256:${Buffer.from(`${metadata.name}${tag}`).toString('hex').padEnd(64, '0').slice(0, 64)}`;
    return [`${metadata.namespace}:${metadata.name}`, `${repository.spec.image}:${tag}@${digest}`];
  });
  await applyImageUpdates(repo.root, new Map(updates));
}

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) =>
        permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
      );

/** The clusters of a ring, by their names. */
const ofRing = (ring: string) => new RegExp(`^(apps/images\\.yaml|dist/${ring}-[^/]+/apps/)`);

test('there is an automation for each ring that takes images by itself, and a policy for each app in it', async () => {
  const names = (await automation()).map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
  expect(names).toEqual([
    ...APPS.flatMap((app) => RINGS.map((ring) => `ImagePolicy ${app}-${ring}`)).filter(
      (name) => name !== 'ImagePolicy shop-staging',
    ),
    ...APPS.map((app) => `ImageRepository ${app}`),
    ...RINGS.map((ring) => `ImageUpdateAutomation images-${ring}`),
  ]);
});

describe.each(permutations(RINGS))('%s, then %s, then %s', (...rings) => {
  test('each changes its own lines alone, and a compile after it changes nothing', async () => {
    for (const [index, ring] of rings.entries()) {
      await run(ring, `2.0.${index}-rc.1`);
      const changes = await repo.changes('.');
      const apps = ring === 'qa' ? APPS : ['conduit'];
      expect(changes.length).toBeGreaterThan(0);
      for (const change of changes) {
        expect(change).toMatch(ofRing(ring));
        expect(change).toContain(`# {"$imagepolicy": "flux-system:`);
        expect(apps.some((app) => change.includes(`"flux-system:${app}-${ring}"`))).toBe(true);
      }
      const before = await repo.git('status', '--porcelain');
      const diff = await repo.git('diff');
      expect(await repo.slipway('synth')).toMatchObject({ code: 0, stderr: '' });
      expect(await repo.git('status', '--porcelain')).toBe(before);
      expect(await repo.git('diff')).toBe(diff);
      await repo.commit();
    }
  }, 60_000);

  test('an image that is pinned stays', async () => {
    for (const ring of rings) await run(ring, '2.0.0-rc.9');
    const images = await readFile(join(repo.root, 'apps/images.yaml'), 'utf8');
    expect(images).toContain('  shop: ghcr.io/slipway/shop:1.0.0 # pinned: 1.1.0 loses carts\n');
    expect(await repo.changes('dist/dev-us-east-1/apps/shop')).toEqual([]);
  });
});
