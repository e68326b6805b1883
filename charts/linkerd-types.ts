// Linkerd's policy resources, as far as we use them. No npm package types them.
// @see https://linkerd.io/2-edge/reference/authorization-policy/

import type { Resource } from './custom-resource.ts';

/** A port of some pods for which the mesh decides who may call. */
export interface IServer extends Resource {
  apiVersion: 'policy.linkerd.io/v1beta3';
  kind: 'Server';
  spec: {
    /** Pods of the same namespace. */
    podSelector: {
      matchLabels?: Record<string, string>;
      matchExpressions?: SelectorRequirement[];
    };
    /** A port of their containers, by name or number. */
    port: number | string;
    /** What the port speaks; without it the proxy waits to see. */
    proxyProtocol?: 'unknown' | 'HTTP/1' | 'HTTP/2' | 'gRPC' | 'opaque' | 'TLS';
    /** Who may call where no AuthorizationPolicy says so. Linkerd's own default is `deny`. */
    accessPolicy?:
      | 'all-authenticated'
      | 'all-unauthenticated'
      | 'cluster-authenticated'
      | 'cluster-unauthenticated'
      | 'deny'
      | 'audit';
  };
}

/** Who may call a {@link IServer}, or one route of it. */
export interface IAuthorizationPolicy extends Resource {
  apiVersion: 'policy.linkerd.io/v1alpha1';
  kind: 'AuthorizationPolicy';
  spec: {
    targetRef: PolicyReference;
    /** All of them must hold. */
    requiredAuthenticationRefs: PolicyReference[];
  };
}

/** Callers by who they are: the identities that their proxies prove. */
export interface IMeshTLSAuthentication extends Resource {
  apiVersion: 'policy.linkerd.io/v1alpha1';
  kind: 'MeshTLSAuthentication';
  spec: {
    identityRefs: IdentityReference[];
  };
}

/** Callers by where they are. */
export interface INetworkAuthentication extends Resource {
  apiVersion: 'policy.linkerd.io/v1alpha1';
  kind: 'NetworkAuthentication';
  spec: {
    networks: { cidr: string; except?: string[] }[];
  };
}

interface SelectorRequirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values?: string[];
}

/** An object of the same namespace. */
interface PolicyReference {
  group: string;
  kind: string;
  name: string;
}

/** The pods that run under a ServiceAccount. */
export interface IdentityReference {
  kind: 'ServiceAccount';
  name: string;
  namespace: string;
}
