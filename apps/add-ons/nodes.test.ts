import { beforeAll, describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import type { Resource } from '../../charts/custom-resource.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { DRAIN_HOURS } from '../../flux/add-ons/karpenter-nodes.ts';
import { chartFiles } from '../main.ts';

type Object = Resource & { spec: any };
type Nodes = ReturnType<typeof sampleConfig>['platform']['clusters'][number]['nodes'];

/** The objects of one cluster of the sample platform, with other nodes. */
async function objects(ring: string, nodes: Partial<Nodes> = {}): Promise<Object[]> {
  const { platform, ...others } = sampleConfig();
  const clusters = platform.clusters
    .filter((cluster) => cluster.ring === ring)
    .map((cluster) => ({ ...cluster, nodes: { ...cluster.nodes, ...nodes } }));
  const files = await chartFiles({ ...others, platform: { ...platform, clusters } }, 'apps/testing');
  return files.flatMap(({ namespace, build }) => {
    const chart = new Chart(new App(), 'chart', { namespace });
    build(chart);
    return chart.toJson() as Object[];
  });
}

const ofKind = (all: readonly Object[], kind: string) => all.filter((object) => object.kind === kind);

/** The names of the pools, the one that is tried first before the others. */
const pools = async (ring: string, nodes?: Partial<Nodes>) =>
  ofKind(await objects(ring, nodes), 'NodePool')
    .sort((a, b) => b.spec.weight - a.spec.weight)
    .map(({ metadata }) => metadata?.name);

describe('pools of nodes', () => {
  test('are of the cheapest kind first where the platform is small, and never taken back where it must be there', async () => {
    expect(await pools('dev')).toEqual(['spot-arm64', 'spot-amd64', 'on-demand-arm64', 'on-demand-amd64']);
    expect(await pools('prod')).toEqual(['on-demand-arm64', 'on-demand-amd64']);
  });

  test('are of the processors that the config names, in its order', async () => {
    expect(await pools('prod', { architectures: ['amd64'] })).toEqual(['on-demand-amd64']);
    expect(await pools('prod', { architectures: ['amd64', 'arm64'], spot: true })).toEqual([
      'spot-amd64',
      'spot-arm64',
      'on-demand-amd64',
      'on-demand-arm64',
    ]);
  });

  test('have an order of their own, and a limit', async () => {
    for (const [ring, cpu] of [
      ['dev', '16'],
      ['prod', '64'],
    ] as const) {
      const found = ofKind(await objects(ring), 'NodePool');
      expect(new Set(found.map(({ spec }) => spec.weight)).size).toBe(found.length);
      for (const { spec } of found) expect(spec.limits).toEqual({ cpu });
    }
    const [pool] = ofKind(await objects('dev', { maxCpu: 200 }), 'NodePool');
    expect(pool?.spec.limits).toEqual({ cpu: '200' });
  });

  test('exchange nodes in their maintenance only, and end empty ones at any time', async () => {
    const maintenance = { days: ['sat' as const], from: '22:00', hours: 6 };
    for (const { spec } of ofKind(await objects('prod', { maintenance }), 'NodePool')) {
      const closed = spec.disruption.budgets.filter(({ nodes }: any) => nodes === '0');
      expect(closed).toEqual([
        { nodes: '0', reasons: ['Drifted'], schedule: '0 4 * * sun', duration: '162h' },
      ]);
    }
  });

  test('all have a class that is there', async () => {
    const all = await objects('prod');
    const classes = ofKind(all, 'EC2NodeClass').map(({ metadata }) => metadata?.name);
    for (const { spec } of ofKind(all, 'NodePool')) {
      expect(classes).toContain(spec.template.spec.nodeClassRef.name);
    }
  });
});

test('nodes run one version of Bottlerocket on encrypted disks, and let no pod have their credentials', async () => {
  const [{ spec }] = ofKind(await objects('prod'), 'EC2NodeClass') as [Object];
  expect(spec.amiSelectorTerms).toEqual([{ alias: 'bottlerocket@v1.0.0' }]);
  expect(spec.blockDeviceMappings.map(({ ebs }: any) => ebs.encrypted)).toEqual([true, true]);
  expect(spec.metadataOptions).toMatchObject({ httpTokens: 'required', httpPutResponseHopLimit: 1 });
  expect(spec.role).toBe('prod-eu-west-1-node');
});

describe('pods that take long to go', () => {
  /** How long each pod may take, in seconds, with what the text of its values or spec says of nodes. */
  let graces: { name: string; seconds: number; pods: any }[];

  beforeAll(async () => {
    graces = (await objects('prod')).flatMap((object) => {
      const found: typeof graces = [];
      const visit = (value: any) => {
        if (value === null || typeof value !== 'object') return;
        const seconds = value.terminationGracePeriodSeconds;
        if (typeof seconds === 'number') {
          found.push({ name: `${object.kind} ${object.metadata?.name}`, seconds, pods: value });
        }
        for (const item of Object.values(value)) visit(item);
      };
      visit(object.spec);
      return found;
    });
    expect(graces.length).toBeGreaterThan(1);
  });

  test('have gone before their node is ended all the same', () => {
    for (const { name, seconds } of graces) {
      expect([name, seconds < (DRAIN_HOURS * 3600) / 2]).toEqual([name, true]);
    }
  });

  test('are on no node that AWS takes back within two minutes', () => {
    const slow = graces.filter(({ seconds }) => seconds > 120);
    expect(slow.map(({ name }) => name)).toContain('HelmRelease ingress-nginx');
    for (const { name, pods } of slow) {
      const affinity = pods.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      expect([name, affinity?.nodeSelectorTerms]).toEqual([
        name,
        [
          {
            matchExpressions: [{ key: 'karpenter.sh/capacity-type', operator: 'NotIn', values: ['spot'] }],
          },
        ],
      ]);
    }
  });
});

test('secrets may be asked for by the apps of the cluster and by who of the platform needs some', async () => {
  const all = await objects('prod');
  const allowed = Object.fromEntries(
    ofKind(all, 'ClusterSecretStore').map(({ metadata, spec }) => [
      metadata?.name,
      spec.conditions[0].namespaces,
    ]),
  );
  expect(allowed).toEqual({
    'aws-secrets-manager': ['flagger-system', 'flux-system', 'monitoring', 'oauth2-proxy', 'conduit'],
    'aws-parameter-store': ['conduit'],
  });
  for (const { spec } of ofKind(all, 'ClusterSecretStore')) expect(spec.provider.aws.auth).toBeUndefined();
});
