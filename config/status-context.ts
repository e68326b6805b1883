// The name under which Flux says on a commit how a cluster fared with it: written by Flux, read by `npm run promote`.

/** What a commit status is about. */
export interface StatusContext {
  /** The cluster's name. */
  cluster: string;
  /** The name of a Kustomization of it: an app's or an add-on's. */
  kustomization: string;
}

/** The first part of the context of each status that Flux gives a commit. */
export const STATUS_PREFIX = 'flux';

/** The context of a commit status: `flux/dev-eu-west-1/conduit`. */
export function statusContext({ cluster, kustomization }: StatusContext): string {
  return `${STATUS_PREFIX}/${cluster}/${kustomization}`;
}

/** What a context says; `undefined` for a status that somebody else gave the commit. */
export function parseStatusContext(context: string): StatusContext | undefined {
  const [prefix, cluster, kustomization, ...more] = context.split('/');
  if (prefix !== STATUS_PREFIX || !cluster || !kustomization || more.length > 0) return undefined;
  return { cluster, kustomization };
}
