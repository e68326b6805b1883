import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, HelmRelease } from '../helm-release.ts';
import { CRITICAL, RESTRICTED, spread } from '../pod-defaults.ts';

/** The name of the add-on, its chart and its namespace. */
export const METRICS_SERVER = 'metrics-server';

export interface MetricsServerProps {
  version: string;
  /** Whether a second pod answers when the first one fails. */
  isHighlyAvailable: boolean;
  network: ClusterNetwork;
  /** The add-on that issues its certificate. */
  certificates: string;
}

/** Where it listens, and where each node's kubelet does. */
const PORT = 10250;

/** Keys of the chart that we set. @see https://github.com/kubernetes-sigs/metrics-server/blob/master/charts/metrics-server/values.yaml */
interface MetricsServerValues {
  replicas: number;
  podDisruptionBudget: { enabled: boolean; maxUnavailable: number };
  priorityClassName: string;
  topologySpreadConstraints: object[];
  securityContext: object;
  resources: object;
  apiService: { insecureSkipTLSVerify: boolean };
  tls: { type: 'cert-manager' };
}

/** The server of the resource metrics API, which says how much CPU and memory pods use. */
export function metricsServer({
  version,
  isHighlyAvailable,
  network,
  certificates,
}: MetricsServerProps): AddOn {
  return {
    name: METRICS_SERVER,
    namespace: METRICS_SERVER,
    dependsOn: [certificates],
    why: 'Says what pods use, by which they are scaled, and which `kubectl top` shows.',
    charts: [METRICS_SERVER],
    sources(scope) {
      new ChartRepository(scope, METRICS_SERVER, { url: 'https://kubernetes-sigs.github.io/metrics-server' });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: METRICS_SERVER,
        network,
        // The Kubernetes API passes questions on to it, from addresses of the VPC.
        ingress: [{ peers: [{ cidr: network.vpc }], ports: [PORT] }],
        egress: [{ peers: [{ cidr: network.vpc }], ports: [PORT] }],
      });
      new HelmRelease<MetricsServerValues>(scope, METRICS_SERVER, {
        chart: { repository: METRICS_SERVER, name: METRICS_SERVER, version },
        values: {
          replicas: isHighlyAvailable ? 2 : 1,
          podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
          priorityClassName: CRITICAL,
          topologySpreadConstraints: spread({ 'app.kubernetes.io/name': METRICS_SERVER }),
          securityContext: { ...RESTRICTED, runAsUser: 1000 },
          // Upstream's for up to 100 nodes.
          resources: { requests: { cpu: '100m', memory: '200Mi' }, limits: { memory: '400Mi' } },
          // The chart has the Kubernetes API believe whoever answers.
          apiService: { insecureSkipTLSVerify: false },
          tls: { type: 'cert-manager' },
        },
      });
    },
  };
}
