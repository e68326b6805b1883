import { beforeAll, describe, expect, test } from '@jest/globals';
import { chartFiles } from '../../../apps/main.ts';
import { sampleConfig } from '../../../config/testing/sample.ts';
import type { Manifest } from '../dist/manifests.ts';
import { inFile, object } from '../policy/testing.ts';
import { compileFiles } from '../synth/compile.ts';
import { CHARTS, type ChartDescription, type ChartWorkload } from './charts.ts';
import { unusedDescriptions, walkChartWorkloads } from './walk.ts';

const WORKLOAD: ChartWorkload = {
  kind: 'Deployment',
  replicas: 'replicas',
  disruptionBudget: 'pdb',
  spread: 'spread',
  resources: ['resources'],
  security: ['pod', 'container'],
};

const GOOD = {
  replicas: 2,
  pdb: { enabled: true, maxUnavailable: 1 },
  spread: [{ topologyKey: 'topology.kubernetes.io/zone' }, { topologyKey: 'kubernetes.io/hostname' }],
  resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { memory: '1Mi' } },
  pod: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  container: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  },
};

function release(values: object): Manifest[] {
  const spec = { chart: { spec: { chart: 'tool', version: '1.0.0' } }, values };
  return [inFile('c/platform/tool/tool.yaml', object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec }))];
}

const found = (values: object, workload: Partial<ChartWorkload> = {}, isHighlyAvailable = true) =>
  walkChartWorkloads(
    release(values),
    { tool: { workloads: { main: { ...WORKLOAD, ...workload } } } } as Record<string, ChartDescription>,
    isHighlyAvailable,
  ).map((line) => line.replace('HelmRelease/shop/shop: main: ', ''));

describe('the workloads of a chart', () => {
  test('are fine when the values say everything', () => {
    expect(found(GOOD)).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['run once', { replicas: 1 }, 'replicas: replicas: found 1; allowed: 2 or more'],
    ['are not scaled', { replicas: undefined }, 'replicas: replicas: found nothing; allowed: 2 or more'],
    ['have no disruption budget', { pdb: undefined }, 'disruptionBudget: pdb: there is none'],
    [
      'have one that is switched off',
      { pdb: { enabled: false, minAvailable: 1 } },
      'disruptionBudget: pdb: there is none',
    ],
    [
      'may never go',
      { pdb: { minAvailable: 2 } },
      'disruptionBudget: pdb: no pod may ever go, so no node could be drained',
    ],
    [
      'are not spread',
      { spread: [] },
      'spread: spread: pods are not spread by topology.kubernetes.io/zone and kubernetes.io/hostname',
    ],
    [
      'are spread over zones alone',
      { spread: [{ topologyKey: 'topology.kubernetes.io/zone' }] },
      'spread: spread: pods are not spread by kubernetes.io/hostname',
    ],
    [
      'have no limit of memory',
      { resources: { requests: { cpu: '1m', memory: '1Mi' } } },
      'resources: resources: lacks limits.memory',
    ],
    [
      'are not held in',
      { pod: {}, container: { ...GOOD.container, capabilities: {} } },
      'security: pod and container: lacks capabilities.drop: [ALL], runAsNonRoot: true, seccompProfile',
    ],
  ])('are told of when they %s', (_, changes, says) => {
    expect(found({ ...GOOD, ...changes })).toEqual([says]);
  });

  test('may be kept apart by an anti-affinity instead', () => {
    const podAntiAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname' }],
      preferredDuringSchedulingIgnoredDuringExecution: [
        { podAffinityTerm: { topologyKey: 'topology.kubernetes.io/zone' } },
      ],
    };
    expect(found({ ...GOOD, spread: { podAntiAffinity } })).toEqual([]);
  });

  test('may run once where the platform is small, with resources and security all the same', () => {
    expect(found({ resources: GOOD.resources }, {}, false)).toEqual([
      expect.stringContaining('security: pod and container: lacks'),
    ]);
  });

  test('on each node, and those that end, need no replicas', () => {
    const { resources, pod, container } = GOOD;
    for (const kind of ['DaemonSet', 'Job'] as const)
      expect(found({ resources, pod, container }, { kind })).toEqual([]);
  });

  test('count only where they run', () => {
    expect(found({ main: { enabled: false } }, { when: 'main.enabled' })).toEqual([]);
    expect(found({ main: { enabled: true } }, { when: 'main.enabled' })).not.toEqual([]);
  });

  test('may lack what is excepted with a reason', () => {
    const { pdb: _, ...rest } = GOOD;
    const except = (because: string) => ({ disruptionBudget: { at: 'pdb', because } });
    expect(found(rest, except('it holds nothing'))).toEqual([]);
    expect(found(rest, except(' '))).toEqual(['disruptionBudget: is excepted without a reason']);
    expect(found(GOOD, except('it holds nothing'))).toEqual([
      'disruptionBudget: pdb: is as it should be, so its exception is stale; take it away',
    ]);
  });

  test('must be described, as a whole', () => {
    expect(walkChartWorkloads(release(GOOD), {}, true)).toEqual([
      'HelmRelease/shop/shop: nothing says what the chart tool runs; describe it in chart-workloads/charts.ts',
    ]);
    const { spread: _, ...described } = WORKLOAD;
    expect(walkChartWorkloads(release(GOOD), { tool: { workloads: { main: described } } }, true)).toEqual([
      'HelmRelease/shop/shop: main: spread: nothing says where the chart has it, or why it does not',
    ]);
  });
});

describe('the platform', () => {
  let manifests: readonly Manifest[];
  beforeAll(async () => {
    const { platform, ...others } = sampleConfig();
    // With everything that can be chosen.
    const signIn = { issuer: 'https://login.example.com', emailDomains: ['example.com'] };
    const config = { ...others, platform: { ...platform, edge: { ...platform.edge, signIn } } };
    manifests = compileFiles(await chartFiles(config, 'apps/testing')).manifests;
  });
  const of = (ring: string) => manifests.filter(({ cluster }) => cluster.startsWith(`${ring}-`));

  test('runs everything more than once in production, spread, with budgets, resources and security', () => {
    expect(walkChartWorkloads(of('prod'), CHARTS, true)).toEqual([]);
  });

  test.each(['dev', 'staging'])('gives everything resources and security in %s', (ring) => {
    expect(walkChartWorkloads(of(ring), CHARTS, false)).toEqual([]);
  });

  test('installs every chart that is described', () => {
    expect(unusedDescriptions(manifests, CHARTS)).toEqual([]);
  });
});
