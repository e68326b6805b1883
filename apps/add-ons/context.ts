import type { ClusterNetwork } from '../../charts/platform-namespace.ts';
import type { OptionalAddOn } from '../../config/add-ons.ts';
import { API_SERVICE_CIDR } from '../../config/kubernetes-network.ts';
import type { Config } from '../../config/load.ts';
import { hasAddOn, ringDomain, ringEdge } from '../../config/per-ring.ts';
import type { Cluster, Ring } from '../../config/schema.ts';
import { MONITORING_NAMESPACE, PROMETHEUS_URL } from '../../flux/add-ons/kube-prometheus-stack.ts';
import { PROMETHEUS_LABELS } from '../../flux/monitoring/prometheus.ts';
import { runbooksUrl } from '../service-platform.ts';

/** What people look at, by the add-on that brings it. */
export type Dashboard = Extract<OptionalAddOn, 'grafana' | 'linkerd-viz'>;

/** What the add-ons of a cluster are made of. */
export interface AddOnContext {
  config: Config;
  cluster: Cluster;
  ring: Ring;
  /** Of each chart, for the ring. */
  versions: Config['versions'][string];
  /** The domain of the ring. */
  domain: string;
  /** Whether everything runs more than once, over zones; else small and cheap. */
  isHighlyAvailable: boolean;
  /** Whether the cluster has an optional add-on. */
  has(name: OptionalAddOn): boolean;
  /** How users get in. */
  edge: ReturnType<typeof ringEdge>;
  /**
   * The host at which people who have signed in open a dashboard. Each cluster has one of its own, also where several share
   * a domain: `grafana-dev-eu-west-1.dev.slipway.example`.
   *
   * @returns `undefined` where it has none, and is opened by `kubectl port-forward`
   */
  dashboardHost(name: Dashboard): string | undefined;
  /** What every add-on finds in the network. */
  network: ClusterNetwork;
  /** Where the platform's Prometheus answers. */
  prometheusUrl: string;
  /** Where the runbooks of docs/runbooks/ can be read: the URL of that folder, without a slash at its end. */
  runbooks: string;
}

/** What the add-ons of a cluster are told. */
export function addOnContext(config: Config, cluster: Cluster): AddOnContext {
  const { platform } = config;
  const ring = platform.rings.find(({ name }) => name === cluster.ring);
  const versions = config.versions[cluster.ring];
  // The config's checks have seen to both.
  if (ring === undefined || versions === undefined) throw new Error(`no ring ${cluster.ring}`);
  const domain = ringDomain(platform, ring.name);
  const edge = ringEdge(platform, ring.name);
  const has = (name: OptionalAddOn) => hasAddOn(platform, ring.name, name);
  return {
    config,
    cluster,
    ring,
    versions,
    domain,
    isHighlyAvailable: ring.sizing === 'highly-available',
    has,
    edge,
    dashboardHost: (name) =>
      edge.signIn && has('oauth2-proxy') && has(name) ? `${name}-${cluster.name}.${domain}` : undefined,
    network: {
      // EKS puts addresses of its own into the private subnets.
      apiServer: [API_SERVICE_CIDR, cluster.vpcCidr],
      vpc: cluster.vpcCidr,
      meshNamespace: 'linkerd',
      prometheus: { namespace: MONITORING_NAMESPACE, labels: PROMETHEUS_LABELS },
    },
    prometheusUrl: PROMETHEUS_URL,
    runbooks: runbooksUrl(platform.git),
  };
}
