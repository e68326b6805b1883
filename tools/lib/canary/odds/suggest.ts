import type { MachineSpec, Progress } from '../machine/spec.ts';
import type { Analysis, Release, Traffic } from './analysis.ts';
import { type Assumptions, releaseOf } from './assumptions.ts';
import { type Chain, chainOf } from './chain.ts';
import { passChance, windowsOf } from './check.ts';
import { failedAtMost, harm } from './harm.ts';
import { type ChanceOf, reach, withChain } from './model.ts';
import { verdictOf } from './verdict.ts';

/** How bad the odds may be, as shares from 0 to 1. */
export interface Wanted {
  healthyRolledBack: number;
  brokenPromoted: number;
}

/** Settings that reach what is wanted, and what they cost. */
export interface Suggestion {
  analysis: Analysis;
  healthyRolledBack: number;
  brokenPromoted: number;
  /** Seconds from the tick that sees the new version until it has succeeded, where all checks pass. */
  seconds: number;
  /** Users' requests that a broken release answers, as a mean. */
  served: number;
  /** Those of them that fail, as a mean and in 95 of 100 cases at most. */
  failed: { mean: number; p95: number };
}

/** What can be suggested, each once. */
export interface Suggestions {
  /** What takes the least time. */
  fastest: Suggestion | undefined;
  /** What fails the fewest users' requests, of those that take no more than twice as long. */
  gentlest: Suggestion | undefined;
  /** What takes the least time and keeps the limit on failed requests; only where the fastest does not. */
  sameLimit: Suggestion | undefined;
}

/** Intervals that people choose, in seconds: from three scrapes up to an hour. */
const INTERVALS = [30, 60, 120, 180, 300, 600, 900, 1800, 3600];
const THRESHOLDS = [1, 2, 3, 5];
/** Limits on the share of failed requests. */
const LIMITS = [0.002, 0.005, 0.01, 0.02, 0.03, 0.04];
const WEIGHTS: readonly Progress[] = [
  ...[[50], [10, 50], [25, 50], [5, 25, 50], [10, 25, 50], [1, 5, 25, 50], [1, 10, 50], [5, 20, 50]].map(
    (weights) => ({ kind: 'listedWeights' as const, weights }),
  ),
  ...[5, 10, 25].map((step) => ({ kind: 'evenWeights' as const, step, max: 50 })),
];
const ITERATIONS = [1, 2, 3, 5, 10];

/**
 * Searches settings that reach certain odds at a traffic: weights or iterations, intervals (the windows with them, as much shorter as they are),
 * thresholds and limits that people choose. The way users come to the new version stays what it is.
 */
export function suggest(
  analysis: Analysis,
  traffic: Traffic,
  assumptions: Assumptions,
  wanted: Wanted,
): Suggestions {
  const search = new Search(traffic, assumptions, wanted);
  const found: Candidate[] = [];
  let fastest = Number.POSITIVE_INFINITY;
  let fastestOfSameLimit = Number.POSITIVE_INFINITY;
  for (const candidate of search.candidates(analysis, assumptions)) {
    const isOfUse =
      candidate.seconds <= 2 * fastest ||
      (candidate.keepsLimit && fastestOfSameLimit === Number.POSITIVE_INFINITY);
    if (!isOfUse || !search.reaches(candidate)) continue;
    found.push(candidate);
    fastest = Math.min(fastest, candidate.seconds);
    if (candidate.keepsLimit) fastestOfSameLimit = Math.min(fastestOfSameLimit, candidate.seconds);
  }
  const cheapest = (some: readonly Candidate[]) =>
    some.map((one) => search.cost(one)).sort((a, b) => a.failed.mean - b.failed.mean)[0];
  const first = cheapest(found.filter(({ seconds }) => seconds === fastest));
  const gentlest = cheapest(found.filter(({ seconds }) => seconds <= 2 * fastest));
  const same = found.filter(({ keepsLimit, seconds }) => keepsLimit && seconds === fastestOfSameLimit);
  return {
    fastest: first,
    gentlest:
      gentlest !== undefined && gentlest.failed.mean < 0.99 * (first?.failed.mean ?? 0)
        ? gentlest
        : undefined,
    sameLimit: fastestOfSameLimit > fastest ? cheapest(same) : undefined,
  };
}

interface Candidate {
  analysis: Analysis;
  /** Where all checks pass. */
  seconds: number;
  keepsLimit: boolean;
}

