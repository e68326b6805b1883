import type { Release } from '../config/schema.ts';

/** Seconds in which a canary's pods, and later the primary's, must become ready. Flagger's own default. */
const PROGRESS_DEADLINE_SECONDS = 600;

/**
 * The longest that a release may take from the change to its end, in seconds: all but one of the failed checks that a
 * canary may have, and pods that become ready at the last moment.
 *
 * @returns nothing for a release that no canary judges
 */
export function longestCanarySeconds(release: Release): number | undefined {
  if (release.strategy !== 'canary') return undefined;
  const steps =
    'step' in release.weights
      ? Math.ceil(release.weights.max / release.weights.step)
      : release.weights.length;
  // One interval until the change is seen, one until the first weight, two for the promotion.
  const ticks = steps + release.threshold + 4;
  return ticks * release.intervalSeconds + 2 * PROGRESS_DEADLINE_SECONDS;
}
