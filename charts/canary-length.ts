import { iterationsOf, type JudgedRelease, judgement, weightSequence } from './release-strategy.ts';

/**
 * The tick at which a release that passes has succeeded, counted from the one at which Flagger sees the new version.
 *
 * The first weight, or iteration, comes at tick 1 without a check. Each check that passes then moves on by one; so n
 * weights take n ticks more until the last check promotes, and N iterations N + 1, since the last check of a blue/green
 * release is made with all users on the new version. After that the traffic returns, in p ticks, and one more ends it.
 * Every failed check and every tick at which Flagger cannot go on adds one.
 *
 * @param failed checks that failed; fewer than the threshold
 * @param blocked ticks at which pods were not ready, or a gate was closed
 * @see https://github.com/fluxcd/flagger/blob/main/pkg/controller/scheduler.go
 */
export function ticksToSuccess(
  release: JudgedRelease,
  { failed = 0, blocked = 0 }: { failed?: number; blocked?: number } = {},
): number {
  const weights = release.strategy === 'canary' ? weightSequence(release) : [];
  const checks = release.strategy === 'canary' ? weights.length : iterationsOf(release) + 1;
  const returns = Math.ceil((weights.at(-1) ?? 100) / judgement(release).promotionStep);
  return 1 + checks + returns + 1 + failed + blocked;
}

/**
 * The longest that a release can take from the change to its end, in seconds, good or bad: for the time-out of what waits
 * for it.
 *
 * The longest way is a success: one that loses all checks but one to the threshold, while both Deployments become ready
 * at the last moment. (A failed release ends earlier: the rollback comes one tick after the last failure, and nothing is
 * promoted.) So it is {@link ticksToSuccess} with one failed check less than the threshold, each tick an interval, and
 *
 * - one interval before the first tick, since the change may come just after one;
 * - as many ticks as fit before the deadline of the pods of the new version, and again of those of the primary;
 * - at each gate as many ticks as fit into the wait for the yes; and one more before the promotion of a blue/green
 *   release, where Flagger, once it was told no, asks at every other tick only.
 *
 * Two things can make it longer, and no number holds for them: pods that stop being ready in the middle, and another
 * version that comes meanwhile and starts it anew.
 */
export function canaryLength(release: JudgedRelease): number {
  const { intervalSeconds, threshold, readySeconds } = judgement(release);
  const { rollout, promotion, waitMinutes = 60 } = release.gates ?? {};
  const gates = [rollout, promotion].filter((gate) => gate !== undefined).length;
  // The tick that finds pods ready counts already; the one that finds a gate open comes besides.
  const blocked =
    2 * (Math.ceil(readySeconds / intervalSeconds) - 1) +
    gates * Math.ceil((waitMinutes * 60) / intervalSeconds) +
    (release.strategy === 'blueGreen' && promotion ? 1 : 0);
  return intervalSeconds * (1 + ticksToSuccess(release, { failed: threshold - 1, blocked }));
}
