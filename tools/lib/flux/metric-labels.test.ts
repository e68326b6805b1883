import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import type { ICanary, IMetricTemplate } from '../../../charts/flagger-types.ts';
import { LATENCY_EDGES } from '../../../config/checks/values.ts';
import { compileSample } from '../../testing/sample.ts';
import type { Manifest } from '../dist/manifests.ts';

const CLUSTER = 'prod-eu-west-1';

/**
 * What Linkerd's proxy says itself of a request that arrived. It says which workload it is a proxy of neither in these nor
 * in any other label.
 *
 * @see https://github.com/linkerd/linkerd2-proxy/blob/main/linkerd/app/core/src/transport/labels.rs
 * @see https://github.com/linkerd/linkerd2-proxy/blob/main/linkerd/app/core/src/metrics.rs
 */
const INBOUND = ['direction', 'target_addr', 'target_ip', 'target_port', 'tls', 'client_id', 'status_code'];
const METRICS: Record<string, readonly string[]> = {
  response_total: [...INBOUND, 'classification'],
  response_latency_ms_bucket: [...INBOUND, 'le'],
};

/**
 * The labels that the operator gives what a PodMonitor selects.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
 */
const BY_OPERATOR: Record<string, string> = {
  namespace: '__meta_kubernetes_namespace',
  pod: '__meta_kubernetes_pod_name',
  container: '__meta_kubernetes_pod_container_name',
};

type Relabelings = NonNullable<
  NonNullable<IPodMonitor['spec']['podMetricsEndpoints']>[number]['relabelings']
>;

let manifests: Manifest[];
beforeAll(async () => {
  const { compiled } = await compileSample();
  manifests = compiled.manifests.filter(({ cluster }) => cluster === CLUSTER);
});

function ofKind<Kind>(kind: string): Kind[] {
  return manifests.filter(({ object }) => object.kind === kind).map(({ object }) => object as Kind);
}

/** The monitor of the mesh's proxies, and how often they are read, in seconds. */
function proxyMonitor() {
  const [monitor, ...others] = ofKind<IPodMonitor>('PodMonitor').filter(({ spec }) =>
    spec.podMetricsEndpoints?.some(({ port }) => port === 'linkerd-admin'),
  );
  expect(others).toEqual([]);
  const [endpoint] = monitor?.spec.podMetricsEndpoints ?? [];
  if (monitor === undefined || endpoint === undefined) throw new Error('nothing reads the proxies');
  return { spec: monitor.spec, endpoint, seconds: Number.parseInt(endpoint.interval ?? '', 10) };
}

/** The labels of a scraped pod, by Prometheus' rules. @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
function relabelled(meta: Record<string, string>, relabelings: Relabelings): Record<string, string> {
  const labels = { ...meta };
  for (const [name, source] of Object.entries(BY_OPERATOR)) labels[name] = meta[source] ?? '';
  for (const {
    action = 'replace',
    regex = '(.*)',
    sourceLabels = [],
    targetLabel,
    replacement = '$1',
  } of relabelings) {
    const pattern = new RegExp(`^(?:${regex})$`);
    const value = sourceLabels.map((source) => labels[source] ?? '').join(';');
    if (action === 'replace' && targetLabel !== undefined && pattern.test(value)) {
      labels[targetLabel] = value.replace(pattern, replacement);
    } else if (action === 'labelmap') {
      for (const [name, own] of Object.entries(labels)) {
        if (pattern.test(name)) labels[name.replace(pattern, replacement)] = own;
      }
    } else if (action === 'labeldrop') {
      for (const name of Object.keys(labels)) if (pattern.test(name)) delete labels[name];
    } else if (action !== 'replace') throw new Error(`no rule for ${action}`);
  }
  return Object.fromEntries(
    Object.entries(labels).filter(([name, value]) => !name.startsWith('__') && value !== ''),
  );
}

/** A meshed pod of the primary, as Prometheus finds it. */
const POD: Record<string, string> = {
  __meta_kubernetes_namespace: 'conduit',
  __meta_kubernetes_pod_name: 'conduit-primary-6f9-abcde',
  __meta_kubernetes_pod_container_name: 'linkerd-proxy',
  __meta_kubernetes_pod_label_app_kubernetes_io_name: 'conduit-primary',
  __meta_kubernetes_pod_label_linkerd_io_control_plane_ns: 'linkerd',
  __meta_kubernetes_pod_label_linkerd_io_proxy_deployment: 'conduit-primary',
  __meta_kubernetes_pod_label_linkerd_io_workload_ns: 'conduit',
};

