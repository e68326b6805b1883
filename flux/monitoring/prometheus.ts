import { PLATFORM_PRIORITY } from '../add-ons/priority-classes.ts';
import { DEFAULT_STORAGE_CLASS } from '../add-ons/storage.ts';
import { spread } from '../pod-defaults.ts';

/** Keys of `prometheus` in the kube-prometheus-stack chart that we set. */
export interface PrometheusValues {
  service: { sessionAffinity: 'ClientIP' };
  podDisruptionBudget: { enabled: boolean; minAvailable: number };
  prometheusSpec: {
    replicas: number;
    priorityClassName: string;
    minReadySeconds: number;
    podMonitorSelectorNilUsesHelmValues: false;
    serviceMonitorSelectorNilUsesHelmValues: false;
    ruleSelectorNilUsesHelmValues: false;
    probeSelectorNilUsesHelmValues: false;
    scrapeConfigSelectorNilUsesHelmValues: false;
    scrapeInterval: string;
    evaluationInterval: string;
    retention: string;
    retentionSize: string;
    externalLabels: { cluster: string };
    enableFeatures: string[];
    exemplars: { maxSize: number };
    storageSpec: object;
    resources: object;
    topologySpreadConstraints: object[];
  };
}

/** What Prometheus is known by on its pods. */
export const PROMETHEUS_LABELS = { 'app.kubernetes.io/name': 'prometheus' };

/**
 * How large it is. A series in memory takes about 4 KiB, and a sample on the volume one to two bytes: by estimate each
 * meshed pod brings 2,000 series that are read every ten seconds, and everything else together 100,000 every thirty.
 *
 * @see https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects
 */
const SIZES = {
  small: { cpu: '100m', memory: '1536Mi', volume: '30Gi', kept: '24GiB' },
  'highly-available': { cpu: '500m', memory: '6Gi', volume: '150Gi', kept: '120GiB' },
} as const;

/**
 * Prometheus, which judges releases and has alerts fired.
 *
 * Of two, each reads everything by itself, and answers by itself: they differ by what happened between their readings.
 */
export function prometheusValues(cluster: string, isHighlyAvailable: boolean): PrometheusValues {
  const size = SIZES[isHighlyAvailable ? 'highly-available' : 'small'];
  return {
    // Who asks keeps asking the same one: two checks of a release, or two panels, are of one view. Another takes over when
    // that one is not ready.
    service: { sessionAffinity: 'ClientIP' },
    podDisruptionBudget: { enabled: isHighlyAvailable, minAvailable: 1 },
    prometheusSpec: {
      replicas: isHighlyAvailable ? 2 : 1,
      priorityClassName: PLATFORM_PRIORITY,
      // The next is restarted when this one can answer for the minute that a release is judged by.
      minReadySeconds: 90,
      // Take what has none of the chart's own labels: what is to be read stands beside what it is of.
      podMonitorSelectorNilUsesHelmValues: false,
      serviceMonitorSelectorNilUsesHelmValues: false,
      ruleSelectorNilUsesHelmValues: false,
      probeSelectorNilUsesHelmValues: false,
      scrapeConfigSelectorNilUsesHelmValues: false,
      // The mesh's proxies say ten seconds by themselves.
      scrapeInterval: '30s',
      evaluationInterval: '30s',
      // Error budgets are of 30 days.
      retention: '30d',
      // Or until the volume is as full: without a limit it fills up and Prometheus stops.
      retentionSize: size.kept,
      externalLabels: { cluster },
      // From a slow request in a panel to its trace.
      enableFeatures: ['exemplar-storage'],
      exemplars: { maxSize: 100_000 },
      storageSpec: { volumeClaimTemplate: { spec: volume(size.volume) } },
      // As much as it may have: it would be ended in the middle of a release, and reads its log for minutes afterwards.
      resources: { requests: { cpu: size.cpu, memory: size.memory }, limits: { memory: size.memory } },
      topologySpreadConstraints: spread(PROMETHEUS_LABELS),
    },
  };
}

/** A volume of the cluster's own class. */
export function volume(size: string) {
  return {
    storageClassName: DEFAULT_STORAGE_CLASS,
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: size } },
  };
}
