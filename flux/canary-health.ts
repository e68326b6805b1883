import { RELEASE_ANNOTATION } from '../charts/release-identity.ts';

/** Whether Flagger has settled: it is not at work on any release. */
const SETTLED = "has(status.phase) && status.phase in ['Initialized', 'Succeeded', 'Failed']";

/** Whether what it settled is the release that the Canary names, which its status lists once it has seen it. */
const SAW_RELEASE = `('configmap/' + metadata.annotations['${RELEASE_ANNOTATION}']) in status.?trackedConfigs.orValue({})`;

/**
 * How Flux judges a Canary: ready when the release that was applied last is promoted, failed when it was rolled back.
 *
 * By the phase alone it would take the end of the release before for the end of this one: a Canary has no observed
 * generation, and a new image is no change of the Canary. So the phase counts only once the Canary's status lists the
 * ConfigMap that it names, whose name is the release's own.
 *
 * A Canary that says `Failed` while the pods it judged last are those it promoted last was rolled back by a revert: what
 * is in git is what runs.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#health-check-expressions
 */
export const CANARY_HEALTH = {
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  inProgress: `!(${SETTLED}) || !(${SAW_RELEASE})`,
  failed: "status.phase == 'Failed' && status.lastAppliedSpec != status.?lastPromotedSpec.orValue('')",
  current: 'true',
} as const;
