import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import type { Labels } from '../../charts/testing/promql/evaluate.ts';
import { RuleEngine } from '../../charts/testing/promql/rules.ts';
import { platformAlerts } from './platform-alerts.ts';

function rules(props: { logs: boolean; traces: boolean } = { logs: true, traces: true }): any[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'monitoring' });
  platformAlerts({
    runbooks: 'https://git.example.com/docs/runbooks',
    longestReleaseSeconds: 3000,
    ...props,
  }).objects(chart);
  return chart.toJson().flatMap(({ spec }: any) => spec.groups.flatMap((group: any) => group.rules));
}

const RULES = rules();

/** What Prometheus reads in a minute: the value of each series that is there, by name and labels. */
type World = readonly (readonly [string, Labels, number])[];

/** Something of everything, and all is well: without it, the alerts for what is missing would fire in every case. */
const WELL: World = [
  ['flux_resource_info', flux({}), 1],
  ['flagger_info', {}, 1],
  ['up', { job: 'monitoring/linkerd-proxy', pod: 'a' }, 1],
];

function flux(differs: Record<string, string>): Labels {
  return {
    exported_namespace: 'flux-system',
    kind: 'Kustomization',
    name: 'storage',
    ready: 'True',
    reason: 'Succeeded',
    suspended: 'False',
    ...differs,
  };
}

/**
 * The alerts that fire, each with its first minute.
 *
 * @param world what is read in each minute
 */
function told(minutes: number, world: (minute: number) => World): string[] {
  const engine = new RuleEngine(RULES);
  const first = new Map<string, number>();
  let before = new Map<string, readonly [string, Labels]>();
  for (let minute = 0; minute < minutes; minute++) {
    const now = new Map<string, readonly [string, Labels]>();
    for (const [name, labels, value] of world(minute)) {
      now.set(JSON.stringify([name, labels]), [name, labels]);
      engine.add(name, labels, 60 * minute, value);
    }
    for (const [key, [name, labels]] of before) {
      if (!now.has(key)) engine.add(name, labels, 60 * minute, undefined);
    }
    before = now;
    engine.evaluate(60 * minute);
    for (const { alert } of engine.firing) if (!first.has(alert)) first.set(alert, minute);
  }
  return [...first].map(([alert, minute]) => `${alert} at ${minute}`);
}

const also = (more: World): World => [...WELL, ...more];
const without = (metric: string): World => WELL.filter(([name]) => name !== metric);

/** One from a minute on, another before. */
const from =
  (start: number, then: World, otherwise: World = []) =>
  (minute: number) =>
    also(minute < start ? otherwise : then);

const deployment = (namespace: string, available: number, wanted = 2): World => [
  ['kube_deployment_status_replicas_available', { namespace, deployment: 'a' }, available],
  ['kube_deployment_spec_replicas', { namespace, deployment: 'a' }, wanted],
];

/** A certificate that lives for two days and is renewed with 25 hours left, issued at the beginning. */
const certificate = (): World => [
  ['certmanager_certificate_renewal_timestamp_seconds', { namespace: 'linkerd', name: 'issuer' }, 23 * 3600],
  [
    'certmanager_certificate_expiration_timestamp_seconds',
    { namespace: 'linkerd', name: 'issuer' },
    48 * 3600,
  ],
];

/** What the edge has counted of a route. */
const counted = (well: number, failed: number, ingress = 'shop'): World => [
  ['nginx_ingress_controller_requests', { namespace: 'shop', ingress, status: '200' }, well],
  ['nginx_ingress_controller_requests', { namespace: 'shop', ingress, status: '502' }, failed],
];

/** Requests at the edge by the minute: all of them, and those that fail. */
const edge = (minute: number, perMinute: number, failing: number, ingress?: string): World =>
  counted(minute * (perMinute - failing), minute * failing, ingress);

/** Times of requests by the minute: half of them within a second, the others within five or within ten. */
const times = (minute: number, perMinute: number, over: boolean): World =>
  (['1', '5', '10', '+Inf'] as const).map((le) => [
    'nginx_ingress_controller_request_duration_seconds_bucket',
    { namespace: 'shop', ingress: 'shop', le },
    (minute * perMinute) / (le === '1' || (over && le === '5') ? 2 : 1),
  ]);

