// Where each thing has its page.
import type { ObjectView } from './fleet.ts';

/** What stands in an object's address for the namespace that it has none of. */
export const NO_NAMESPACE = '-';

/** The page of a cluster. */
export function clusterPath(cluster: string): string {
  return `/clusters/${encodeURIComponent(cluster)}`;
}

/** The page of an object. */
export function objectPath(
  cluster: string,
  { kind, namespace = NO_NAMESPACE, name }: Pick<ObjectView, 'kind' | 'namespace' | 'name'>,
): string {
  const parts = [kind, namespace, name].map(encodeURIComponent);
  return `${clusterPath(cluster)}/objects/${parts.join('/')}`;
}

/** The page of a Canary. */
export function canaryPath(cluster: string, namespace: string, name: string): string {
  return `/canaries/${[cluster, namespace, name].map(encodeURIComponent).join('/')}`;
}
