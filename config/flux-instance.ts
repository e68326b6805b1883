// How Flux itself runs in a cluster, as the CDK says it to the FluxInstance. It stands here because what runs in dist/
// relies on it: a Kustomization that waits for a canary takes long.
import type { Cluster } from './schema.ts';

/** One of `spec.kustomize.patches` of a FluxInstance. @see https://fluxoperator.dev/docs/crd/fluxinstance/#kustomize-patches */
export interface FluxInstancePatch {
  target: { kind: 'Deployment'; name: string };
  /** JSON patch operations, as text. */
  patch: string;
}

/** Workers for add-ons, for the root and for apps that no canary holds up. Flux's own number for all of them is 4. */
const SPARE_WORKERS = 10;

/** A new commit sets every free worker to work at once, and each takes memory: more than this many don't fit into 1 GiB. */
const MOST_WAITING = 50;

/**
 * What the FluxInstance of a cluster must change about Flux's controllers, so that a canary under way holds up nothing:
 *
 * - a Kustomization that waits for its canary keeps a worker busy until the end, so each app has one;
 * - a new commit ends the wait, or a fix would be applied only when the release it mends has come to its end.
 *
 * @param cluster the cluster whose FluxInstance it is
 * @see https://fluxcd.io/flux/components/kustomize/options/
 */
export function fluxInstancePatches({ apps }: Pick<Cluster, 'apps'>): FluxInstancePatch[] {
  const workers = SPARE_WORKERS + Math.min(apps.length, MOST_WAITING);
  const flags = [`--concurrent=${workers}`, '--feature-gates=CancelHealthCheckOnNewRevision=true'];
  const operations = flags.map((value) => ({
    op: 'add',
    path: '/spec/template/spec/containers/0/args/-',
    value,
  }));
  return [
    { target: { kind: 'Deployment', name: 'kustomize-controller' }, patch: JSON.stringify(operations) },
  ];
}
