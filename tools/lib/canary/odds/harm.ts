import { isJudged } from '../machine/state.ts';
import type { Release } from './analysis.ts';
import { isChecked } from './chain.ts';
import { type Exposure, loadChance, passGivenUsers, passOfWindow, type Window } from './check.ts';
import { binomial, type Counts, poisson, trimmed } from './counts.ts';
import { exposureOf, type Model, perExposure, reach } from './model.ts';

/** What users notice of a release until it is rolled back, or until it is promoted: from then on all of them have it. */
export interface Harm {
  /** Users' requests that the new version answers, as a mean. */
  served: number;
  /** Those of them that fail, as a mean. */
  failed: number;
  /** How likely so many fail, each number standing for {@link group} of them. */
  distribution: Counts;
  /** Requests to a number of {@link distribution}: 1, but where they are so many that one more or less is nothing. */
  group: number;
}

/** Groups to a standard deviation of an interval's failed requests, where they are counted in groups. */
const FINENESS = 12;

/** How many of the users' requests fail because of a release, in number and in likelihood. */
export function harm(model: Model, release: Release): Harm {
  const { chain } = model;
  const { intervalSeconds } = model.analysis;
  const judged = chain.filter(({ state }) => isJudged(state));
  const most = Math.max(0, ...judged.map((node) => exposureOf(model, node).requestsPerSecond));
  const deviation = Math.sqrt(most * intervalSeconds * release.users.failed);
  const group = Math.max(1, Math.floor(deviation / FINENESS));
  const kernelsOf = perExposure((exposure) => kernels(model, exposure, release, group));
  const chances = reach(model, release);
  const totals = new Array<Counts | undefined>(chain.length);
  totals[0] = { from: 0, chances: Float64Array.of(1) };
  let served = 0;
  let distribution: Counts | undefined;
  for (const [index, node] of chain.entries()) {
    const total = totals[index];
    totals[index] = undefined;
    if (total === undefined) continue;
    const { next } = node;
    if (next === undefined || !isJudged(node.state)) {
      distribution = add(distribution, total);
      continue;
    }
    served += (chances[index] as number) * exposureOf(model, node).requestsPerSecond * intervalSeconds;
    const { passes, fails, all } = kernelsOf(exposureOf(model, node));
    if (!isChecked(node)) totals[next.passes] = add(totals[next.passes], convolve(total, all));
    else {
      totals[next.passes] = add(totals[next.passes], convolve(total, passes));
      totals[next.fails] = add(totals[next.fails], convolve(total, fails));
    }
  }
  return { served, failed: served * release.users.failed, distribution: distribution as Counts, group };
}

/** The number of failed requests that a share of all releases, from 0 to 1, stays at or under. */
export function failedAtMost({ distribution: { from, chances }, group }: Harm, share: number): number {
  let sum = 0;
  for (const [index, chance] of chances.entries()) {
    sum += chance;
    // A share that is met but for roundings is met.
    if (sum >= share - 1e-12) return (from + index) * group;
  }
  return (from + chances.length - 1) * group;
}

/** Failed requests of users in one interval, together with how its check ends. */
interface Kernels {
  passes: Counts;
  fails: Counts;
  all: Counts;
}

function kernels({ analysis, windows }: Model, exposure: Exposure, release: Release, group: number): Kernels {
  const { requestsPerSecond } = exposure;
  const share = release.users.failed;
  const [judging, ...others] = [...windows(exposure)].sort(
    (a, b) => Number(b.failed !== undefined) - Number(a.failed !== undefined),
  );
  const windowSeconds = judging?.seconds ?? 0;
  const inWindow = poisson(requestsPerSecond * windowSeconds * share);
  const rest = poisson(requestsPerSecond * (analysis.intervalSeconds - windowSeconds) * share);
  const passing = judging && passGivenFailed(judging, inWindow, requestsPerSecond, release);
  const other = others.reduce((chance, window) => chance * passOfWindow(window, release), 1);
  const passes = inWindow.chances.map((chance, index) => chance * (passing?.[index] ?? 1) * other);
  const fails = inWindow.chances.map((chance, index) => Math.max(0, chance - (passes[index] as number)));
  const whole = (chances: Float64Array) => grouped(convolve({ from: inWindow.from, chances }, rest), group);
  return { passes: whole(passes), fails: whole(fails), all: whole(inWindow.chances) };
}

