import type { MachineSpec, Progress } from '../../lib/canary/machine/spec.ts';
import type { Analysis, Metric } from '../../lib/canary/odds/analysis.ts';
import { BROKEN, defaultLoadSees, HEALTHY, releaseOf } from '../../lib/canary/odds/assumptions.ts';
import { bands } from '../../lib/canary/odds/bands.ts';
import { operatingCurve } from '../../lib/canary/odds/curve.ts';
import { type Planned, planCanary } from '../../lib/canary/odds/plan.ts';
import { median } from '../measure.ts';

/** What it costs to compute odds, at one traffic. */
export interface PlanRow {
  requestsPerSecond: number;
  /** Milliseconds of processor time for the plans of a hundred canaries. */
  hundred: number;
  /** The same for all that a slider changes: one plan with its plots; of all the slowest. */
  slider: number;
  /** The same for work of a fixed size, to hold the others against: what else a machine does slows both. */
  yardstick: number;
}

const CANARIES = 100;
/** After so many they are the same again. */
const DIFFERENT = 30;
/** Users' requests a second. */
export const RATES = [1, 10, 100, 1000];

const WAYS: readonly Progress[] = [
  { kind: 'evenWeights', step: 10, max: 50 },
  { kind: 'listedWeights', weights: [1, 10, 50] },
  { kind: 'blueGreen', iterations: 5 },
  { kind: 'evenWeights', step: 5, max: 50 },
  { kind: 'abTest', iterations: 10 },
];

/** A hundred canaries as people write them. */
export function canaries(): Analysis[] {
  return Array.from({ length: CANARIES }, (_, index) => {
    const machine: MachineSpec = {
      progress: WAYS[index % WAYS.length] as Progress,
      threshold: 1 + (index % 6),
      promotionStep: 25,
    };
    const shared = {
      tolerated: 0.01,
      windowSeconds: 60,
      whose: index % 3 === 0 ? 'together' : 'apart',
    } as const;
    const metrics: Metric[] = [
      { counts: 'failed', ...shared },
      { counts: 'slow', ...shared },
    ];
    return {
      machine,
      intervalSeconds: 60,
      metrics,
      loadTest: { requestsPerSecond: 10, seconds: 55, fromStart: true },
    };
  });
}

/** Plans one canary. */
function planOne(analysis: Analysis, requestsPerSecond: number): Planned {
  return planCanary(analysis, { requestsPerSecond, matched: 0.1 }, assumptionsOf(analysis));
}

/** All that a slider's answer holds: the odds, the operating curve, and users over time. */
export function answer(analysis: Analysis, requestsPerSecond: number): void {
  const { model } = planOne(analysis, requestsPerSecond);
  const assumptions = assumptionsOf(analysis);
  operatingCurve(model, assumptions);
  bands(model, releaseOf(HEALTHY, assumptions));
  bands(model, releaseOf(BROKEN, assumptions));
}

function assumptionsOf(analysis: Analysis) {
  return { healthy: HEALTHY, broken: BROKEN, loadSees: defaultLoadSees(analysis) };
}

/** Measures at each traffic; the median of several rounds counts, after one to warm up. */
export function benchPlan(rounds: number): PlanRow[] {
  const all = canaries();
  return RATES.map((requestsPerSecond) => {
    const hundred: number[] = [];
    const different = all.slice(0, DIFFERENT);
    const slider = different.map((): number[] => []);
    const fixed: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const whole = time(() => all.forEach((analysis) => void planOne(analysis, requestsPerSecond)));
      fixed.push(time(yardstick));
      const each = different.map((analysis) => time(() => answer(analysis, requestsPerSecond)));
      if (round === 0) continue;
      hundred.push(whole);
      each.forEach((one, index) => void slider[index]?.push(one));
    }
    return {
      requestsPerSecond,
      hundred: median(hundred),
      slider: Math.max(...slider.map(median)),
      yardstick: median(fixed),
    };
  });
}

/** Sums of products, as most of the work is; a machine that does it in 35 ms has a slider's answer in the same. */
function yardstick(): void {
  const values = new Float64Array(4096).fill(0.5);
  let sum = 0;
  for (let round = 0; round < 15_000; round += 1) {
    for (let index = 0; index < values.length; index += 1) {
      sum += (values[index] as number) * (1 - (values[(index + round) & 4095] as number));
    }
  }
  if (sum === 0) throw new Error('nothing was done');
}

/** Milliseconds of processor time: how long it takes on a machine that does nothing else. */
function time(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
