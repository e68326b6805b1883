/** The namespace that Flux's own objects are in. */
export const FLUX_NAMESPACE = 'flux-system';

/** The GitRepository of this repo. The FluxInstance makes it, so nothing in `dist/` does. */
export const REPOSITORY = { kind: 'GitRepository', name: 'flux-system' } as const;

/** The ConfigMap with the values that only AWS knows. CDK writes it, Flux substitutes from it. */
export const CLUSTER_VARS = 'cluster-vars';

/** The label by which an automation finds the policies of its ring. */
export const RING_LABEL = 'slipway.dev/ring';

/** The Secret with the credentials of a private registry, in each namespace whose images come from there. */
export const PULL_SECRET = 'registry';