/** For each number of users' requests that fail in a window, the chance that its metrics hold. */
function passGivenFailed(
  window: Window,
  failed: Counts,
  requestsPerSecond: number,
  release: Release,
): Float64Array {
  // Requests that fail and those that don't come independently of each other, since all of them come so.
  const fine = poisson(requestsPerSecond * window.seconds * (1 - release.users.failed));
  const from = fine.from + failed.from;
  const length = fine.chances.length + failed.chances.length - 1;
  const slow =
    window.slow &&
    passGivenUsers(window.slow, { from, chances: new Float64Array(length) }, window.load, release);
  const last = slow?.at(-1) ?? 1;
  // An empty window is left out by the least number of requests; where all others are alike, so are all tails.
  const alike = slow?.every((chance, index) => chance === last || from + index === 0) ?? true;
  const tail = alike ? tailOf(fine, () => last) : undefined;
  const others = badLoad(window, release);
  const ofLoad = window.whose === 'together' ? window.load : 0;
  return failed.chances.map((_, index) => {
    const bad = failed.from + index;
    const tails = tail ?? tailOf(fine, (at) => slow?.[index + at] ?? 1);
    let passes = 0;
    for (let other = 0; other < others.chances.length; other += 1) {
      const users = leastRequests(window, bad + others.from + other) - ofLoad;
      passes += (others.chances[other] as number) * tails(users - bad);
    }
    return passes;
  });
}

/** The chance of a number or more, each weighted. */
function tailOf({ from, chances }: Counts, weight: (index: number) => number): (number: number) => number {
  const sums = new Float64Array(chances.length + 1);
  for (let index = chances.length - 1; index >= 0; index -= 1) {
    sums[index] = (sums[index + 1] as number) + (chances[index] as number) * weight(index);
  }
  return (number) => sums[Math.min(chances.length, Math.max(0, number - from))] as number;
}

/** How many requests of users there must be for so many bad ones to be few enough. */
function leastRequests({ failed, load }: Window, bad: number): number {
  // Without any request there is no value, which counts against the release.
  const least = load > 0 ? 0 : 1;
  if (failed === undefined || bad === 0) return least;
  return Math.max(least, Math.ceil((bad - 1e-9) / failed.tolerated));
}

/** Bad requests of the load tester, where they count together with users'; else how likely its own are few enough. */
function badLoad({ failed, whose, load }: Window, release: Release): Counts {
  if (failed !== undefined && whose === 'together') return trimmed(binomial(load, release.loadTest.failed));
  const chance = failed === undefined ? 1 : loadChance(failed, load, release.loadTest);
  return { from: 0, chances: Float64Array.of(chance) };
}

function convolve(a: Counts, b: Counts): Counts {
  const chances = new Float64Array(a.chances.length + b.chances.length - 1);
  for (let i = 0; i < a.chances.length; i += 1) {
    const chance = a.chances[i] as number;
    if (chance === 0) continue;
    for (let j = 0; j < b.chances.length; j += 1) {
      chances[i + j] = (chances[i + j] as number) + chance * (b.chances[j] as number);
    }
  }
  return trimmed({ from: a.from + b.from, chances });
}

function add(a: Counts | undefined, b: Counts): Counts {
  if (a === undefined) return b;
  const from = Math.min(a.from, b.from);
  const to = Math.max(a.from + a.chances.length, b.from + b.chances.length);
  const chances = new Float64Array(to - from);
  for (const { from: start, chances: own } of [a, b]) {
    for (const [index, chance] of own.entries()) {
      const at = start - from + index;
      chances[at] = (chances[at] as number) + chance;
    }
  }
  return { from, chances };
}

/** Counts in groups, each shared between the two nearest so that the mean stays. */
function grouped(counts: Counts, group: number): Counts {
  if (group === 1) return counts;
  const from = Math.floor(counts.from / group);
  const chances = new Float64Array(Math.floor((counts.from + counts.chances.length - 1) / group) - from + 2);
  for (const [index, chance] of counts.chances.entries()) {
    const exact = (counts.from + index) / group - from;
    const low = Math.floor(exact);
    chances[low] = (chances[low] as number) + chance * (low + 1 - exact);
    chances[low + 1] = (chances[low + 1] as number) + chance * (exact - low);
  }
  return trimmed({ from, chances });
}
