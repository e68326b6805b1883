// One release, request by request. It is written from the description of Flagger alone and shares no code with the state machine
// and the odds, so that one can be held against the other.
import type { Analysis, Metric, Release, Traffic } from '../odds/analysis.ts';
import { badOnes, type Random, waitFor } from './random.ts';

/** How a simulated release ended. */
export interface Outcome {
  promoted: boolean;
  /** The tick at which it had ended, counted from the one that saw the new version. */
  tick: number;
  /** Users' requests that failed before it was rolled back, or promoted. */
  failed: number;
}

/** What can be changed on purpose, to see that the comparison notices. */
export interface Rules {
  /** Ticks from the last failure that is borne to the rollback. @default 1 */
  ticksToRollback?: number;
}

/** What a metric has counted in its window. */
interface Tally {
  metric: Metric;
  users: number;
  badUsers: number;
  load: number;
  badLoad: number;
}

/** Makes a source of releases that are all alike but for chance. */
export function releases(
  analysis: Analysis,
  traffic: Traffic,
  release: Release,
  random: Random,
  { ticksToRollback = 1 }: Rules = {},
): () => Outcome {
  const { intervalSeconds, loadTest, machine } = analysis;
  const stages = stagesOf(analysis, traffic);
  const back = machine.promotionStep ?? 100;
  const returns = Math.max(1, Math.ceil((stages.at(-1)?.weight ?? 0) / back));
  const users = { failed: badOnes(release.users.failed, random), slow: badOnes(release.users.slow, random) };
  const load = {
    failed: badOnes(release.loadTest.failed, random),
    slow: badOnes(release.loadTest.slow, random),
  };

  /** Lets an interval pass. */
  const pass = (perSecond: number, hasLoad: boolean, tallies: Tally[]): number => {
    let failed = 0;
    if (perSecond > 0) {
      let time = waitFor(perSecond, random);
      while (time < intervalSeconds) {
        const [isFailed, isSlow] = [users.failed(), users.slow()];
        if (isFailed) failed += 1;
        for (const tally of tallies) {
          if (time < intervalSeconds - tally.metric.windowSeconds) continue;
          tally.users += 1;
          if (tally.metric.counts === 'failed' ? isFailed : isSlow) tally.badUsers += 1;
        }
        time += waitFor(perSecond, random);
      }
    }
    if (hasLoad && loadTest !== undefined) {
      const stride = 1 / loadTest.requestsPerSecond;
      for (let time = stride / 2; time < loadTest.seconds; time += stride) {
        const [isFailed, isSlow] = [load.failed(), load.slow()];
        for (const tally of tallies) {
          if (time < intervalSeconds - tally.metric.windowSeconds) continue;
          tally.load += 1;
          if (tally.metric.counts === 'failed' ? isFailed : isSlow) tally.badLoad += 1;
        }
      }
    }
    return failed;
  };

  return () => {
    // Tick 0 saw the new version, tick 1 sent the first users to it.
    let [tick, stage, failures, failed] = [1, 0, 0, 0];
    while (true) {
      const tallies = analysis.metrics.map((metric) => ({
        metric,
        users: 0,
        badUsers: 0,
        load: 0,
        badLoad: 0,
      }));
      const hasLoad = tick > 1 || loadTest?.fromStart === true;
      failed += pass(stages[stage]?.perSecond ?? 0, hasLoad, tallies);
      tick += 1;
      if (tallies.every(holds)) {
        stage += 1;
        // Whoever promotes, sends users back, and then ends.
        if (stage === stages.length) return { promoted: true, tick: tick + returns + 1, failed };
        continue;
      }
      failures += 1;
      if (failures < machine.threshold) continue;
      for (let more = 0; more < ticksToRollback; more += 1) {
        failed += pass(stages[stage]?.perSecond ?? 0, false, []);
        tick += 1;
      }
      return { promoted: false, tick, failed };
    }
  };
}

/** Each stage ends with a check that passes. */
function stagesOf(
  { machine: { progress } }: Analysis,
  { requestsPerSecond, matched }: Traffic,
): { weight: number; perSecond: number }[] {
  const stage = (weight: number, share = weight / 100) => ({ weight, perSecond: requestsPerSecond * share });
  if (progress.kind === 'listedWeights') return progress.weights.map((weight) => stage(weight));
  if (progress.kind === 'abTest')
    return Array.from({ length: progress.iterations }, () => stage(100, matched));
  if (progress.kind === 'blueGreen') {
    return [...Array.from({ length: progress.iterations }, () => stage(0)), stage(100)];
  }
  const weights: number[] = [];
  for (let weight = 0; weight < progress.max; ) {
    weight = Math.min(100, weight + progress.step);
    weights.push(weight);
  }
  return weights.map((weight) => stage(weight));
}

function holds({ metric: { whose, tolerated }, users, badUsers, load, badLoad }: Tally): boolean {
  const few = (bad: number, all: number) => bad <= tolerated * all + 1e-9;
  if (whose === 'users') return users > 0 && few(badUsers, users);
  if (users + load === 0) return false;
  if (whose === 'together') return few(badUsers + badLoad, users + load);
  return few(badUsers, users) && few(badLoad, load);
}
