import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import type { Resource } from '../../../charts/custom-resource.ts';
import type { ICanary, IMetricTemplate } from '../../../charts/flagger-types.ts';
import { LATENCY_EDGES } from '../../../config/checks/values.ts';
import { compileSample } from '../../testing/sample.ts';
import { type Labels, targetLabels } from '../../testing/scrapes.ts';
import type { Manifest } from '../dist/manifests.ts';

const CLUSTER = 'prod-eu-west-1';

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

/** A meshed pod of the primary, as Prometheus finds it. */
const POD: Labels = {
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
    expect(targetLabels(POD, proxyMonitor().endpoint)).toEqual({
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
    expect(targetLabels(pod, proxyMonitor().endpoint)).toMatchObject({
      job: 'flagger-system/linkerd-proxy',
      k8s_job: 'backup',
    });
  });

  test('tell who asked: the load tester is known by the account that its pods run under', () => {
    const callers = ofKind<Resource & { spec: { identityRefs: { name: string; namespace: string }[] } }>(
      'MeshTLSAuthentication',
    ).filter(({ metadata }) => metadata?.namespace === 'conduit');
    const identities = callers
      .flatMap(({ spec }) => spec.identityRefs)
      .map(({ name, namespace }) => `${name}.${namespace}.serviceaccount.identity.linkerd.cluster.local`);
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
