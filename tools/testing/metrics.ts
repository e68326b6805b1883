// What services and their releases tell: the table of the metrics that templates, rules and dashboards ask for, with labels of
// their own, and where that is said. In a cluster whose services are all being released. What the platform tells stands in
// platform-exporters.ts.

import type { Resource } from '../../charts/custom-resource.ts';
import type { ICanary } from '../../charts/flagger-types.ts';
import { type Pods, stateIn } from '../../charts/testing/flagger.ts';
import { LATENCY_EDGES } from '../../config/checks/values.ts';
import { platformGiven, platformPods } from './platform-exporters.ts';
import type { Labels, Metric, Target } from './scrapes.ts';

/** What there is to be scraped, and what charts that are no part of `dist/` have scraped by default. */
interface Exporters {
  targets: Target[];
  given: Metric[];
}

/** Everything. */
export function exporters(objects: readonly Resource[]): Exporters {
  const { targets, given } = serviceExporters(objects);
  return { targets: [...targets, ...platformPods()], given: [...given, ...platformGiven()] };
}

/** Services and their releases. */
export function serviceExporters(objects: readonly Resource[]): Exporters {
  const services = stateIn('during', objects).pods;
  const canaries = objects.filter(({ kind }) => kind === 'Canary') as ICanary[];
  return {
    targets: [...services.map(servicePod), flaggerPod(canaries)],
    given: services.flatMap((pods) => [...kubeStateMetrics(pods), ...cadvisor(pods)]),
  };
}

function servicePod(pods: Pods): Target {
  const { namespace, name, labels } = pods;
  return {
    namespace,
    name: podName(pods),
    // What the injector adds. @see https://github.com/linkerd/linkerd2/blob/main/pkg/k8s/labels.go
    labels: { ...labels, 'linkerd.io/control-plane-ns': 'linkerd', 'linkerd.io/proxy-deployment': name },
    ports: {
      management: { container: serviceOf(pods), metrics: CONDUIT },
      // @see https://github.com/linkerd/linkerd2/blob/main/charts/partials/templates/_proxy.tpl
      'linkerd-admin': { container: 'linkerd-proxy', metrics: linkerdProxy(pods) },
    },
  };
}

/**
 * The proxy's metrics of what arrives. It says of no request which workload it is a proxy of.
 *
 * @see https://github.com/linkerd/linkerd2-proxy/blob/main/linkerd/app/core/src/transport/labels.rs
 * @see https://github.com/linkerd/linkerd2-proxy/blob/main/linkerd/app/core/src/metrics.rs
 * @see https://github.com/linkerd/linkerd2-proxy/blob/main/linkerd/http/metrics/src/requests/report.rs
 */
function linkerdProxy({ ports }: Pods): Metric[] {
  const callers = ['ingress-nginx.ingress-nginx', 'default.flagger-system'];
  return callers.flatMap((caller) => {
    const arrived = {
      direction: 'inbound',
      target_addr: `10.0.0.1:${ports.http}`,
      target_ip: '10.0.0.1',
      target_port: String(ports.http),
      tls: 'true',
      client_id: `${caller}.serviceaccount.identity.linkerd.cluster.local`,
    };
    const type = 'counter' as const;
    return [
      {
        name: 'response_total',
        labels: { ...arrived, status_code: '200', classification: 'success' },
        type,
        value: 9,
      },
      { name: 'response_total', labels: { ...arrived, status_code: '500', classification: 'failure' }, type },
      ...[...LATENCY_EDGES, '+Inf'].map((edge) => ({
        name: 'response_latency_ms_bucket',
        labels: { ...arrived, status_code: '200', le: String(edge) },
        type,
        value: 9,
      })),
      { name: 'response_latency_ms_count', labels: { ...arrived, status_code: '200' }, type, value: 9 },
    ];
  });
}

/**
 * Of conduit itself. A test holds that the running service tells all of them.
 *
 * @see service/src/metrics.ts
 */
