// What the platform's own parts tell: the one table of the metrics that its alerts and dashboards ask for, each with where it
// is said that they are told. A test holds that each is asked for, and that none is asked for that is not here.

import type { Labels, Metric, Target } from './scrapes.ts';

/** One part of the platform that tells something. */
interface Exporter {
  /** Where its metrics are said: source code, or documents made of it. */
  source: string;
  /** Its pod, as its chart labels it, and names and numbers the port; with none, the scrape is a chart's own. */
  pod?: { namespace: string; name: string; labels: Labels; port: string; number: number };
  /** What is told, with labels of its own; of a chart's own scrape, with those that it then has. */
  metrics: readonly Metric[];
}

const gauge = (name: string, labels: Labels = {}, value = 1): Metric => ({
  name,
  labels,
  type: 'gauge',
  value,
});
const counter = (name: string, labels: Labels = {}): Metric => ({ name, labels, type: 'counter' });
const buckets = (name: string, labels: Labels, edges: readonly string[]): Metric[] =>
  [...edges, '+Inf'].map((le) => counter(`${name}_bucket`, { ...labels, le }));

/** A certificate that should have been renewed. */
const certificate = { namespace: 'linkerd', name: 'issuer' };
const anchor = { ...certificate, namespace: 'cert-manager', name: 'linkerd-trust-anchor' };

const ROUTE = { namespace: 'conduit', ingress: 'conduit', status: '500' };

const SPAN = {
  service_name: 'conduit',
  span_name: 'GET /',
  span_kind: 'SPAN_KIND_SERVER',
  status_code: 'STATUS_CODE_ERROR',
};

const NODE = { node: 'a' };
const CLAIM = { namespace: 'monitoring', persistentvolumeclaim: 'a' };

