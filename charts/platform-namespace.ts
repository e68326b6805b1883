import {
  KubeNamespace,
  KubeNetworkPolicy,
  type NetworkPolicyEgressRule,
  type NetworkPolicyIngressRule,
  type NetworkPolicyPeer,
} from 'cdk8s-plus-28/lib/imports/k8s.js';
import { Construct } from 'constructs';
import { clusterScoped } from './cluster-scoped.ts';
import { CoreResource, type CustomResource, type Resource } from './custom-resource.ts';
import {
  cidrPeers,
  MESH_METRICS_PORT,
  MESH_PORT,
  podsPeer,
  tcp,
  toDns,
  toMeshControl,
  toPodIdentity,
  udp,
} from './network-peers.ts';
import type { PlatformPods } from './platform.ts';
import { addServiceQuota } from './service-quota.ts';

/** What every add-on of a cluster finds in its network. */
export interface ClusterNetwork {
  /** CIDRs at which pods reach the Kubernetes API: its Service and its own addresses. */
  apiServer: readonly string[];
  /** The CIDR of the VPC: nodes, pods and load balancers. */
  vpc: string;
  /** The namespace of the mesh's control plane. */
  meshNamespace: string;
  /** What scrapes everybody. */
  prometheus: PlatformPods;
}

/** Whom a rule means: pods, every pod there is, or addresses, which are no pods'. */
export type Peer = PlatformPods | 'every pod' | { cidr: string };

/** One way that is open. */
export interface TrafficRule {
  /** Labels of the pods of this namespace that it is for. @default all of them */
  pods?: Readonly<Record<string, string>>;
  /** Who is at the other end; through the mesh too, where both ends are in it. @default anybody */
  peers?: readonly Peer[];
  /** TCP ports; of the pod that is called. */
  ports: readonly number[] | 'all';
  /** UDP ports. @default none */
  udp?: readonly number[];
}

export interface PlatformNamespaceProps {
  name: string;
  network: ClusterNetwork;
  /**
   * What its pods may ask of their node.
   *
   * @default restricted
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  podSecurity?: 'restricted' | 'baseline' | 'privileged';
  /** Whether its pods join the mesh. @default false: add-ons say for which of their pods it is right */
  mesh?: boolean;
  /** @default none but those of pod security */
  labels?: Readonly<Record<string, string>>;
  /** Who may call its pods. @default nobody but Prometheus at the ports in `metrics` */
  ingress?: readonly TrafficRule[];
  /** Whom its pods may call. @default DNS, the Kubernetes API, the mesh and the AWS credentials of the pod */
  egress?: readonly TrafficRule[];
  /** How many of its Services may have a load balancer. @default 0 */
  loadBalancers?: number;
  /** Ports at which Prometheus reads its pods. @default none but that of the mesh's proxies */
  metrics?: readonly number[];
}

/**
 * A namespace of the platform: its pods reach, and are reached by, only whom it names.
 *
 * Everything of the platform looks up names and talks to the Kubernetes API, so that is always open.
 */
export class PlatformNamespace extends Construct {
  /** The object itself, for who must except it from a policy. */
  readonly namespace: CustomResource<Resource>;

  constructor(scope: Construct, id: string, props: PlatformNamespaceProps) {
    super(scope, id);
    const { name, podSecurity = 'restricted', mesh = false } = props;
    this.namespace = clusterScoped(
      new CoreResource(this, 'namespace', KubeNamespace, {
        metadata: {
          name,
          labels: {
            'pod-security.kubernetes.io/enforce': podSecurity,
            'pod-security.kubernetes.io/warn': podSecurity,
            ...props.labels,
          },
          ...(mesh && { annotations: { 'linkerd.io/inject': 'enabled' } }),
        },
      }),
    );
    this.addPolicies(props);
    addServiceQuota(this, name, props.loadBalancers ?? 0);
  }

  private addPolicies({
    name,
    network,
    ingress = [],
    egress = [],
    metrics = [],
  }: PlatformNamespaceProps): void {
    const policy = (
      id: string,
      pods: TrafficRule['pods'],
      rules: { ingress?: NetworkPolicyIngressRule[]; egress?: NetworkPolicyEgressRule[] },
    ) =>
      new CoreResource(this, id, KubeNetworkPolicy, {
        metadata: { name: id, namespace: name },
        spec: {
          podSelector: pods ? { matchLabels: { ...pods } } : {},
          policyTypes: [...(rules.ingress ? ['Ingress'] : []), ...(rules.egress ? ['Egress'] : [])],
          ...rules,
        },
      });
    policy('default-deny', undefined, {
      ingress: [
        { from: [podsPeer(network.prometheus)], ports: tcp(...metrics, MESH_METRICS_PORT, MESH_PORT) },
      ],
      egress: [
        toDns(),
        { to: cidrPeers(network.apiServer), ports: tcp(443) },
        toMeshControl(network.meshNamespace),
        toPodIdentity(),
      ],
    });
    for (const [index, rule] of ingress.entries()) {
      policy(`ingress-${index + 1}`, rule.pods, {
        ingress: [{ ...(rule.peers && { from: rule.peers.map(peerOf) }), ...portsOf(rule) }],
      });
    }
    for (const [index, rule] of egress.entries()) {
      policy(`egress-${index + 1}`, rule.pods, {
        egress: [{ ...(rule.peers && { to: rule.peers.map(peerOf) }), ...portsOf(rule) }],
      });
    }
  }
}

function peerOf(peer: Peer): NetworkPolicyPeer {
  if (peer === 'every pod') return { namespaceSelector: {} };
  return 'cidr' in peer ? { ipBlock: { cidr: peer.cidr } } : podsPeer(peer);
}

/** Between two proxies, requests for any port arrive at the mesh's. Addresses are never meshed. */
function portsOf({ peers, ports, udp: udpPorts = [] }: TrafficRule) {
  if (ports === 'all') return {};
  const isMeshed = peers?.some((peer) => peer === 'every pod' || 'namespace' in peer) ?? false;
  return { ports: [...tcp(...ports, ...(isMeshed ? [MESH_PORT] : [])), ...udp(...udpPorts)] };
}
