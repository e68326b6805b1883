import type { Alert } from './alert.ts';

/** Without these no request arrives, or no pod starts. */
const ESSENTIAL = ['ingress-nginx', 'karpenter', 'kube-system', 'linkerd'];

/** Without these users are served, and less is mended, released or seen. */
const OTHERS = [
  'aws-load-balancer-controller',
  'cert-manager',
  'external-dns',
  'external-secrets',
  'flagger-system',
  'flux-system',
  'linkerd-viz',
  'metrics-server',
  'monitoring',
  'oauth2-proxy',
  'opentelemetry',
];

/** The namespaces that are not of apps. */
export const PLATFORM_NAMESPACES = [...ESSENTIAL, ...OTHERS];

/** Deployments of some namespaces with no pod that is ready, though some are wanted. */
const down = (namespaces: readonly string[]) => {
  const pods = `{namespace=~"${namespaces.join('|')}"}`;
  return `max by (namespace, deployment) (kube_deployment_status_replicas_available${pods}) == 0
and
max by (namespace, deployment) (kube_deployment_spec_replicas${pods}) > 0`;
};

/** The platform's own parts, and the pods and volumes of everybody. */
export const PLATFORM_ALERTS: readonly Alert[] = [
  {
    alert: 'EssentialPartDown',
    severity: 'critical',
    expr: down(ESSENTIAL),
    minutes: 5,
    summary: 'No pod of {{ $labels.deployment }} in {{ $labels.namespace }} is ready',
    description: 'Requests do not arrive, or no pod can start in place of one that ends.',
    runbook: 'platform-part-down',
  },
  {
    alert: 'PlatformPartDown',
    severity: 'warning',
    expr: down(OTHERS),
    minutes: 15,
    summary: 'No pod of {{ $labels.deployment }} in {{ $labels.namespace }} is ready',
    description: 'Users are served. What this part does for them or for you is not done.',
    runbook: 'platform-part-down',
  },
  {
    alert: 'PodCrashLooping',
    severity: 'warning',
    // Between two starts it runs for a moment.
    expr: `max by (namespace, pod, container) (
  max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}[5m])
) == 1`,
    minutes: 15,
    summary:
      'Container {{ $labels.container }} of pod {{ $labels.pod }} in {{ $labels.namespace }} keeps ending',
    description: 'Kubernetes starts it again at ever longer intervals, up to five minutes.',
    runbook: 'pod-crash-looping',
  },
  {
    alert: 'VolumeFillingUp',
    severity: 'warning',
    expr: fullerThan(0.85),
    minutes: 30,
    summary:
      'Volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is {{ $value | humanizePercentage }} full',
    description: 'It can be made larger while it is in use.',
    runbook: 'volume-filling-up',
  },
  {
    alert: 'VolumeFull',
    severity: 'critical',
    expr: fullerThan(0.95),
    minutes: 5,
    summary:
      'Volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is {{ $value | humanizePercentage }} full',
    description: 'What writes to it will stop.',
    runbook: 'volume-filling-up',
  },
];

/** The share of a volume that is used, where it is larger than a limit. */
function fullerThan(share: number): string {
  const volumes = 'max by (namespace, persistentvolumeclaim)';
  return `1 - ${volumes} (kubelet_volume_stats_available_bytes) / ${volumes} (kubelet_volume_stats_capacity_bytes) > ${share}`;
}