/** By the part that tells it. */
export const PLATFORM_EXPORTERS: Readonly<Record<string, Exporter>> = {
  'flux-operator': {
    source: 'https://github.com/controlplaneio-fluxcd/flux-operator/blob/main/internal/reporter/metrics.go',
    pod: {
      namespace: 'flux-system',
      name: 'flux-operator-5d8-abcde',
      labels: { 'app.kubernetes.io/name': 'flux-operator', 'app.kubernetes.io/instance': 'flux-operator' },
      port: 'http-metrics',
      number: 8080,
    },
    metrics: ['ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation', 'Kustomization'].flatMap((kind) =>
      [
        { ready: 'False', reason: 'Failed', suspended: 'False' },
        { ready: 'Unknown', reason: 'Progressing', suspended: 'False' },
        { ready: 'True', reason: 'Succeeded', suspended: 'True' },
      ].map((state) =>
        gauge('flux_resource_info', {
          uid: '1',
          exported_namespace: 'flux-system',
          kind,
          name: state.reason,
          ...state,
        }),
      ),
    ),
  },
  flux: {
    source: 'https://fluxcd.io/flux/monitoring/metrics/',
    pod: {
      namespace: 'flux-system',
      name: 'kustomize-controller-5d8-abcde',
      labels: { app: 'kustomize-controller' },
      port: 'http-prom',
      number: 8080,
    },
    metrics: [
      ...buckets('gotk_reconcile_duration_seconds', { kind: 'Kustomization', name: 'a' }, ['0.1', '1', '60']),
      gauge('workqueue_depth', { name: 'kustomization', controller: 'kustomization' }),
    ],
  },
  flagger: {
    source: 'https://github.com/fluxcd/flagger/blob/main/pkg/metrics/recorder.go',
    pod: {
      namespace: 'flagger-system',
      name: 'flagger-5d8-abcde',
      labels: { 'app.kubernetes.io/name': 'flagger', 'app.kubernetes.io/instance': 'flagger' },
      port: 'http',
      number: 8080,
    },
    metrics: [
      gauge('flagger_info', { version: '1', mesh_provider: 'gatewayapi:v1' }),
      ...['success-rate', 'p99'].map((metric) =>
        gauge('flagger_canary_metric_analysis', { namespace: 'conduit', name: 'conduit', metric }),
      ),
      ...['successes', 'failures'].map((how) =>
        counter(`flagger_canary_${how}_total`, { namespace: 'conduit', name: 'conduit' }),
      ),
      ...buckets('flagger_canary_duration_seconds', { namespace: 'conduit', name: 'conduit' }, ['0.1', '1']),
    ],
  },
  karpenter: {
    source:
      'https://github.com/aws/karpenter-provider-aws/blob/main/website/content/en/preview/reference/metrics.md',
    pod: {
      namespace: 'karpenter',
      name: 'karpenter-5d8-abcde',
      labels: { 'app.kubernetes.io/name': 'karpenter', 'app.kubernetes.io/instance': 'karpenter' },
      port: 'http-metrics',
      number: 8080,
    },
    metrics: [
      ...['cpu', 'memory'].flatMap((resource_type) => [
        gauge('karpenter_nodepools_usage', { nodepool: 'spot', resource_type }),
        gauge('karpenter_nodepools_limit', { nodepool: 'spot', resource_type }),
      ]),
      counter('karpenter_nodeclaims_created_total', { nodepool: 'spot', reason: 'provisioned' }),
      counter('karpenter_nodeclaims_disrupted_total', { nodepool: 'spot', reason: 'Underutilized' }),
      counter('karpenter_interruption_received_messages_total', { message_type: 'spot_interrupted' }),
      gauge('karpenter_scheduler_queue_depth', { controller: 'provisioner' }),
      counter('karpenter_cloudprovider_errors_total', {
        controller: 'nodeclaim.lifecycle',
        method: 'Create',
        provider: 'aws',
        error: 'NodeClassNotReadyError',
      }),
    ],
  },
  'ingress-nginx': {
    source:
      'https://github.com/kubernetes/ingress-nginx/blob/main/internal/ingress/metric/collectors/socket.go',
    pod: {
      namespace: 'ingress-nginx',
      name: 'ingress-nginx-controller-5d8-abcde',
      labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
      port: 'metrics',
      number: 10254,
    },
    metrics: [
      counter('nginx_ingress_controller_requests', ROUTE),
      ...buckets('nginx_ingress_controller_request_duration_seconds', ROUTE, ['0.1', '1', '10']),
      gauge('nginx_ingress_controller_config_last_reload_successful'),
      gauge('nginx_ingress_controller_nginx_process_connections', { state: 'active' }),
    ],
  },
  'cert-manager': {
    source: 'https://github.com/cert-manager/cert-manager/blob/master/pkg/metrics/metrics.go',
    pod: {
      namespace: 'cert-manager',
      name: 'cert-manager-5d8-abcde',
      labels: { 'app.kubernetes.io/name': 'cert-manager', 'app.kubernetes.io/component': 'controller' },
      port: 'http-metrics',
      number: 9402,
    },
    metrics: [
      ...['True', 'False', 'Unknown'].map((condition) =>
        gauge('certmanager_certificate_ready_status', { ...certificate, condition }),
      ),
      gauge('certmanager_certificate_renewal_timestamp_seconds', certificate),
      gauge('certmanager_certificate_expiration_timestamp_seconds', certificate),
      gauge('certmanager_certificate_expiration_timestamp_seconds', anchor),
    ],
  },
  'external-secrets': {
    source: 'https://github.com/external-secrets/external-secrets/blob/main/docs/api/metrics.md',
    pod: {
      namespace: 'external-secrets',
      name: 'external-secrets-5d8-abcde',
      labels: { 'app.kubernetes.io/name': 'external-secrets' },
      port: 'metrics',
      number: 8080,
    },
    metrics: [
      gauge('externalsecret_status_condition', {
        namespace: 'conduit',
        name: 'conduit',
        condition: 'Ready',
        status: 'False',
      }),
    ],
  },
  'linkerd-control-plane': {
    source: 'https://github.com/linkerd/linkerd2/blob/main/controller/proxy-injector/metrics.go',
    pod: {
      namespace: 'linkerd',
      name: 'linkerd-proxy-injector-5d8-abcde',
      labels: { 'linkerd.io/control-plane-component': 'proxy-injector' },
      port: 'injector-admin',
      number: 9995,
    },
    metrics: [
      counter('proxy_inject_admission_requests_total', { owner_kind: 'deployment' }),
      counter('proxy_inject_admission_responses_total', { owner_kind: 'deployment' }),
    ],
  },
  'kube-state-metrics': {
    source: 'https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics',
    metrics: [
      ...['kube-system', 'monitoring'].flatMap((namespace) => [
        gauge('kube_deployment_status_replicas_available', { namespace, deployment: 'a' }),
        gauge('kube_deployment_spec_replicas', { namespace, deployment: 'a' }),
      ]),
      gauge('kube_pod_container_status_waiting_reason', {
        namespace: 'conduit',
        pod: 'a',
        container: 'a',
        reason: 'CrashLoopBackOff',
      }),
      counter('kube_pod_container_status_restarts_total', { namespace: 'conduit', pod: 'a', container: 'a' }),
      gauge('kube_pod_status_unschedulable', { namespace: 'conduit', pod: 'a' }),
      gauge('kube_node_status_condition', { ...NODE, condition: 'Ready', status: 'false' }),
      gauge('kube_node_labels', {
        ...NODE,
        label_karpenter_sh_nodepool: 'spot',
        label_karpenter_sh_capacity_type: 'spot',
        label_kubernetes_io_arch: 'arm64',
      }),
      ...['cpu', 'memory'].map((resource) => gauge('kube_node_status_allocatable', { ...NODE, resource })),
    ],
  },
  kubelet: {
    source:
      'https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/metrics/collectors/volume_stats.go',
    metrics: [
      gauge('kubelet_volume_stats_available_bytes', CLAIM),
      gauge('kubelet_volume_stats_capacity_bytes', CLAIM),
    ],
  },
  'node-exporter': {
    source: 'https://github.com/prometheus/node_exporter/tree/master/collector',
    metrics: [
      counter('node_cpu_seconds_total', { instance: '10.0.0.1:9100', mode: 'idle' }),
      gauge('node_memory_MemAvailable_bytes', { instance: '10.0.0.1:9100' }),
      gauge('node_memory_MemTotal_bytes', { instance: '10.0.0.1:9100' }),
      gauge('node_filesystem_avail_bytes', { instance: '10.0.0.1:9100', mountpoint: '/local' }),
      gauge('node_filesystem_size_bytes', { instance: '10.0.0.1:9100', mountpoint: '/local' }),
    ],
  },
  'fluent-bit': {
    source: 'https://docs.fluentbit.io/manual/administration/monitoring',
    metrics: [
      counter('fluentbit_output_retries_failed_total', { pod: 'a', name: 'cloudwatch_logs.0' }),
      counter('fluentbit_output_dropped_records_total', { pod: 'a', name: 'cloudwatch_logs.0' }),
    ],
  },
  'opentelemetry-collector': {
    source: 'https://opentelemetry.io/docs/collector/internal-telemetry/',
    pod: {
      namespace: 'opentelemetry',
      name: 'opentelemetry-collector-5d8-abcde',
      labels: { 'app.kubernetes.io/name': 'opentelemetry-collector' },
      port: 'metrics',
      number: 8888,
    },
    metrics: [
      counter('otelcol_exporter_send_failed_spans_total', { exporter: 'awsxray' }),
      counter('otelcol_receiver_refused_spans_total', { receiver: 'otlp' }),
    ],
  },
  spans: {
    source:
      'https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/connector/spanmetricsconnector',
    pod: {
      namespace: 'opentelemetry',
      name: 'opentelemetry-collector-5d8-abcde',
      labels: { 'app.kubernetes.io/name': 'opentelemetry-collector' },
      port: 'spans',
      number: 8889,
    },
    metrics: [
      ...buckets('traces_span_metrics_duration_seconds', SPAN, ['0.01', '0.1', '1']),
      counter('traces_span_metrics_calls_total', SPAN),
    ],
  },
};

/** What of them is read by PodMonitors in `dist/`. */
export function platformPods(): Target[] {
  return Object.values(PLATFORM_EXPORTERS).flatMap(({ pod, metrics }) => {
    if (pod === undefined) return [];
    const { port, number: _, ...own } = pod;
    return [{ ...own, ports: { [port]: { container: own.name, metrics } } }];
  });
}

/** What of them is read by the scrapes that charts bring. */
export function platformGiven(): Metric[] {
  return Object.values(PLATFORM_EXPORTERS).flatMap(({ pod, metrics }) => (pod ? [] : metrics));
}