const proxies = (all: number, unread: number): World =>
  Array.from({ length: all }, (_, index) => [
    'up',
    { job: 'monitoring/linkerd-proxy', pod: `p${index}` },
    index < unread ? 0 : 1,
  ]);

const volume = (used: number): World => [
  ['kubelet_volume_stats_available_bytes', { namespace: 'a', persistentvolumeclaim: 'a' }, 100 - used],
  ['kubelet_volume_stats_capacity_bytes', { namespace: 'a', persistentvolumeclaim: 'a' }, 100],
];

const node = (ready: boolean): World =>
  (['true', 'false', 'unknown'] as const).map((status) => [
    'kube_node_status_condition',
    { node: 'a', condition: 'Ready', status },
    Number(status === (ready ? 'true' : 'unknown')),
  ]);

const canary = (status: number): World => [
  ['flagger_canary_status', { namespace: 'shop', name: 'shop' }, status],
];

const crash: World = [
  [
    'kube_pod_container_status_waiting_reason',
    { namespace: 'a', pod: 'a', container: 'a', reason: 'CrashLoopBackOff' },
    1,
  ],
];

const lost = (metric: string, minute: number, perMinute: number): World => [
  [metric, { pod: 'a', exporter: 'awsxray', name: 'cloudwatch_logs.0' }, minute * perMinute],
];

const fluentBit = (minute: number, perMinute: number): World => [
  ...lost('fluentbit_output_retries_failed_total', minute, perMinute),
  ...lost('fluentbit_output_dropped_records_total', minute, 0),
];