describe('the labels of the mesh’s numbers', () => {
  test('say of which workload a proxy is one', () => {
    expect(relabelled(POD, proxyMonitor().endpoint.relabelings ?? [])).toEqual({
      namespace: 'conduit',
      pod: 'conduit-primary-6f9-abcde',
      container: 'linkerd-proxy',
      control_plane_ns: 'linkerd',
      deployment: 'conduit-primary',
    });
  });

  test('leave a Job’s name apart from the scrape’s own', () => {
    const { __meta_kubernetes_pod_label_linkerd_io_proxy_deployment: _, ...rest } = POD;
    const pod = {
      ...rest,
      job: 'flagger-system/linkerd-proxy',
      __meta_kubernetes_pod_label_linkerd_io_proxy_job: 'backup',
    };
    expect(relabelled(pod, proxyMonitor().endpoint.relabelings ?? [])).toMatchObject({
      job: 'flagger-system/linkerd-proxy',
      k8s_job: 'backup',
    });
  });

  test('are there for every label that a template asks for', () => {
    const scraped = Object.keys(relabelled(POD, proxyMonitor().endpoint.relabelings ?? []));
    const templates = ofKind<IMetricTemplate>('MetricTemplate');
    expect(templates.length).toBeGreaterThan(0);
    for (const { metadata, spec } of templates) {
      const asked = [...spec.query.matchAll(/\b(\w+)\{((?:\{\{.*?\}\}|[^}])*)\}/g)];
      expect(asked.length).toBeGreaterThan(0);
      for (const [, metric = '', selector = ''] of asked) {
        const own = METRICS[metric];
        const labels = [...selector.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label]) => label);
        const known = new Set([...scraped, ...(own ?? [])]);
        expect({
          template: metadata?.name,
          metric: own && metric,
          unknown: labels.filter((label) => !known.has(label ?? '')),
        }).toEqual({ template: metadata?.name, metric, unknown: [] });
      }
      for (const [, labels = ''] of spec.query.matchAll(/\bby \(([^)]*)\)/g)) {
        expect(METRICS.response_latency_ms_bucket).toEqual(expect.arrayContaining(labels.split(/,\s*/)));
      }
    }
  });

  test('tell who asked: the load tester is known by the account that its pods run under', () => {
    const { spec } =
      ofKind<{ spec: { identityRefs: { name: string; namespace: string }[] } }>('MeshTLSAuthentication')[0] ??
      {};
    const identities = (spec?.identityRefs ?? []).map(
      ({ name, namespace }) => `${name}.${namespace}.serviceaccount.identity.linkerd.cluster.local`,
    );
    for (const { spec } of ofKind<IMetricTemplate>('MetricTemplate')) {
      const named = new Set([...spec.query.matchAll(/client_id!?="([^"]*)"/g)].map(([, id]) => id));
      expect(named.size).toBe(1);
      expect(identities).toEqual(expect.arrayContaining([...named]));
    }
  });
});

describe('a check', () => {
  const seconds = (duration: string | undefined) => {
    expect(duration).toMatch(/^\d+s$/);
    return Number.parseInt(duration ?? '', 10);
  };

  test('looks back over two scrapes at least, and never into the check before', () => {
    const canaries = ofKind<ICanary>('Canary');
    expect(canaries.length).toBeGreaterThan(0);
    for (const { analysis } of canaries.map(({ spec }) => spec)) {
      for (const { interval } of analysis.metrics) {
        expect(seconds(interval)).toBeGreaterThanOrEqual(2 * proxyMonitor().seconds);
        expect(seconds(interval)).toBeLessThanOrEqual(seconds(analysis.interval));
      }
    }
  });

  test('limits the P99 on an edge of the mesh’s buckets, where it can be counted', () => {
    const limits = ofKind<ICanary>('Canary').flatMap(({ spec }) =>
      spec.analysis.metrics.flatMap(({ thresholdRange }) => thresholdRange.max ?? []),
    );
    expect(limits.length).toBeGreaterThan(0);
    for (const limit of limits) expect(LATENCY_EDGES).toContain(limit);
  });
});

test('what reads the proxies reads them all, whatever their namespace', () => {
  const { spec } = proxyMonitor();
  expect(spec.namespaceSelector).toEqual({ any: true });
  expect(spec.selector).toEqual({ matchLabels: { 'linkerd.io/control-plane-ns': 'linkerd' } });
});
