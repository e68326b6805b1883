// How the pods of web services are told apart, and what Flagger calls what it makes for one.

import type { ReleaseStrategy } from '../release-strategy.ts';

/** The label that selects a service's pods. Flagger renames its value for the primary's, so no other may select. */
export const NAME_LABEL = 'app.kubernetes.io/name';

/** A label selector, in what the typed kinds of Kubernetes and of the custom resources have in common. */
export interface PodSelector {
  matchExpressions: { key: string; operator: 'In'; values: string[] }[];
}

/** What Flagger calls the Deployment that serves between releases, and its pods. */
export function primaryName(service: string): string {
  return `${service}-primary`;
}

/** The Service that Flagger makes for the new version alone. It has pods during a release only. */
export function canaryService(service: string): string {
  return `${service}-canary`;
}

/** The labels of the pods that we write: of the service itself, or of a new version while it is judged. */
export function ownLabels(service: string): Record<string, string> {
  return { [NAME_LABEL]: service };
}

/** The labels of the pods that serve. Between releases the Deployment that we write stands at zero. */
export function servingLabels(service: string, release: ReleaseStrategy): Record<string, string> {
  return ownLabels(release.strategy === 'rolling' ? service : primaryName(service));
}

/** All pods of a service, whichever way it is released: those that serve, and those of a version that is judged. */
export function allPods(service: string): PodSelector {
  return { matchExpressions: [{ key: NAME_LABEL, operator: 'In', values: [service, primaryName(service)] }] };
}
