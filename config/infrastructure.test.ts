import { describe, expect, test } from '@jest/globals';
import { DATABASE_INSTANCES, type DatabaseInstance, mostConnections } from './checks/database-instances.ts';
import { parsePlatform } from './checks/parse-platform.ts';
import { infrastructure } from './infrastructure.ts';
import { KUBERNETES_VERSIONS } from './kubernetes-versions.ts';
import { appIdentities, POD_IDENTITIES, podIdentities } from './pod-identities.ts';
import type { Cluster, Platform } from './schema.ts';
import platformInput from './testing/platform.ts';

type Input = typeof platformInput;

/** The sample platform with some of it changed. */
function platformWith(change: Partial<Input>): Platform {
  const { platform, mistakes } = parsePlatform({ ...platformInput, ...change });
  if (platform === undefined) throw new Error(JSON.stringify(mistakes));
  return platform;
}

const clusterOf = (platform: Platform, ring: string) =>
  platform.clusters.find((cluster) => cluster.ring === ring) as Cluster;

describe('what a cluster stands on', () => {
  const platform = platformWith({});
  const of = (ring: string) => infrastructure(platform, clusterOf(platform, ring));

  test('is small and cheap where images arrive by themselves', () => {
    expect(of('dev')).toEqual({
      kubernetes: '1.35',
      nat: 'one',
      interfaceEndpoints: [],
      publicApiCidrs: [],
      admins: [],
      logRetentionDays: 30,
      monthlyBudgetUsd: 500,
      database: {
        maxConnections: 400,
        instance: 'db.t4g.medium',
        storageGiB: 20,
        multiAz: false,
        backupDays: 7,
        restoreFrom: undefined,
      },
    });
  });

  test('is there twice where a person approves what arrives', () => {
    expect(of('prod')).toMatchObject({
      nat: 'per-zone',
      monthlyBudgetUsd: 1800,
      database: { instance: 'db.m7g.large', storageGiB: 100, multiAz: true, backupDays: 30 },
    });
  });

  test('is what its record says, key by key', () => {
    const [dev, ...others] = platformInput.clusters as [Input['clusters'][number], ...Input['clusters']];
    const changed = platformWith({
      clusters: [
        { ...dev, nat: 'per-zone', database: { multiAz: true, instance: 'db.t4g.large' } },
        ...others,
      ],
    });
    expect(infrastructure(changed, clusterOf(changed, 'dev'))).toMatchObject({
      nat: 'per-zone',
      database: { instance: 'db.t4g.large', multiAz: true, storageGiB: 20, backupDays: 7 },
    });
  });
});

test('a larger server takes more connections, and none more than RDS allows', () => {
  const sizes = Object.keys(DATABASE_INSTANCES) as DatabaseInstance[];
  for (const a of sizes) {
    expect(mostConnections(a)).toBeGreaterThanOrEqual(100);
    expect(mostConnections(a)).toBeLessThanOrEqual(5000);
    for (const b of sizes.filter((b) => DATABASE_INSTANCES[b] > DATABASE_INSTANCES[a]))
      expect(mostConnections(b)).toBeGreaterThanOrEqual(mostConnections(a));
  }
});

test('every Kubernetes that a cluster may run has a version of each EKS add-on, and of its own kube-proxy', () => {
  for (const [minor, versions] of Object.entries(KUBERNETES_VERSIONS)) {
    expect(versions['kube-proxy']).toMatch(new RegExp(`^v${minor}\\.`));
    for (const version of Object.values(versions)) expect(version).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
  }
});

describe('who has a role in AWS', () => {
  const names = (platform: Platform, ring: string) =>
    podIdentities(platform, clusterOf(platform, ring)).map(({ name }) => name);

  test('is no more than what the cluster has', () => {
    const base = names(platformWith({}), 'staging');
    expect(base).toContain('external-dns');
    expect(base).not.toContain('cloudwatch-agent');
    const changed = platformWith({ addOns: { 'external-dns': 'off', 'container-insights': 'on' } });
    expect(names(changed, 'staging')).not.toContain('external-dns');
    expect(names(changed, 'staging')).toContain('cloudwatch-agent');
  });

  test('is the image reflector where images are automated, from a registry that knows roles', () => {
    const ecr = platformWith({ registry: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/slipway' });
    expect([names(ecr, 'staging'), names(ecr, 'prod')].map((all) => all.includes('image-reflector'))).toEqual(
      [true, false],
    );
    expect(names(platformWith({}), 'staging')).not.toContain('image-reflector');
  });

  test('is called by a name that leaves room for that of a cluster', () => {
    for (const name of Object.keys(POD_IDENTITIES)) expect(35 + 1 + name.length).toBeLessThanOrEqual(64);
  });

  test.each([
    ['single', ['conduit']],
    ['split', ['conduit-auth', 'conduit-content', 'conduit-recommendations']],
    ['single-to-split', ['conduit', 'conduit-auth', 'conduit-content', 'conduit-recommendations']],
  ] as const)('is of an app that is %s: those of its services with connections', (topology, accounts) => {
    const { conduit } = platformInput.apps as Required<Input['apps']>;
    const settings = { ...conduit?.settings, topology, database: { poolSize: 2 } } as NonNullable<
      typeof conduit
    >['settings'];
    const platform = platformWith({ apps: { conduit: { settings } } });
    expect(appIdentities(platform, clusterOf(platform, 'dev'))).toEqual([
      { name: 'app-conduit', app: 'conduit', serviceAccounts: accounts },
    ]);
  });

  test('is no app without a database', () => {
    const platform = platformWith({});
    expect(appIdentities(platform, clusterOf(platform, 'dev'))).toEqual([]);
  });
});
