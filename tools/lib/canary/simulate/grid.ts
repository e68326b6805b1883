import type { Progress } from '../machine/spec.ts';
import type { Analysis, Metric, Quality, Release, Traffic } from '../odds/analysis.ts';

/** A canary, a traffic and a release to hold odds against simulations with. */
export interface Case {
  name: string;
  analysis: Analysis;
  traffic: Traffic;
  release: Release;
}

const WAYS: readonly Progress[] = [
  { kind: 'evenWeights', step: 10, max: 50 },
  { kind: 'listedWeights', weights: [1, 10, 50] },
  { kind: 'blueGreen', iterations: 3 },
  { kind: 'abTest', iterations: 4 },
  { kind: 'evenWeights', step: 30, max: 50 },
  { kind: 'listedWeights', weights: [5, 20, 60, 100] },
  { kind: 'evenWeights', step: 50, max: 100 },
];
const THRESHOLDS = [1, 2, 3, 5];
const RATES = [0.3, 1, 2.5];
/** Interval and window, in seconds. */
const TIMES = [
  [60, 60],
  [30, 30],
  [60, 40],
  [20, 20],
] as const;
const TOLERATED = [0.01, 0.05, 0.02];
const LOADS = [undefined, 0.5, 1];
const WHOSE: readonly Metric['whose'][] = ['apart', 'together', 'users'];
const USERS: readonly Quality[] = [
  { failed: 0.002, slow: 0.001 },
  { failed: 0.05, slow: 0.001 },
  { failed: 0.02, slow: 0.01 },
  { failed: 0.1, slow: 0 },
  { failed: 0.004, slow: 0.03 },
];

/** Fifty cases in which each setting meets many others: few requests, so that chance has much to say. */
export function grid(size = 50): Case[] {
  return Array.from({ length: size }, (_, index) => {
    const pick = <Item>(from: readonly Item[], shift = 0) => from[(index + shift) % from.length] as Item;
    const [intervalSeconds, windowSeconds] = pick(TIMES, Math.floor(index / 7));
    const progress = pick(WAYS);
    const load = pick(LOADS, Math.floor(index / 5)) ?? (progress.kind === 'blueGreen' ? 1 : undefined);
    const whose = load === undefined && progress.kind !== 'blueGreen' ? pick(WHOSE) : pick(WHOSE.slice(0, 2));
    const users = pick(USERS, Math.floor(index / 11));
    const shared = { windowSeconds, whose };
    const metrics: Metric[] = [
      { counts: 'failed', tolerated: pick(TOLERATED, Math.floor(index / 3)), ...shared },
      ...(index % 3 === 2 ? [] : [{ counts: 'slow' as const, tolerated: 0.01, ...shared }]),
    ];
    const requestsPerSecond = pick(RATES, Math.floor(index / 4));
    const threshold = pick(THRESHOLDS, Math.floor(index / 2));
    return {
      name: `${progress.kind} ${index}, threshold ${threshold}, ${requestsPerSecond}/s, every ${intervalSeconds} s, window ${windowSeconds} s, ${whose}, load ${load ?? 0}/s, fails ${users.failed}, slow ${users.slow}`,
      analysis: {
        machine: { progress, threshold, promotionStep: index % 4 === 1 ? 25 : undefined },
        intervalSeconds,
        metrics,
        loadTest:
          load === undefined
            ? undefined
            : { requestsPerSecond: load, seconds: intervalSeconds - 4, fromStart: index % 2 === 0 },
      },
      traffic: { requestsPerSecond, matched: 0.2 },
      release: { users, loadTest: index % 4 < 2 ? users : { failed: 0.001, slow: 0.001 } },
    };
  });
}
