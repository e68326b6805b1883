import { expect, it } from '@jest/globals';
import type { Config } from '../../config/load.ts';
import type { Manifest } from '../lib/dist/manifests.ts';
import { buildFleet, type ClusterView, imageTag } from './fleet.ts';
import { fleetPage } from './fleet-page.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

const config = {
  platform: {
    rings: [
      { name: 'dev', promotion: 'automatic', images: 'pre-releases', domain: 'dev.example' },
      { name: 'staging', promotion: 'automatic', images: 'releases', domain: 'staging.example' },
      { name: 'prod', promotion: 'approval', soakMinutes: 60, domain: 'example' },
    ],
    clusters: [
      { name: 'dev-1', ring: 'dev', region: 'eu-west-1', account: '111111111111', zones: ['a', 'b'] },
      { name: 'prod-1', ring: 'prod', region: 'eu-west-1', account: '333333333333', zones: ['a', 'b'] },
    ],
    apps: { web: {}, search: {} },
  },
  versions: { dev: { flagger: '1.45.0' }, staging: { flagger: '1.44.0' }, prod: { flagger: '1.44.1' } },
  images: {
    dev: { web: { reference: 'ghcr.io/x/web:0.2.0-rc.3', policy: 'flux-system:web-dev' } },
    staging: { web: { reference: `ghcr.io/x/web:0.1.0@${DIGEST}`, policy: undefined } },
    prod: {
      web: { reference: 'ghcr.io/x/web:0.1.0', policy: undefined },
      search: {
        reference: 'ghcr.io/x/search:1.0.0',
        policy: undefined,
        pin: { reason: '1.1.0 finds nothing', skipAnalysis: false },
      },
    },
  },
} as unknown as Config;

function manifest(file: string, object: object): Manifest {
  return { file, cluster: file.split('/')[0] ?? '', object: object as Manifest['object'] };
}

function kustomization(name: string, path: string, dependsOn: string[] = []): Manifest {
  return manifest('dev-1/flux/kustomizations.yaml', {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system' },
    spec: { path, dependsOn: dependsOn.map((dependency) => ({ name: dependency })) },
  });
}

const manifests: Manifest[] = [
  kustomization('flagger', './dist/dev-1/platform/flagger'),
  kustomization('web', './dist/dev-1/apps/web/', ['flagger']),
  manifest('dev-1/flux/sources.yaml', {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name: 'flagger-chart' },
    spec: { ref: { tag: '1.45.0' } },
  }),
  manifest('dev-1/platform/flagger/flagger.yaml', {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'flagger', namespace: 'flagger-system' },
    spec: { chartRef: { name: 'flagger-chart' } },
  }),
  manifest('dev-1/platform/flagger/flagger.yaml', {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'loadtester', namespace: 'flagger-system' },
    spec: { chart: { spec: { version: '0.38.0' } } },
  }),
  manifest('dev-1/apps/web/web.yaml', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'web' },
    spec: { template: { spec: { containers: [{ image: 'ghcr.io/x/web:0.2.0-rc.3' }] } } },
  }),
  manifest('dev-1/apps/web/kustomization.yaml', {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
  }),
  manifest('old-1/apps/web/web.yaml', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web' } }),
];

const fleet = buildFleet(config, manifests);

it('says of each app what is ahead of what, and how it moves on', () => {
  const [web, search] = fleet.apps;
  expect(web?.stations).toEqual([
    {
      ring: 'dev',
      version: '0.2.0-rc.3',
      reference: 'ghcr.io/x/web:0.2.0-rc.3',
      moves: 'automatic',
      standing: 'ahead',
    },
    {
      ring: 'staging',
      version: '0.1.0',
      reference: `ghcr.io/x/web:0.1.0@${DIGEST}`,
      moves: 'pinned',
      standing: 'same',
    },
    { ring: 'prod', version: '0.1.0', reference: 'ghcr.io/x/web:0.1.0', moves: 'approval' },
  ]);
  expect(search?.stations.map(({ version }) => version)).toEqual([undefined, undefined, '1.0.0']);
  expect(search?.stations[2]).toMatchObject({ moves: 'pinned', pin: 'pinned: 1.1.0 finds nothing' });
});

it('shows why an image is pinned, and what is suspended', () => {
  const [first, ...others] = fleet.clusters;
  const suspended = { ...(first as ClusterView), suspend: 'is rebuilt' };
  const page = fleetPage({ ...fleet, clusters: [suspended, ...others] }, undefined);
  expect(page).toContain('<span class="note">pinned: 1.1.0 finds nothing</span>');
  expect(page).toContain('<span class="note">suspended: is rebuilt</span>');
});

it('says of each add-on what is ahead and what is behind', () => {
  expect(fleet.addOns).toEqual([
    {
      name: 'flagger',
      stations: [
        { ring: 'dev', version: '1.45.0', standing: 'ahead' },
        { ring: 'staging', version: '1.44.0', standing: 'behind' },
        { ring: 'prod', version: '1.44.1' },
      ],
    },
  ]);
});

it('knows of each Kustomization its folder, what it waits for, its version and its objects', () => {
  const [dev] = fleet.clusters;
  expect(dev).toMatchObject({ name: 'dev-1', ring: 'dev', region: 'eu-west-1', objects: 6 });
  expect(dev?.root.map(({ kind }) => kind)).toEqual(['Kustomization', 'Kustomization', 'OCIRepository']);
  expect(dev?.layers).toEqual([
    {
      name: 'flagger',
      group: 'platform',
      isSuspended: false,
      path: 'dist/dev-1/platform/flagger',
      dependsOn: [],
      version: '1.45.0',
      objects: [
        {
          kind: 'HelmRelease',
          name: 'flagger',
          namespace: 'flagger-system',
          file: 'dist/dev-1/platform/flagger/flagger.yaml',
        },
        {
          kind: 'HelmRelease',
          name: 'loadtester',
          namespace: 'flagger-system',
          file: 'dist/dev-1/platform/flagger/flagger.yaml',
        },
      ],
    },
    {
      name: 'web',
      group: 'apps',
      isSuspended: false,
      path: 'dist/dev-1/apps/web',
      dependsOn: ['flagger'],
      version: '0.2.0-rc.3',
      objects: [{ kind: 'Deployment', name: 'web', namespace: 'web', file: 'dist/dev-1/apps/web/web.yaml' }],
    },
  ]);
});

it('shows clusters that have yet to be compiled, and those that the config no longer names', () => {
  expect(fleet.clusters.map(({ name, ring, objects }) => ({ name, ring, objects })).slice(1)).toEqual([
    { name: 'prod-1', ring: 'prod', objects: 0 },
    { name: 'old-1', ring: undefined, objects: 1 },
  ]);
});

it.each([
  ['ghcr.io/x/web:1.2.3', '1.2.3'],
  [`ghcr.io/x/web:1.2.3@${DIGEST}`, '1.2.3'],
  ['localhost:5000/web:1.2.3', '1.2.3'],
  [`localhost:5000/web@${DIGEST}`, 'sha256:abababababab'],
])('shows %s as %s', (reference, tag) => expect(imageTag(reference)).toBe(tag));
