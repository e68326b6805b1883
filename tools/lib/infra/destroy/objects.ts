// The little of Kubernetes that taking a cluster down needs.
import type { Kubectl } from '../../kubectl.ts';
import { UserError } from '../../user-error.ts';

/** An object, as far as it is looked at here. */
export interface KubernetesObject {
  metadata: {
    name: string;
    namespace?: string;
    ownerReferences?: { apiVersion: string; kind: string; name: string; controller?: boolean }[];
  };
  spec?: {
    suspend?: boolean;
    type?: string;
    volumes?: { persistentVolumeClaim?: { claimName: string } }[];
  };
}

/**
 * All objects of a kind, of every namespace.
 *
 * @param resource by its full name: `nodepools.karpenter.sh`
 * @returns none where the cluster does not know the kind
 */
export async function list(kubectl: Kubectl, resource: string): Promise<KubernetesObject[]> {
  try {
    const printed = await kubectl(['get', resource, '--all-namespaces', '--output', 'json']);
    return (JSON.parse(printed) as { items: KubernetesObject[] }).items;
  } catch (error) {
    // A cluster on which Flux never got that far, or got rid of it.
    if (
      error instanceof UserError &&
      /doesn't have a resource type|no matches for kind/.test(error.message)
    ) {
      return [];
    }
    throw error;
  }
}

/** Asks for an object to be deleted, and does not wait for it. It is no error when there is none. */
export async function remove(kubectl: Kubectl, resource: string, object: KubernetesObject): Promise<void> {
  const { name } = object.metadata;
  const flags = ['--ignore-not-found', '--wait=false'];
  await kubectl(['delete', resource, name, ...inNamespace(object), ...flags]);
}

/** Changes a part of an object. */
export async function patch(
  kubectl: Kubectl,
  resource: string,
  object: KubernetesObject,
  change: object,
): Promise<void> {
  const to = ['--type', 'merge', '--patch', JSON.stringify(change)];
  await kubectl(['patch', resource, object.metadata.name, ...inNamespace(object), ...to]);
}

/** What controls an object, and controls that in turn: of a pod, its Deployment or what an operator made that from. */
export async function topOwner(
  kubectl: Kubectl,
  resource: string,
  object: KubernetesObject,
): Promise<{ resource: string; object: KubernetesObject }> {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner === undefined) return { resource, object };
  const above = resourceOf(owner);
  const get = ['get', above, owner.name, ...inNamespace(object), '--ignore-not-found', '--output', 'json'];
  const printed = await kubectl(get);
  if (printed.trim() === '') return { resource, object };
  return topOwner(kubectl, above, JSON.parse(printed) as KubernetesObject);
}

/** How a person says which one is meant: `prometheus/data-0`. */
export function title({ metadata: { name, namespace } }: KubernetesObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** `StatefulSet.v1.apps`; kubectl takes a kind in place of a resource. */
function resourceOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return group === '' ? kind : `${kind}.${version}.${group}`;
}

function inNamespace({ metadata: { namespace } }: KubernetesObject): string[] {
  return namespace === undefined ? [] : ['--namespace', namespace];
}