describe('somebody is told', () => {
  test.each<[string, number, (minute: number) => World, string[]]>([
    [
      'of what Flux can not apply, whatever its reason becomes',
      60,
      (minute) =>
        also(
          minute < 10
            ? []
            : [['flux_resource_info', flux({ name: 'a', ready: 'False', reason: `${minute % 3}` }), 1]],
        ),
      ['FluxNotReady at 25'],
    ],
    [
      'of what somebody suspended and forgot',
      1600,
      from(10, [['flux_resource_info', flux({ name: 'a', suspended: 'True' }), 1]]),
      ['FluxSuspended at 1450'],
    ],
    [
      'when Flux tells nothing',
      60,
      (minute) => (minute < 10 ? WELL : without('flux_resource_info')),
      ['FluxUnmeasured at 40'],
    ],
    [
      'when Flagger tells nothing',
      60,
      (minute) => (minute < 10 ? WELL : without('flagger_info')),
      ['FlaggerUnmeasured at 25'],
    ],
    ['of a release that does not end', 200, from(10, canary(0), canary(1)), ['ReleaseTakesLong at 120']],
    [
      'of a Secret that is not what AWS has',
      60,
      from(10, [
        [
          'externalsecret_status_condition',
          { namespace: 'a', name: 'a', condition: 'Ready', status: 'False' },
          1,
        ],
      ]),
      ['SecretNotSynced at 25'],
    ],
    [
      'when no proxy is read any more, though all are there',
      60,
      (minute) =>
        minute < 10 ? WELL : [...without('up'), ['up', { job: 'monitoring/linkerd-proxy', pod: 'a' }, 0]],
      ['MeshUnmeasured at 20', 'MeshPartlyUnmeasured at 25'],
    ],
    [
      'when a fifth of the proxies is not',
      60,
      from(10, proxies(9, 2), proxies(9, 0)),
      ['MeshPartlyUnmeasured at 25'],
    ],
    [
      'of a certificate that is not renewed, long before it ends and again shortly before',
      40 * 60,
      () => also(certificate()),
      ['CertificateNotRenewed at 1456', 'CertificateExpiring at 2166'],
    ],
    [
      'of the trust anchor of the mesh, a year before it ends',
      180,
      () =>
        also([
          [
            'certmanager_certificate_expiration_timestamp_seconds',
            { namespace: 'cert-manager', name: 'linkerd-trust-anchor' },
            365 * 86_400 + 30 * 60,
          ],
        ]),
      ['MeshTrustAnchorExpiring at 91'],
    ],
    [
      'of a certificate that is not ready',
      60,
      from(10, [
        ['certmanager_certificate_ready_status', { namespace: 'a', name: 'a', condition: 'False' }, 1],
      ]),
      ['CertificateNotReady at 40'],
    ],
    [
      'at once of what nobody gets in without',
      60,
      from(10, deployment('ingress-nginx', 0), deployment('ingress-nginx', 2)),
      ['EssentialPartDown at 15'],
    ],
    [
      'later of what users do without',
      60,
      from(10, deployment('external-secrets', 0), deployment('external-secrets', 2)),
      ['PlatformPartDown at 25'],
    ],
    [
      'of a container that keeps ending, though it runs for a moment each time',
      60,
      (minute) => also(minute < 10 || minute % 3 === 0 ? [] : crash),
      ['PodCrashLooping at 25'],
    ],
    ['of a volume that is filling up', 60, from(10, volume(90), volume(80)), ['VolumeFillingUp at 40']],
    ['and wakes of one that is full', 20, from(10, volume(96), volume(80)), ['VolumeFull at 15']],
    ['of a node that is not ready', 60, from(10, node(false), node(true)), ['NodeNotReady at 25']],
    [
      'of pods that find no node',
      60,
      from(10, [['kube_pod_status_unschedulable', { namespace: 'a', pod: 'a' }, 1]]),
      ['PodsWithoutNode at 25'],
    ],
    [
      'when AWS refuses nodes',
      60,
      (minute) =>
        also([
          [
            'karpenter_cloudprovider_errors_total',
            { controller: 'a', method: 'Create', error: 'UnauthorizedOperation' },
            Math.max(0, minute - 10),
          ],
        ]),
      ['NodesNotStarting at 26'],
    ],
    [
      'of a pool that has nearly all that it may',
      60,
      from(10, [
        ['karpenter_nodepools_usage', { nodepool: 'spot', resource_type: 'cpu', pod: 'a' }, 95],
        ['karpenter_nodepools_limit', { nodepool: 'spot', resource_type: 'cpu', pod: 'a' }, 100],
      ]),
      ['NodePoolNearLimit at 25'],
    ],
    [
      'when one in ten requests fails at the edge',
      60,
      (minute) => also(edge(minute, 60, 6)),
      ['EdgeFailing at 8'],
    ],
    [
      'when they go on failing after the release that was judged',
      80,
      (minute) => also([...edge(minute, 60, 6), ...canary(minute < 30 ? 0 : 1)]),
      ['EdgeFailing at 44'],
    ],
    [
      'when requests take long at the edge',
      60,
      (minute) => also([...edge(minute, 60, 0), ...times(minute, 60, true)]),
      ['EdgeSlow at 16'],
    ],
    [
      'when the edge does not take its configuration',
      60,
      from(10, [['nginx_ingress_controller_config_last_reload_successful', { pod: 'a' }, 0]]),
      ['EdgeNotConfigured at 20'],
    ],
    ['of logs that are lost', 60, (minute) => also(fluentBit(minute, 5)), ['LogsLost at 16']],
    [
      'of traces that are lost',
      60,
      (minute) => also(lost('otelcol_exporter_send_failed_spans_total', minute, 5)),
      ['TracesLost at 16'],
    ],
  ])('%s', (_, minutes, world, expected) => {
    expect(told(minutes, world)).toEqual(expected);
  });
});