export const CONDUIT: readonly Metric[] = [
  { name: 'http_server_active_requests', labels: {}, type: 'gauge' },
  { name: 'conduit_requests_shed_total', labels: { reason: 'in-flight' }, type: 'counter' },
  { name: 'nodejs_eventloop_utilization', labels: {}, type: 'gauge' },
  { name: 'db_client_connection_count', labels: { state: 'idle' }, type: 'gauge' },
  { name: 'db_client_connection_max', labels: {}, type: 'gauge' },
  { name: 'db_client_connection_pending_requests', labels: {}, type: 'gauge' },
];

/**
 * @see https://github.com/fluxcd/flagger/blob/main/pkg/metrics/recorder.go
 * @see https://github.com/fluxcd/flagger/blob/main/charts/flagger/templates/deployment.yaml (labels, port)
 */
function flaggerPod(canaries: readonly ICanary[]): Target {
  const metrics = canaries.flatMap(({ metadata, spec }): Metric[] => {
    const { name } = spec.targetRef;
    const namespace = metadata?.namespace ?? '';
    const weight = (workload: string, value: number): Metric => ({
      name: 'flagger_canary_weight',
      labels: { workload, namespace },
      type: 'gauge',
      value,
    });
    return [
      { name: 'flagger_canary_status', labels: { name, namespace }, type: 'gauge', value: 0 },
      weight(name, 10),
      weight(`${name}-primary`, 90),
    ];
  });
  return {
    namespace: 'flagger-system',
    name: 'flagger-5d8-abcde',
    labels: { 'app.kubernetes.io/name': 'flagger', 'app.kubernetes.io/instance': 'flagger' },
    ports: { http: { container: 'flagger', metrics } },
  };
}

/**
 * As kube-prometheus-stack has it scraped, with the labels that it gives itself.
 *
 * @see https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload
 * @see https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml (kube-state-metrics.prometheus.monitor.http.honorLabels)
 */
function kubeStateMetrics(pods: Pods): Metric[] {
  const { namespace, name } = pods;
  const container = { namespace, pod: podName(pods), container: serviceOf(pods) };
  const onNode = { node: 'a' };
  const gauge = (metric: string, labels: Labels): Metric => ({ name: metric, labels, type: 'gauge' });
  // Flagger makes one for the primary from ours.
  const autoscaler = { namespace, horizontalpodautoscaler: name };
  return [
    gauge('kube_deployment_status_replicas_available', { namespace, deployment: name }),
    gauge('kube_deployment_status_replicas_ready', { namespace, deployment: name }),
    gauge('kube_horizontalpodautoscaler_status_desired_replicas', autoscaler),
    gauge('kube_horizontalpodautoscaler_spec_max_replicas', autoscaler),
    gauge('kube_pod_container_resource_requests', { ...container, ...onNode, resource: 'cpu', unit: 'core' }),
    gauge('kube_pod_container_resource_requests', {
      ...container,
      ...onNode,
      resource: 'memory',
      unit: 'byte',
    }),
    gauge('kube_pod_container_resource_limits', { ...container, resource: 'memory', unit: 'byte' }),
  ];
}

/**
 * Of the kubelet, as kube-prometheus-stack has it scraped, with the labels that it gives itself.
 *
 * @see https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md
 * @see https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml (kubelet.serviceMonitor)
 */
function cadvisor(pods: Pods): Metric[] {
  const labels = { namespace: pods.namespace, pod: podName(pods), container: serviceOf(pods) };
  return [
    { name: 'container_cpu_usage_seconds_total', labels, type: 'counter' },
    { name: 'container_memory_working_set_bytes', labels, type: 'gauge' },
  ];
}

/** As a ReplicaSet names it. */
function podName({ name }: Pods): string {
  return `${name}-6f9c5-abcde`;
}

/** The service, which is what its container is called too. */
function serviceOf({ name }: Pods): string {
  return name.replace(/-primary$/, '');
}
