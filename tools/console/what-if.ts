// What of a canary a person may move on its page, and what it was planned with then. Runs in the browser and in Node.
import type { MachineSpec, Progress } from '../lib/canary/machine/spec.ts';
import type { Analysis } from '../lib/canary/odds/analysis.ts';
import { BROKEN, HEALTHY } from '../lib/canary/odds/assumptions.ts';
import { type PlannedSubject, type PlanOptions, planSubject } from '../lib/canary/report/plan-subject.ts';
import type { Subject } from '../lib/canary/report/subject.ts';
import { duration, number, percent } from '../lib/canary/report/words.ts';

/** What is planned. */
export interface WhatIf {
  readonly subject: Subject;
  readonly options: PlanOptions;
}

/** Something that can be moved: a slider's position stands for it. */
export interface Knob {
  readonly id: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where it stands; `undefined` for a canary that has no such thing. */
  read(now: WhatIf): number | undefined;
  /** What a position says. */
  word(position: number): string;
  /** What is planned once it stands there. */
  apply(now: WhatIf, position: number): WhatIf;
}

/** The share of users that an A/B test is taken to match where nobody says it. */
const MATCHED = 0.1;

/** A canary as it is, at what is known of its traffic. */
export function asItIs(subject: Subject): WhatIf {
  return { subject, options: { assumptions: { healthy: HEALTHY, broken: BROKEN }, matched: MATCHED } };
}

/** Its odds. */
export function planWhatIf({ subject, options }: WhatIf): PlannedSubject {
  return planSubject(subject, options);
}

/** What people choose, in seconds. */
const INTERVALS = [10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600];

/** Everything that can be moved, in the order in which a page shows it. */
export const KNOBS: readonly Knob[] = [
  {
    id: 'traffic',
    label: 'Users’ requests a second',
    // From 1 in 10 s to 10,000/s: each step is an eighth more.
    min: -1,
    max: 4,
    step: 0.05,
    read: ({ subject }) => Math.log10(subject.traffic.requestsPerSecond),
    word: (position) => `${number(power(position))}/s`,
    apply: (now, position) => ({
      ...now,
      subject: { ...now.subject, traffic: { requestsPerSecond: power(position), isAssumed: false } },
    }),
  },
  {
    id: 'load',
    label: 'Load tester’s requests a second',
    min: 0,
    max: 100,
    step: 1,
    read: ({ subject }) => subject.read.analysis?.loadTest?.requestsPerSecond,
    word: (position) => `${number(position)}/s`,
    apply: (now, position) => ({ ...now, options: { ...now.options, loadPerSecond: position } }),
  },
  share('healthy', 'A healthy release fails', -4, -1.5),
  share('broken', 'A broken release fails', -3, 0),
  {
    id: 'limit',
    label: 'A check lets fail',
    min: -4,
    max: -0.5,
    step: 0.05,
    read: ({ subject }) => {
      const metric = subject.read.analysis?.metrics.find(({ counts }) => counts === 'failed');
      return metric && Math.log10(Math.max(1e-4, metric.tolerated));
    },
    word: (position) => `at most ${percent(power(position))}`,
    apply: (now, position) =>
      withAnalysis(now, (analysis) => ({
        ...analysis,
        metrics: analysis.metrics.map((metric) =>
          metric.counts === 'failed' ? { ...metric, tolerated: power(position) } : metric,
        ),
      })),
  },
  {
    id: 'threshold',
    label: 'Failed checks that roll back',
    min: 1,
    max: 10,
    step: 1,
    read: ({ subject }) => subject.read.analysis?.machine.threshold,
    word: String,
    apply: (now, threshold) => withMachine(now, (machine) => ({ ...machine, threshold })),
  },
  {
    id: 'interval',
    label: 'Time between checks',
    min: 0,
    max: INTERVALS.length - 1,
    step: 1,
    read: ({ subject }) => {
      const seconds = subject.read.analysis?.intervalSeconds;
      return seconds === undefined ? undefined : Math.max(0, nearest(INTERVALS, seconds));
    },
    word: (position) => duration(INTERVALS[position] ?? 60),
    apply: (now, position) =>
      withAnalysis(now, (analysis) => {
        const intervalSeconds = INTERVALS[position] ?? analysis.intervalSeconds;
        const scale = intervalSeconds / analysis.intervalSeconds;
        return {
          ...analysis,
          intervalSeconds,
          metrics: analysis.metrics.map((metric) => ({
            ...metric,
            windowSeconds: metric.windowSeconds * scale,
          })),
          loadTest: analysis.loadTest && {
            ...analysis.loadTest,
            seconds: analysis.loadTest.seconds * scale,
          },
        };
      }),
  },
  // Nobody waits for a hundred steps.
  weight('step', 'Percent more at each step', 2, 50),
  weight('max', 'Percent at most', 1, 100),
  {
    id: 'iterations',
    label: 'Iterations',
    min: 1,
    max: 20,
    step: 1,
    read: ({ subject }) => {
      const progress = subject.read.analysis?.machine.progress;
      return progress && 'iterations' in progress ? progress.iterations : undefined;
    },
    word: String,
    apply: (now, iterations) =>
      withProgress(now, (progress) => ('iterations' in progress ? { ...progress, iterations } : progress)),
  },
];