function changed(
  analysis: Analysis,
  machine: MachineSpec,
  intervalSeconds: number,
  limit: number | undefined,
): Analysis {
  const { loadTest } = analysis;
  const pause = loadTest === undefined ? 0 : Math.max(0, analysis.intervalSeconds - loadTest.seconds);
  return {
    machine,
    intervalSeconds,
    metrics: analysis.metrics.map((metric) => ({
      ...metric,
      windowSeconds: intervalSeconds - (analysis.intervalSeconds - metric.windowSeconds),
      tolerated: metric.counts === 'failed' && limit !== undefined ? limit : metric.tolerated,
    })),
    loadTest: loadTest && { ...loadTest, seconds: Math.max(0, intervalSeconds - pause) },
  };
}

/** Judges settings, and remembers what a check's chance was: many of them share their windows. */
class Search {
  readonly #traffic: Traffic;
  readonly #wanted: Wanted;
  readonly #healthy: Release;
  readonly #broken: Release;
  readonly #known = new Map<string, number>();
  readonly #chains = new Map<string, Chain>();

  constructor(traffic: Traffic, assumptions: Assumptions, wanted: Wanted) {
    this.#traffic = traffic;
    this.#wanted = wanted;
    this.#healthy = releaseOf(assumptions.healthy, assumptions);
    this.#broken = releaseOf(assumptions.broken, assumptions);
  }

  /** All settings to try, fastest first. */
  candidates(analysis: Analysis, { healthy, broken }: Assumptions): Candidate[] {
    const { machine, intervalSeconds } = analysis;
    const { kind } = machine.progress;
    const ways: readonly Progress[] =
      kind === 'blueGreen' || kind === 'abTest'
        ? ITERATIONS.map((iterations) => ({ kind, iterations }))
        : WEIGHTS;
    const limits = LIMITS.filter((limit) => limit > healthy.failed && limit < broken.failed);
    const shorter = Math.max(
      0,
      ...analysis.metrics.map(({ windowSeconds }) => intervalSeconds - windowSeconds),
    );
    const intervals = new Set([intervalSeconds, ...INTERVALS.filter((seconds) => seconds > shorter)]);
    return [machine.progress, ...ways]
      .flatMap((progress) =>
        THRESHOLDS.map((threshold): MachineSpec => ({ ...machine, progress, threshold })),
      )
      .flatMap((spec) => {
        const ticks = this.#ticks(spec);
        return [...intervals].flatMap((interval) =>
          [undefined, ...limits].map((limit) => ({
            analysis: changed(analysis, spec, interval, limit),
            seconds: ticks * interval,
            keepsLimit: limit === undefined,
          })),
        );
      })
      .sort((a, b) => a.seconds - b.seconds);
  }

  /** Ticks of a release of which all checks pass. */
  #ticks(spec: MachineSpec): number {
    const ends = this.#chain(spec).filter(({ state }) => state.phase === 'Succeeded');
    return Math.min(...ends.map(({ tick }) => tick));
  }

  #chain(spec: MachineSpec): Chain {
    const key = JSON.stringify(spec);
    const chain = this.#chains.get(key) ?? chainOf(spec);
    this.#chains.set(key, chain);
    return chain;
  }

  /** Whether the odds are as wanted. */
  reaches({ analysis }: Candidate): boolean {
    const { healthyRolledBack, brokenPromoted } = this.#odds(analysis);
    return (
      healthyRolledBack <= this.#wanted.healthyRolledBack && brokenPromoted <= this.#wanted.brokenPromoted
    );
  }

  /** What settings cost that reach what is wanted. */
  cost({ analysis, seconds }: Candidate): Suggestion {
    const noticed = harm(this.#model(analysis), this.#broken);
    return {
      analysis,
      ...this.#odds(analysis),
      seconds,
      served: noticed.served,
      failed: { mean: noticed.failed, p95: failedAtMost(noticed, 0.95) },
    };
  }

  #odds(analysis: Analysis) {
    const model = this.#model(analysis);
    const of = (release: Release) =>
      verdictOf(model, reach(model, release, this.#chances(analysis, release)));
    return {
      healthyRolledBack: of(this.#healthy).rolledBack.chance,
      brokenPromoted: of(this.#broken).promoted.chance,
    };
  }

  #model(analysis: Analysis) {
    return withChain(analysis, this.#traffic, this.#chain(analysis.machine));
  }

  #chances(analysis: Analysis, release: Release): ChanceOf {
    const about = `${release === this.#healthy} ${JSON.stringify([analysis.metrics, analysis.loadTest])}`;
    return (exposure) => {
      const key = `${exposure.requestsPerSecond} ${exposure.hasLoad} ${about}`;
      const known = this.#known.get(key);
      if (known !== undefined) return known;
      const chance = passChance(windowsOf(analysis, exposure), release);
      this.#known.set(key, chance);
      return chance;
    };
  }
}
