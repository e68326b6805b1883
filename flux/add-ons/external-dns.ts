import { type ClusterNetwork, PlatformNamespace } from '../../charts/platform-namespace.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, HelmRelease } from '../helm-release.ts';
import { RESTRICTED } from '../pod-defaults.ts';
import { KARPENTER_NODES } from './karpenter-nodes.ts';

export interface ExternalDnsProps {
  /** Version of the chart. */
  version: string;
  network: ClusterNetwork;
  /** The cluster's name, by which it knows the records that are its own. */
  cluster: string;
  region: string;
  /** The domain below which it writes names, and no others. */
  domain: string;
  /** The Route 53 zone that it writes them into. */
  hostedZoneId: string;
}

/** The name of the add-on, its chart, its namespace and its ServiceAccount. */
export const EXTERNAL_DNS = 'external-dns';

/** Keys of the chart that we set. @see https://github.com/kubernetes-sigs/external-dns/blob/master/charts/external-dns/values.yaml */
interface Values {
  serviceAccount: { name: string };
  env: { name: string; value: string }[];
  sources: string[];
  domainFilters: string[];
  policy: 'sync';
  registry: 'txt';
  txtOwnerId: string;
  txtPrefix: string;
  interval: string;
  triggerLoopOnEvent: boolean;
  extraArgs: Readonly<Record<string, string>>;
  logFormat: 'json';
  securityContext: object;
  resources: object;
}

/** Gives every route its DNS name. */
export function externalDns(props: ExternalDnsProps): AddOn {
  const { version, network, cluster, region, domain, hostedZoneId } = props;
  return {
    name: EXTERNAL_DNS,
    namespace: EXTERNAL_DNS,
    // The few nodes from before Karpenter have no room for everybody, and Karpenter runs nowhere else.
    dependsOn: [KARPENTER_NODES],
    why: 'Writes the DNS names of routes into the hosted zone of the ring, and takes them away with their route.',
    needs: 'a role in AWS that may change one hosted zone',
    charts: [EXTERNAL_DNS],
    installs: ['externaldns.k8s.io'],
    sources(scope) {
      new ChartRepository(scope, EXTERNAL_DNS, { url: 'https://kubernetes-sigs.github.io/external-dns' });
    },
    objects(scope) {
      new PlatformNamespace(scope, 'namespace', {
        name: EXTERNAL_DNS,
        network,
        // Route 53, which has no addresses of its own in the VPC.
        egress: [{ ports: [443] }],
        metrics: [7979],
      });
      new HelmRelease<Values>(scope, EXTERNAL_DNS, {
        chart: { repository: EXTERNAL_DNS, name: EXTERNAL_DNS, version },
        values: {
          serviceAccount: { name: EXTERNAL_DNS },
          // It has no way to the node's metadata, which would tell it.
          env: [{ name: 'AWS_REGION', value: region }],
          // Not Services: the controller's own has no name, and no other has an address.
          sources: ['ingress'],
          domainFilters: [domain],
          // A name without a route must go: it would point at what may one day be somebody else's.
          policy: 'sync',
          registry: 'txt',
          // What another cluster has written, it leaves alone: two clusters of a ring publish the same names.
          txtOwnerId: cluster,
          // Beside a name that is the zone's own, there would be no place for the record that says whose it is.
          txtPrefix: 'external-dns-%{record_type}.',
          // Changes are seen at once; this mends what somebody else has changed, and every look is a request to Route 53.
          interval: '5m',
          triggerLoopOnEvent: true,
          extraArgs: { 'zone-id-filter': hostedZoneId },
          logFormat: 'json',
          securityContext: { ...RESTRICTED, runAsUser: 65532, runAsGroup: 65532 },
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '128Mi' } },
        },
      });
    },
  };
}
