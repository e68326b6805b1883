import { atMost, binomial } from '../odds/counts.ts';
import { type Harm, harm } from '../odds/harm.ts';
import { modelOf } from '../odds/model.ts';
import { verdict } from '../odds/verdict.ts';
import type { Case } from './grid.ts';
import { seeded } from './random.ts';
import { type Rules, releases } from './release.ts';

/** One number that was computed and one that was counted. */
export interface Comparison {
  what: string;
  /** The chance that was computed. */
  exact: number;
  /** The share of the simulated releases. */
  simulated: number;
  /** How likely chance alone brings a count that is as far away, or further. */
  likelihood: number;
}

/** Shares of all releases at which the failed requests are compared. */
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

/**
 * Holds the odds of a case against simulated releases: the chance of promotion, the chance of each way to end and its tick, and
 * how many requests fail.
 *
 * @param number of releases
 * @param simulated the case that is simulated, where it is altered on purpose
 */
export function compare(
  exact: Case,
  number: number,
  seed: number,
  { simulated = exact, rules }: { simulated?: Case; rules?: Rules } = {},
): Comparison[] {
  const model = modelOf(exact.analysis, exact.traffic);
  const { promoted, rolledBack } = verdict(model, exact.release);
  const counted = simulate(simulated, number, seed, rules);
  const comparison = (what: string, chance: number, count: number): Comparison => ({
    what,
    exact: chance,
    simulated: count / number,
    likelihood: likelihood(count, number, chance),
  });
  const ticks = new Set([
    ...counted.ends.keys(),
    ...ends(promoted.byTick, true),
    ...ends(rolledBack.byTick, false),
  ]);
  return [
    comparison('promoted', promoted.chance, counted.promoted),
    ...[...ticks].sort().map((end) => {
      const [way, tick] = end.split(' at ');
      const chances = way === 'promoted' ? promoted.byTick : rolledBack.byTick;
      return comparison(end, chances.get(Number(tick)) ?? 0, counted.ends.get(end) ?? 0);
    }),
    ...failures(harm(model, exact.release), counted.failed, comparison),
  ];
}

/**
 * The comparisons that chance can't explain.
 *
 * @param doubt how often one of all of them may be called wrong that is right
 */
export function outside<One extends Comparison>(all: readonly One[], doubt = 1e-3): One[] {
  return all.filter(({ likelihood }) => likelihood < doubt / all.length);
}

interface Counted {
  promoted: number;
  /** Releases by how and when they ended. */
  ends: Map<string, number>;
  /** Releases by how many users' requests failed. */
  failed: Map<number, number>;
}

function simulate(
  { analysis, traffic, release }: Case,
  number: number,
  seed: number,
  rules?: Rules,
): Counted {
  const next = releases(analysis, traffic, release, seeded(seed), rules);
  const counted: Counted = { promoted: 0, ends: new Map(), failed: new Map() };
  for (let index = 0; index < number; index += 1) {
    const { promoted, tick, failed } = next();
    if (promoted) counted.promoted += 1;
    const end = endOf(promoted, tick);
    counted.ends.set(end, (counted.ends.get(end) ?? 0) + 1);
    counted.failed.set(failed, (counted.failed.get(failed) ?? 0) + 1);
  }
  return counted;
}

function ends(byTick: ReadonlyMap<number, number>, promoted: boolean): string[] {
  return [...byTick].filter(([, chance]) => chance > 1e-9).map(([tick]) => endOf(promoted, tick));
}

function endOf(promoted: boolean, tick: number): string {
  return `${promoted ? 'promoted' : 'rolled back'} at ${String(tick).padStart(3)}`;
}

function failures(
  { distribution, group }: Harm,
  failed: ReadonlyMap<number, number>,
  comparison: (what: string, chance: number, count: number) => Comparison,
): Comparison[] {
  // In groups a number is no longer exact.
  if (group !== 1) return [];
  const numbers = new Set(
    QUANTILES.map((share) => {
      let sum = 0;
      const index = distribution.chances.findIndex((chance) => {
        sum += chance;
        return sum >= share;
      });
      return distribution.from + Math.max(0, index);
    }),
  );
  return [...numbers].map((limit) => {
    let count = 0;
    for (const [number, many] of failed) if (number <= limit) count += many;
    return comparison(`at most ${limit} failed`, Math.min(1, atMost(distribution, limit)), count);
  });
}

/** How likely a count is as far from its mean as this, or further, on the same side, twice: both sides count. */
function likelihood(count: number, number: number, chance: number): number {
  // What is left out of a computed chance is far less than one release in any number that can be simulated.
  if (chance < 1e-13) return count === 0 ? 1 : 0;
  if (chance > 1 - 1e-13) return count === number ? 1 : 0;
  const counts = binomial(number, chance);
  const below = atMost(counts, count);
  const above = 1 - atMost(counts, count - 1);
  return Math.min(1, 2 * Math.min(below, above));
}