describe('nobody is told', () => {
  test.each<[string, number, (minute: number) => World]>([
    ['when all is well', 120, () => WELL],
    [
      'of a release that takes as long as it may, or of a folder that waits for it',
      120,
      (minute) =>
        also([
          ...canary(minute > 10 && minute < 70 ? 0 : 1),
          [
            'flux_resource_info',
            flux({ name: 'shop', ready: minute > 10 && minute < 70 ? 'Unknown' : 'True' }),
            1,
          ],
        ]),
    ],
    ['of a release that was rolled back, which its service tells', 500, from(10, canary(2), canary(1))],
    [
      'of what fails once and is mended by the next try',
      120,
      (minute) =>
        also([['flux_resource_info', flux({ name: 'a', ready: minute % 15 < 12 ? 'False' : 'True' }), 1]]),
    ],
    ['of a node that starts or restarts', 120, (minute) => also(node(minute % 20 > 10))],
    [
      'of pods that wait for the node that is on its way',
      120,
      (minute) =>
        also([['kube_pod_status_unschedulable', { namespace: 'a', pod: 'a' }, Number(minute % 20 < 10)]]),
    ],
    [
      'of capacity that AWS has none of for a while',
      120,
      (minute) =>
        also([
          [
            'karpenter_cloudprovider_errors_total',
            { controller: 'a', method: 'Create', error: 'InsufficientCapacityError' },
            minute,
          ],
        ]),
    ],
    [
      'of a certificate that is renewed in time, again and again',
      5 * 24 * 60,
      (minute) => {
        const issued = Math.floor(minute / (23 * 60)) * 23 * 3600;
        const times = { renewal: issued + 23 * 3600, expiration: issued + 48 * 3600 };
        return also(
          Object.entries(times).map(([what, value]) => [
            `certmanager_certificate_${what}_timestamp_seconds`,
            { namespace: 'linkerd', name: 'issuer' },
            value,
          ]),
        );
      },
    ],
    [
      'at once of a certificate that is still to be issued',
      20,
      () =>
        also([
          ['certmanager_certificate_renewal_timestamp_seconds', { namespace: 'a', name: 'a' }, 0],
          ['certmanager_certificate_expiration_timestamp_seconds', { namespace: 'a', name: 'a' }, 0],
          ['certmanager_certificate_ready_status', { namespace: 'a', name: 'a', condition: 'False' }, 1],
        ]),
    ],
    ['of a part that is meant to have no pods', 120, () => also(deployment('karpenter', 0, 0))],
    ['of an app that is down, which its own alert tells', 120, () => also(deployment('shop', 0))],
    ['of a pod that fails once', 120, (minute) => also(minute >= 10 && minute < 20 ? crash : [])],
    [
      'of a single failure at night, though it is half of the traffic',
      120,
      (minute) => also(edge(minute, 0.2, 0.1)),
    ],
    [
      'of one request in a hundred that fails, which the service’s budget is for',
      120,
      (minute) => also(edge(minute, 600, 6)),
    ],
    [
      'of a new version that fails while it is judged, and until nothing tells of it any more',
      120,
      (minute) => {
        const failed = 12 * Math.min(Math.max(0, minute - 10), 10);
        return also([...counted(60 * minute, failed), ...canary(minute > 5 && minute < 22 ? 0 : 2)]);
      },
    ],
    [
      'of a dashboard that does not answer',
      120,
      (minute) =>
        also(
          edge(minute, 60, 30).map(([name, labels, value]) => [
            name,
            { ...labels, namespace: 'monitoring' },
            value,
          ]),
        ),
    ],
    ['of requests that lead to no route', 120, (minute) => also(edge(minute, 60, 60, ''))],
    [
      'of slow requests when there are hardly any',
      120,
      (minute) => also([...edge(minute, 2, 0), ...times(minute, 2, true)]),
    ],
    [
      'of requests that are fast enough',
      120,
      (minute) => also([...edge(minute, 60, 0), ...times(minute, 60, false)]),
    ],
    ['of one proxy of twenty that is not read, as on a node that goes', 120, () => also(proxies(20, 1))],
    ['of a volume that is as full as it may be', 120, () => also(volume(80))],
    ['of logs and traces that arrive', 120, (minute) => also(fluentBit(minute, 0))],
  ])('%s', (_, minutes, world) => {
    expect(told(minutes, world)).toEqual([]);
  });
});

test('every alert is tried: one that no case has fire can not be trusted to', async () => {
  const { readFile } = await import('node:fs/promises');
  const source = await readFile(import.meta.filename, 'utf8');
  expect(RULES.map(({ alert }) => alert).filter((alert) => !source.includes(`'${alert} at `))).toEqual([]);
});

test('what is not there is not watched', () => {
  const names = rules({ logs: false, traces: false }).map(({ alert }) => alert);
  expect(RULES.map(({ alert }) => alert).filter((alert) => !names.includes(alert))).toEqual([
    'LogsLost',
    'TracesLost',
  ]);
});

test('each says how bad it is, what to do, and waits before it says so', () => {
  for (const { alert, labels, annotations, for: wait } of RULES) {
    expect({ alert, severity: labels.severity }).toEqual({
      alert,
      severity: expect.stringMatching(/^(critical|warning)$/),
    });
    expect(annotations.runbook_url).toMatch(/^https:\/\/git\.example\.com\/docs\/runbooks\/[a-z-]+\.md$/);
    expect(Number.parseInt(wait, 10)).toBeGreaterThanOrEqual(5);
    // A line for a title ends without a full stop, and what more there is to know with one.
    expect(annotations.summary).not.toMatch(/\.$/);
    expect(annotations.description).toMatch(/\.$/);
  }
});
