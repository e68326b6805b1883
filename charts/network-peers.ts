// Words for network policies: whom a rule means, and at which ports.
import {
  IntOrString,
  type NetworkPolicyEgressRule,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
} from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { PlatformPods } from './platform.ts';

/** @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name */
export const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/**
 * The proxy's port for requests from other proxies, whichever port they are for. What comes to a pod's own ports is not
 * meshed, so nobody is let in there but who must.
 *
 * @see https://linkerd.io/2-edge/reference/proxy-configuration/ (outbound transport mode)
 */
export const MESH_PORT = 4143;

/** The proxy's own metrics. */
export const MESH_METRICS_PORT = 4191;

/** Where a proxy shows the requests that pass, to who may see all of them: the pods behind Linkerd's dashboard. */
export const MESH_TAP_PORT = 4190;

/** Linkerd's control plane: destinations, identities, policies. */
const MESH_CONTROL_PORTS = [8086, 8080, 8090];

/** @see https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/ */
const DNS: PlatformPods = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const DNS_PORT = 53;

/** Where a pod gets the credentials of its AWS role. @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const POD_IDENTITY = { cidr: '169.254.170.23/32', port: 80 };

/** Ports of TCP. */
export function tcp(...ports: number[]): NetworkPolicyPort[] {
  return ports.map((port) => ({ port: IntOrString.fromNumber(port), protocol: 'TCP' }));
}

/** Ports of UDP. */
export function udp(...ports: number[]): NetworkPolicyPort[] {
  return ports.map((port) => ({ port: IntOrString.fromNumber(port), protocol: 'UDP' }));
}

/** Pods of a namespace, by their labels. */
export function podsPeer({ namespace, labels }: PlatformPods): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } },
    ...(labels && { podSelector: { matchLabels: { ...labels } } }),
  };
}

/** Addresses. */
export function cidrPeers(cidrs: readonly string[]): NetworkPolicyPeer[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}

/** Names are looked up. */
export function toDns(): NetworkPolicyEgressRule {
  return {
    to: [podsPeer(DNS)],
    ports: [...tcp(DNS_PORT), ...udp(DNS_PORT)],
  };
}

/** A proxy asks the mesh's control plane, in whose namespace it is. */
export function toMeshControl(meshNamespace: string): NetworkPolicyEgressRule {
  return { to: [podsPeer({ namespace: meshNamespace })], ports: tcp(...MESH_CONTROL_PORTS) };
}

/** A pod asks for the credentials of its AWS role. */
export function toPodIdentity(): NetworkPolicyEgressRule {
  return { to: cidrPeers([POD_IDENTITY.cidr]), ports: tcp(POD_IDENTITY.port) };
}
