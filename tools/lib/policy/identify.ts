import type { Resource } from '../../../charts/custom-resource.ts';

/** Group and kind, whatever the version: `apps/Deployment`, and `Service` for what Kubernetes has no group for. */
export function groupKind({ apiVersion, kind }: Pick<Resource, 'apiVersion' | 'kind'>): string {
  const group = groupOf(apiVersion);
  return group === '' ? kind : `${group}/${kind}`;
}

/** The group of an API version: `apps` of `apps/v1`, none of `v1`. */
export function groupOf(apiVersion: unknown): string {
  const version = String(apiVersion ?? '');
  const slash = version.indexOf('/');
  return slash < 0 ? '' : version.slice(0, slash);
}

/** One string for what is unique in a cluster. */
export function key(kind: string, namespace: string | undefined, name: string | undefined): string {
  return `${kind} ${namespace ?? ''}/${name ?? ''}`;
}
