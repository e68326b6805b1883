// What Prometheus reads in a cluster, and under which labels: a model of the targets, scraped as the PodMonitors in `dist/`
// say, or as the chart does that brings the exporter. For tests that hold whether what is asked for can be answered.

import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import type { Resource } from '../../charts/custom-resource.ts';
import { type LabelSelector, selects } from '../../charts/testing/selector.ts';

export type Labels = Readonly<Record<string, string>>;

/** A metric as its exporter tells it. */
export interface Metric {
  name: string;
  labels: Labels;
  /** A counter rises by as much each second; a gauge stands at it. @default 1 */
  value?: number;
  type: 'counter' | 'gauge';
}

/** A pod that has something to tell. */
export interface Target {
  namespace: string;
  name: string;
  labels: Labels;
  /** What is told at each port, and the container whose port it is. */
  ports: Readonly<Record<string, { container: string; metrics: readonly Metric[] }>>;
}

type Endpoint = NonNullable<IPodMonitor['spec']['podMetricsEndpoints']>[number];

/**
 * The labels that the operator gives what a PodMonitor selects, and where it takes them from.
 *
 * @see https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/prometheus/promcfg.go
 */
const BY_OPERATOR: Readonly<Record<string, string>> = {
  namespace: '__meta_kubernetes_namespace',
  pod: '__meta_kubernetes_pod_name',
  container: '__meta_kubernetes_pod_container_name',
};

/** A character that no name of a label has, and for which there is a `_`. */
const STRANGE = /[^a-zA-Z0-9_]/g;

/**
 * What Prometheus reads of targets, as the PodMonitors among a cluster's objects say.
 *
 * @returns the metrics under the labels that they then have
 */
export function scraped(objects: readonly Resource[], targets: readonly Target[]): Metric[] {
  const monitors = objects.filter(({ kind }) => kind === 'PodMonitor') as IPodMonitor[];
  return monitors.flatMap((monitor) => targets.flatMap((target) => read(monitor, target)));
}

function read({ metadata, spec }: IPodMonitor, target: Target): Metric[] {
  const namespaces = spec.namespaceSelector?.any
    ? [target.namespace]
    : (spec.namespaceSelector?.matchNames ?? [metadata?.namespace]);
  if (!namespaces.includes(target.namespace) || !selects(spec.selector as LabelSelector, target.labels))
    return [];
  return (spec.podMetricsEndpoints ?? []).flatMap((endpoint) => {
    const port = target.ports[endpoint.port ?? ''];
    if (port === undefined) return [];
    const job = `${metadata?.namespace}/${metadata?.name}`;
    const meta = { ...metaLabels(target, port.container), job, endpoint: endpoint.port ?? '' };
    const own = targetLabels(meta, endpoint, spec.podTargetLabels ?? []);
    return [
      { name: 'up', type: 'gauge' as const, labels: own },
      ...port.metrics.map((metric) => ({ ...metric, labels: joined(own, metric.labels, endpoint) })),
    ];
  });
}

/** What Kubernetes says of a pod. @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#pod */
export function metaLabels({ namespace, name, labels }: Target, container: string): Labels {
  const ofPod = Object.entries(labels).map(([label, value]) => [
    `__meta_kubernetes_pod_label_${label.replaceAll(STRANGE, '_')}`,
    value,
  ]);
  return {
    __meta_kubernetes_namespace: namespace,
    __meta_kubernetes_pod_name: name,
    __meta_kubernetes_pod_container_name: container,
    ...Object.fromEntries(ofPod),
  };
}

/**
 * The labels of a target, by Prometheus' rules.
 *
 * @param meta what is known of it
 * @param podLabels those of the pod's labels that its metrics are to carry
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
 */
export function targetLabels(
  meta: Labels,
  { relabelings = [] }: Pick<Endpoint, 'relabelings'>,
  podLabels: readonly string[] = [],
): Labels {
  const labels: Record<string, string> = { ...meta };
  for (const [name, source] of Object.entries(BY_OPERATOR)) labels[name] = meta[source] ?? '';
  for (const label of podLabels.map((name) => name.replaceAll(STRANGE, '_'))) {
    labels[label] = meta[`__meta_kubernetes_pod_label_${label}`] ?? '';
  }
  for (const rule of relabelings) {
    const { action = 'replace', regex = '(.*)', sourceLabels = [], targetLabel, replacement = '$1' } = rule;
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

/** A metric's own labels beside its target's; where both have one, one of them gives way. */
function joined(target: Labels, own: Labels, { honorLabels = false }: Endpoint): Labels {
  const labels: Record<string, string> = { ...target };
  for (const [name, value] of Object.entries(own)) {
    const isTaken = name in target && !honorLabels;
    labels[isTaken ? `exported_${name}` : name] = name === 'le' ? asPrometheus3(value) : value;
  }
  return labels;
}

/** Edges of buckets are written as numbers that may have a fraction. @see https://prometheus.io/docs/prometheus/latest/migration/ */
function asPrometheus3(edge: string): string {
  return /^\d+$/.test(edge) ? `${edge}.0` : edge;
}
