// Whether the edge may call a Service's pods: by network policy, and by what the mesh has proved.
import { MESH_PORT } from '../../../charts/network-peers.ts';
import type { Cluster } from '../policy/cluster.ts';
import { at, fields, items, text } from '../policy/read.ts';
import { isEmptySelector, type Labels, selects } from '../policy/selector.ts';
import type { Edge } from './edge.ts';

const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** Pods that a Service sends to, and the container's port there by its number and its name. */
export interface Target {
  labels: Labels;
  ports: readonly unknown[];
}

/**
 * Why the edge can't call pods.
 *
 * @param target `undefined` where a Helm chart makes the pods, so that nobody can tell their labels
 * @returns nothing where it can
 */
export function barriers(
  cluster: Cluster,
  edge: Edge,
  namespace: string,
  target: Target | undefined,
): string[] {
  return [
    ...networkBarriers(cluster, edge, namespace, target?.labels),
    ...(target ? meshBarriers(cluster, edge, namespace, target) : []),
  ];
}

function networkBarriers(
  cluster: Cluster,
  edge: Edge,
  namespace: string,
  labels: Labels | undefined,
): string[] {
  const policies = cluster
    .inNamespace('networking.k8s.io/NetworkPolicy', namespace)
    .map(({ object }) => fields(object.spec))
    .filter(({ policyTypes }) => items(policyTypes).includes('Ingress'))
    .filter(({ podSelector }) => labels === undefined || selects(podSelector, labels));
  if (policies.length === 0) return [];
  const isOpen = policies.some(({ ingress }) => items(ingress).some((rule) => lets(edge, namespace, rule)));
  return isOpen
    ? []
    : [`no network policy of ${JSON.stringify(namespace)} lets ${edge.namespace} in at port ${MESH_PORT}`];
}

function lets(edge: Edge, namespace: string, rule: unknown): boolean {
  const { from, ports } = fields(rule);
  const peers = items(from).map(fields);
  const isPort = ports === undefined || items(ports).some((port) => fields(port).port === MESH_PORT);
  if (!isPort) return false;
  return (
    from === undefined ||
    peers.some(({ namespaceSelector, podSelector }) => {
      const isNamespace =
        namespaceSelector === undefined
          ? edge.namespace === namespace
          : selects(namespaceSelector, { [NAMESPACE_LABEL]: edge.namespace });
      const isOne = namespaceSelector !== undefined || podSelector !== undefined;
      return isOne && isNamespace && (podSelector === undefined || selects(podSelector, edge.labels));
    })
  );
}

/** A Server that denies lets only those in that an AuthorizationPolicy names. */
function meshBarriers(cluster: Cluster, edge: Edge, namespace: string, { labels, ports }: Target): string[] {
  const servers = cluster.inNamespace('policy.linkerd.io/Server', namespace).filter(({ object }) => {
    const { podSelector, port, accessPolicy } = fields(object.spec);
    const isOurs = !isEmptySelector(podSelector) && selects(podSelector, labels);
    return isOurs && ports.includes(port) && accessPolicy === 'deny';
  });
  return servers
    .filter(({ object }) => !isAuthorized(cluster, edge, namespace, object.metadata?.name))
    .map(
      ({ object }) =>
        `the Server ${JSON.stringify(object.metadata?.name)} denies all, and no AuthorizationPolicy names the ServiceAccount ${edge.namespace}/${edge.serviceAccount}`,
    );
}

function isAuthorized(cluster: Cluster, edge: Edge, namespace: string, server: string | undefined): boolean {
  return cluster.inNamespace('policy.linkerd.io/AuthorizationPolicy', namespace).some(({ object }) => {
    const { targetRef, requiredAuthenticationRefs } = fields(object.spec);
    if (at(targetRef, 'name') !== server) return false;
    return items(requiredAuthenticationRefs).some((reference) =>
      cluster
        .find('policy.linkerd.io/MeshTLSAuthentication', namespace, text(at(reference, 'name')))
        .flatMap(({ object }) => items(at(object.spec, 'identityRefs')))
        .some(
          (identity) =>
            at(identity, 'name') === edge.serviceAccount && at(identity, 'namespace') === edge.namespace,
        ),
    );
  });
}
