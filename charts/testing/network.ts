// Which connections network policies let through, told by Kubernetes' rules. For tests.
// @see https://kubernetes.io/docs/concepts/services-networking/network-policies/

import type { Resource } from '../custom-resource.ts';
import { ofKind } from './flagger.ts';
import { type LabelSelector, type Labels, selects } from './selector.ts';

/** One end of a connection: pods, or an address that is no pod's. */
export type End = { namespace: string; labels: Labels } | { ip: string };

/** Whether a connection may be made: the policies of both ends must let it through. */
export function mayConnect(
  objects: readonly Resource[],
  from: End,
  to: End,
  port: number,
  protocol = 'TCP',
): boolean {
  return (
    lets(objects, 'Egress', from, to, port, protocol) && lets(objects, 'Ingress', to, from, port, protocol)
  );
}

/** Whether the policies of one end let it talk with the other. An end that none selects may do anything. */
function lets(
  objects: readonly Resource[],
  direction: 'Ingress' | 'Egress',
  own: End,
  other: End,
  port: number,
  protocol: string,
): boolean {
  if ('ip' in own) return true;
  const policies = ofKind<NetworkPolicy>(objects, 'NetworkPolicy').filter(
    ({ metadata, spec }) =>
      metadata.namespace === own.namespace &&
      spec.policyTypes.includes(direction) &&
      selects(spec.podSelector, own.labels),
  );
  if (policies.length === 0) return true;
  const rules = policies.flatMap(({ spec }) =>
    direction === 'Ingress'
      ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
      : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports })),
  );
  return rules.some(
    ({ peers = [], ports = [] }) =>
      // A rule without peers, or without ports, is for all.
      (peers.length === 0 || peers.some((peer) => isPeer(peer, own.namespace, other))) &&
      (ports.length === 0 ||
        ports.some((allowed) => allowed.port === port && (allowed.protocol ?? 'TCP') === protocol)),
  );
}

function isPeer(
  { ipBlock, namespaceSelector, podSelector }: Peer,
  ownNamespace: string,
  other: End,
): boolean {
  if ('ip' in other) {
    if (ipBlock === undefined) return false;
    const { cidr, except = [] } = ipBlock;
    return within(cidr, other.ip) && !except.some((hole) => within(hole, other.ip));
  }
  if (ipBlock !== undefined) return false;
  const inNamespace = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace })
    : other.namespace === ownNamespace;
  return inNamespace && selects(podSelector ?? {}, other.labels);
}

function within(cidr: string, ip: string): boolean {
  const [base = '', length = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(asNumber(base) / size) === Math.floor(asNumber(ip) / size);
}

function asNumber(ip: string): number {
  return ip.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}

interface Peer {
  ipBlock?: { cidr: string; except?: string[] };
  namespaceSelector?: LabelSelector;
  podSelector?: LabelSelector;
}

interface Ports {
  ports?: { port: number; protocol?: string }[];
}

interface NetworkPolicy {
  kind: 'NetworkPolicy';
  metadata: { namespace: string };
  spec: {
    podSelector: LabelSelector;
    policyTypes: string[];
    ingress?: ({ from?: Peer[] } & Ports)[];
    egress?: ({ to?: Peer[] } & Ports)[];
  };
}