/** The knobs that a canary has. */
export function knobsOf(now: WhatIf): Knob[] {
  return KNOBS.filter((knob) => knob.read(now) !== undefined);
}

/**
 * The weights that a person writes: `1, 10, 50`.
 *
 * @returns `undefined` for what is no list of rising percentages
 */
export function parseWeights(text: string): number[] | undefined {
  const weights = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  const isRising = weights.every(
    (weight, index) =>
      Number.isInteger(weight) &&
      weight <= 100 &&
      weight > (index === 0 ? 0 : (weights[index - 1] as number)),
  );
  return weights.length > 0 && isRising ? weights : undefined;
}

/** A canary with other weights, where it lists them. */
export function withWeights(now: WhatIf, weights: readonly number[]): WhatIf {
  return withProgress(now, (progress) =>
    progress.kind === 'listedWeights' ? { ...progress, weights } : progress,
  );
}

function share(id: 'healthy' | 'broken', label: string, min: number, max: number): Knob {
  return {
    id,
    label,
    min,
    max,
    step: 0.05,
    read: ({ options }) => Math.log10(options.assumptions[id].failed),
    word: (position) => `${percent(power(position))} of its requests`,
    apply: (now, position) => {
      const { assumptions } = now.options;
      const quality = { ...assumptions[id], failed: power(position) };
      return { ...now, options: { ...now.options, assumptions: { ...assumptions, [id]: quality } } };
    },
  };
}

function weight(id: 'step' | 'max', label: string, min: number, max: number): Knob {
  return {
    id,
    label,
    min,
    max,
    step: 1,
    read: ({ subject }) => {
      const progress = subject.read.analysis?.machine.progress;
      return progress?.kind === 'evenWeights' ? progress[id] : undefined;
    },
    word: (position) => `${position} %`,
    apply: (now, position) =>
      withProgress(now, (progress) =>
        progress.kind === 'evenWeights' ? { ...progress, [id]: position } : progress,
      ),
  };
}

/** What a position of a logarithm stands for, to two digits: nobody means more. */
function power(position: number): number {
  return Number((10 ** position).toPrecision(2));
}

/** The place of the number in a list that is nearest to another one. */
function nearest(numbers: readonly number[], wanted: number): number {
  const distances = numbers.map((one) => Math.abs(one - wanted));
  return distances.indexOf(Math.min(...distances));
}

function withAnalysis(now: WhatIf, change: (analysis: Analysis) => Analysis): WhatIf {
  const { subject } = now;
  const { analysis } = subject.read;
  if (analysis === undefined) return now;
  return { ...now, subject: { ...subject, read: { ...subject.read, analysis: change(analysis) } } };
}

function withMachine(now: WhatIf, change: (machine: MachineSpec) => MachineSpec): WhatIf {
  return withAnalysis(now, (analysis) => ({ ...analysis, machine: change(analysis.machine) }));
}

function withProgress(now: WhatIf, change: (progress: Progress) => Progress): WhatIf {
  return withMachine(now, (machine) => ({ ...machine, progress: change(machine.progress) }));
}
