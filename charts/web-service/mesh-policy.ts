import type { IHTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute';
import type { Construct } from 'constructs';
import { CustomResource } from '../custom-resource.ts';
import type {
  IAuthorizationPolicy,
  IdentityReference,
  IMeshTLSAuthentication,
  INetworkAuthentication,
  IServer,
} from '../linkerd-types.ts';
import { HTTP_PORT, MANAGEMENT_PORT } from './deployment.ts';
import { allPods } from './pods.ts';
import type { Caller } from './props.ts';
import { isRouted } from './routes.ts';
import type { Settings } from './settings.ts';

const POLICY_GROUP = 'policy.linkerd.io';
const ROUTE_GROUP = 'gateway.networking.k8s.io';

/**
 * Who may call, by what their proxies prove and not by where they are.
 *
 * The network policy lets callers in at the proxy's port, and whoever is in there can ask for any port of the pod. So both
 * ports that the service opens are closed here, and opened for who is named.
 */
export function addMeshPolicy(scope: Construct, settings: Settings): void {
  addUsersPolicy(scope, settings);
  addManagementPolicy(scope, settings);
}

/** The port for requests is open to those who are named, by their ServiceAccounts. */
function addUsersPolicy(scope: Construct, settings: Settings): void {
  const { name } = settings;
  addServer(scope, 'server', name, settings, HTTP_PORT);
  new CustomResource<IMeshTLSAuthentication>(scope, 'callers', {
    apiVersion: 'policy.linkerd.io/v1alpha1',
    kind: 'MeshTLSAuthentication',
    metadata: { name },
    spec: { identityRefs: identities(settings) },
  });
  new CustomResource<IAuthorizationPolicy>(scope, 'authorization', {
    apiVersion: 'policy.linkerd.io/v1alpha1',
    kind: 'AuthorizationPolicy',
    metadata: { name },
    spec: {
      targetRef: { group: POLICY_GROUP, kind: 'Server', name },
      requiredAuthenticationRefs: [{ group: POLICY_GROUP, kind: 'MeshTLSAuthentication', name }],
    },
  });
}

/**
 * The port for probes and metrics is open to everybody who gets there, at those paths and no others: the kubelet has no
 * identity, and Prometheus need not have one. Linkerd would let probes through by itself, but no longer once there is a
 * route for the metrics.
 */
function addManagementPolicy(scope: Construct, settings: Settings): void {
  const { management } = settings;
  const name = `${settings.name}-management`;
  addServer(scope, 'management-server', name, settings, MANAGEMENT_PORT);
  const paths = [management.live, management.ready, management.metrics].filter((path) => path !== false);
  new CustomResource<IHTTPRoute>(scope, 'management-route', {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name },
    spec: {
      parentRefs: [{ group: POLICY_GROUP, kind: 'Server', name }],
      rules: [
        {
          matches: [...new Set(paths)].map((value) => ({ method: 'GET', path: { type: 'Exact', value } })),
        },
      ],
    },
  });
  new CustomResource<INetworkAuthentication>(scope, 'anywhere', {
    apiVersion: 'policy.linkerd.io/v1alpha1',
    kind: 'NetworkAuthentication',
    metadata: { name },
    spec: { networks: [{ cidr: '0.0.0.0/0' }, { cidr: '::/0' }] },
  });
  new CustomResource<IAuthorizationPolicy>(scope, 'management-authorization', {
    apiVersion: 'policy.linkerd.io/v1alpha1',
    kind: 'AuthorizationPolicy',
    metadata: { name },
    spec: {
      targetRef: { group: ROUTE_GROUP, kind: 'HTTPRoute', name },
      requiredAuthenticationRefs: [{ group: POLICY_GROUP, kind: 'NetworkAuthentication', name }],
    },
  });
}

function addServer(scope: Construct, id: string, name: string, settings: Settings, port: string): void {
  new CustomResource<IServer>(scope, id, {
    apiVersion: 'policy.linkerd.io/v1beta3',
    kind: 'Server',
    metadata: { name },
    spec: {
      podSelector: allPods(settings.name),
      port,
      // Between proxies it is HTTP/2, which Linkerd sees to.
      proxyProtocol: 'HTTP/1',
      accessPolicy: 'deny',
    },
  });
}

function identities(settings: Settings): IdentityReference[] {
  const { platform, release, callers } = settings;
  const all = [
    ...(isRouted(settings) ? [platform.ingressController] : []),
    ...(release.strategy === 'rolling' ? [] : [platform.loadTester]),
    ...callers,
  ];
  return all.map((caller) => ({
    kind: 'ServiceAccount',
    name: accountOf(caller),
    namespace: caller.namespace,
  }));
}

function accountOf(caller: Caller): string {
  return caller.serviceAccount === undefined ? caller.name : caller.serviceAccount;
}
