import {
  IntOrString,
  KubeNetworkPolicy,
  type NetworkPolicyEgressRule,
  type NetworkPolicyIngressRule,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
} from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Construct } from 'constructs';
import { CoreResource } from '../custom-resource.ts';
import type { PlatformPods } from '../platform.ts';
import { allPods } from './pods.ts';
import type { Caller, ServiceReference } from './props.ts';
import { isRouted } from './routes.ts';
import type { Settings } from './settings.ts';

/**
 * The proxy's port for requests from other proxies, whichever port they are for. What comes to a pod's own ports is not
 * meshed, so nobody is let in there but who must.
 *
 * @see https://linkerd.io/2-edge/reference/proxy-configuration/ (outbound transport mode)
 */
const MESH_PORT = 4143;

/** The proxy's own metrics. */
const MESH_METRICS_PORT = 4191;

/** Linkerd's control plane: destinations, identities, policies. */
const MESH_CONTROL_PORTS = [8086, 8080, 8090];

/** @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name */
const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** @see https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/ */
const DNS: PlatformPods = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const DNS_PORT = 53;

/** Where a pod gets the credentials of its AWS role. @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const POD_IDENTITY = { cidr: '169.254.170.23/32', port: 80 };

const POSTGRES_PORT = 5432;

/**
 * Who may reach the pods, and what they may reach: in a namespace that denies everything by default, this and nothing else.
 * It holds for all pods of the service, also for those of a version that is judged.
 *
 * Probes need no rule: a pod is always reached from its own node.
 */
export function addNetworkPolicy(scope: Construct, settings: Settings): void {
  new CoreResource(scope, 'network-policy', KubeNetworkPolicy, {
    metadata: { name: settings.name },
    spec: {
      podSelector: allPods(settings.name),
      policyTypes: ['Ingress', 'Egress'],
      ingress: ingress(settings),
      egress: egress(settings),
    },
  });
}

function ingress(settings: Settings): NetworkPolicyIngressRule[] {
  const { platform, callers, release, managementPort } = settings;
  const meshed = [
    ...(isRouted(settings) ? [podsPeer(platform.ingressController)] : []),
    ...(release.strategy === 'rolling' ? [] : [podsPeer(platform.loadTester)]),
    ...callers.map(callerPeer),
  ];
  return [
    { from: meshed, ports: tcp(MESH_PORT) },
    {
      from: [podsPeer(platform.prometheus)],
      // Through the mesh as well, should Prometheus be in it.
      ports: tcp(managementPort, MESH_METRICS_PORT, MESH_PORT),
    },
  ];
}

function egress({ platform, database, calls, egress }: Settings): NetworkPolicyEgressRule[] {
  const { collector, meshNamespace } = platform;
  return [
    {
      to: [podsPeer(DNS)],
      ports: [...tcp(DNS_PORT), { port: IntOrString.fromNumber(DNS_PORT), protocol: 'UDP' }],
    },
    { to: [podsPeer({ namespace: meshNamespace })], ports: tcp(...MESH_CONTROL_PORTS) },
    { to: [{ ipBlock: { cidr: POD_IDENTITY.cidr } }], ports: tcp(POD_IDENTITY.port) },
    { to: [podsPeer(collector)], ports: tcp(collector.port, MESH_PORT) },
    ...(database
      ? [{ to: platform.database.cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: tcp(POSTGRES_PORT) }]
      : []),
    // By name, though each of them refuses who it does not know: other pods at this port may not.
    ...(calls.length > 0 ? [{ to: calls.map(servicePeer), ports: tcp(MESH_PORT) }] : []),
    ...egress.map(({ cidr, except, ports }) => ({
      to: [{ ipBlock: { cidr, ...(except && { except: [...except] }) } }],
      ports: tcp(...ports),
    })),
  ];
}

function tcp(...ports: number[]): NetworkPolicyPort[] {
  return ports.map((port) => ({ port: IntOrString.fromNumber(port), protocol: 'TCP' }));
}

function callerPeer(caller: Caller): NetworkPolicyPeer {
  return caller.serviceAccount === undefined ? servicePeer(caller) : podsPeer(caller);
}

function podsPeer({ namespace, labels }: PlatformPods): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } },
    ...(labels && { podSelector: { matchLabels: { ...labels } } }),
  };
}

function servicePeer({ name, namespace }: ServiceReference): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } },
    podSelector: allPods(name),
  };
}
