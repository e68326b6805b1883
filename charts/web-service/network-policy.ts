import {
  KubeNetworkPolicy,
  type NetworkPolicyEgressRule,
  type NetworkPolicyIngressRule,
  type NetworkPolicyPeer,
} from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { Construct } from 'constructs';
import { CoreResource } from '../custom-resource.ts';
import {
  cidrPeers,
  MESH_METRICS_PORT,
  MESH_PORT,
  MESH_TAP_PORT,
  NAMESPACE_LABEL,
  podsPeer,
  tcp,
  toDns,
  toMeshControl,
  toPodIdentity,
} from '../network-peers.ts';
import { allPods } from './pods.ts';
import type { Caller, ServiceReference } from './props.ts';
import { isRouted } from './routes.ts';
import type { Settings } from './settings.ts';

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
    ...(platform.tap ? [{ from: [podsPeer(platform.tap)], ports: tcp(MESH_TAP_PORT) }] : []),
  ];
}

function egress({ platform, database, calls, egress }: Settings): NetworkPolicyEgressRule[] {
  const { collector, meshNamespace } = platform;
  return [
    toDns(),
    toMeshControl(meshNamespace),
    toPodIdentity(),
    ...(collector ? [{ to: [podsPeer(collector)], ports: tcp(collector.port, MESH_PORT) }] : []),
    ...(database ? [{ to: cidrPeers(platform.database.cidrs), ports: tcp(POSTGRES_PORT) }] : []),
    // By name, though each of them refuses who it does not know: other pods at this port may not.
    ...(calls.length > 0 ? [{ to: calls.map(servicePeer), ports: tcp(MESH_PORT) }] : []),
    ...egress.map(({ cidr, except, ports }) => ({
      to: [{ ipBlock: { cidr, ...(except && { except: [...except] }) } }],
      ports: tcp(...ports),
    })),
  ];
}

function callerPeer(caller: Caller): NetworkPolicyPeer {
  return caller.serviceAccount === undefined ? servicePeer(caller) : podsPeer(caller);
}

function servicePeer({ name, namespace }: ServiceReference): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } },
    podSelector: allPods(name),
  };
}
