// Which requests Linkerd's policy lets through, told by its controller's rules. For tests.
// @see https://github.com/linkerd/linkerd2/blob/main/policy-controller/k8s/index/src/inbound/index.rs

import type { Resource } from '../custom-resource.ts';
import { ofKind, type Pods } from './flagger.ts';
import { type LabelSelector, selects } from './selector.ts';

/** Who asks: pods in the mesh are who their ServiceAccount says, others nobody. */
export type Identity = { serviceAccount: string; namespace: string } | undefined;

/** Whether a request to a port of pods is let through. */
export function mayRequest(
  objects: readonly Resource[],
  { namespace, labels, ports }: Pods,
  port: number,
  caller: Identity,
  request: { method: string; path: string },
): boolean {
  const servers = ofKind<Server>(objects, 'Server').filter(
    ({ metadata, spec }) =>
      metadata.namespace === namespace &&
      selects(spec.podSelector, labels) &&
      (spec.port === port || ports[spec.port] === port),
  );
  if (servers.length > 1) throw new Error(`${servers.length} Servers are for port ${port}: only one counts`);
  const [server] = servers;
  // The cluster's default.
  if (server === undefined) return true;
  const { name } = server.metadata;
  const routes = ofKind<Route>(objects, 'HTTPRoute').filter(
    ({ metadata, spec }) =>
      metadata.namespace === namespace &&
      spec.parentRefs.some((parent) => parent.kind === 'Server' && parent.name === name),
  );
  const authorized = (kind: string, target: string) =>
    ofKind<Authorization>(objects, 'AuthorizationPolicy').some(
      ({ metadata, spec }) =>
        metadata.namespace === namespace &&
        spec.targetRef.kind === kind &&
        spec.targetRef.name === target &&
        spec.requiredAuthenticationRefs.every((reference) =>
          isAuthentic(objects, namespace, reference, caller),
        ),
    );
  // A request that no route of a port with routes is for is refused, whoever asks.
  if (routes.length > 0 && !routes.some((route) => matches(route, request))) return false;
  return (
    authorized('Server', name) ||
    routes.some((route) => matches(route, request) && authorized('HTTPRoute', route.metadata.name)) ||
    server.spec.accessPolicy === 'all-unauthenticated'
  );
}

function matches({ spec }: Route, { method, path }: { method: string; path: string }): boolean {
  return spec.rules.some((rule) =>
    rule.matches.some(
      (match) => match.method === method && match.path.type === 'Exact' && match.path.value === path,
    ),
  );
}

function isAuthentic(
  objects: readonly Resource[],
  namespace: string,
  { kind, name }: Reference,
  caller: Identity,
): boolean {
  const here = ({ metadata }: Named) => metadata.namespace === namespace && metadata.name === name;
  if (kind === 'NetworkAuthentication') {
    const network = ofKind<NetworkAuthentication>(objects, kind).find(here);
    return network?.spec.networks.some(({ cidr }) => cidr === '0.0.0.0/0') ?? false;
  }
  const mesh = ofKind<MeshAuthentication>(objects, 'MeshTLSAuthentication').find(here);
  return (
    caller !== undefined &&
    (mesh?.spec.identityRefs.some(
      (identity) => identity.name === caller.serviceAccount && identity.namespace === caller.namespace,
    ) ??
      false)
  );
}

interface Named {
  metadata: { name: string; namespace: string };
}

interface Reference {
  kind: string;
  name: string;
}

interface Server extends Named {
  kind: 'Server';
  spec: { podSelector: LabelSelector; port: string | number; accessPolicy?: string };
}

interface Route extends Named {
  kind: 'HTTPRoute';
  spec: {
    parentRefs: Reference[];
    rules: { matches: { method: string; path: { type: string; value: string } }[] }[];
  };
}

interface Authorization extends Named {
  kind: 'AuthorizationPolicy';
  spec: { targetRef: Reference; requiredAuthenticationRefs: Reference[] };
}

interface NetworkAuthentication extends Named {
  kind: 'NetworkAuthentication';
  spec: { networks: { cidr: string }[] };
}

interface MeshAuthentication extends Named {
  kind: 'MeshTLSAuthentication';
  spec: { identityRefs: { name: string; namespace: string }[] };
}
