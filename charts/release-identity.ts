// How a Canary can be told to have judged the release that was applied last, and not the one before: by the name of a
// ConfigMap that changes with every release. The pods name it, so Flagger lists it in the Canary's status; the Canary
// names it in an annotation. `flux/release-files.ts` makes the ConfigMap, `flux/canary-health.ts` compares the two.

/** The annotation of a Canary that names the ConfigMap of the release it has to judge. */
export const RELEASE_ANNOTATION = 'slipway.dev/release';

/** The name of the pods' volume for it. Nobody mounts it: it is there to be named. */
export const RELEASE_VOLUME = 'release';

/** The name of a service's release ConfigMap, as it stands in `dist/`: kustomize adds a hash of what it holds. */
export function releaseConfigMap(service: string): string {
  return `${service}-release`;
}
