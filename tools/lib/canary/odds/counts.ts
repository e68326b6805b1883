/** Beyond so many standard deviations lies less than 1e-14 of a count. */
const DEVIATIONS = 7.7;
/** Where a count is small its tail is longer than a normal one's. */
const MARGIN = 16;

/** A distribution over whole numbers, with all but about 1e-14 of its mass. */
export interface Counts {
  /** The number that the first chance is of. */
  from: number;
  chances: Float64Array;
}

/**
 * How likely each number of events is where they come independently of each other.
 *
 * @param mean how many are expected; 0 or more
 */
export function poisson(mean: number): Counts {
  if (mean === 0) return { from: 0, chances: Float64Array.of(1) };
  const spread = DEVIATIONS * Math.sqrt(mean) + MARGIN;
  const from = Math.max(0, Math.floor(mean - spread));
  const mode = Math.floor(mean);
  // From the middle outwards in ratios, then scaled: no logarithm of a large factorial loses digits.
  return outwards(from, Math.ceil(mean + spread), mode, (number) => mean / number);
}

/**
 * How likely each number of successes is in so many independent trials.
 *
 * @param trials 0 or more
 * @param chance of each, from 0 to 1
 */
export function binomial(trials: number, chance: number): Counts {
  if (trials === 0 || chance <= 0) return { from: 0, chances: Float64Array.of(1) };
  if (chance >= 1) return { from: trials, chances: Float64Array.of(1) };
  const mean = trials * chance;
  const spread = DEVIATIONS * Math.sqrt(mean * (1 - chance)) + MARGIN;
  const from = Math.max(0, Math.floor(mean - spread));
  const to = Math.min(trials, Math.ceil(mean + spread));
  const odds = chance / (1 - chance);
  return outwards(from, to, Math.floor(mean), (number) => ((trials - number + 1) / number) * odds);
}

/** The chance of at most a number. */
export function atMost({ from, chances }: Counts, number: number): number {
  let sum = 0;
  const end = Math.min(chances.length - 1, Math.floor(number) - from);
  for (let index = 0; index <= end; index += 1) sum += chances[index] as number;
  return Math.min(1, sum);
}

/** What is left out at either end of a distribution that is trimmed. */
const NOTHING = 1e-14;

/** Without what is next to nothing at either end. */
export function trimmed({ from, chances }: Counts): Counts {
  let start = 0;
  let end = chances.length;
  while (end - start > 1 && (chances[start] as number) < NOTHING) start += 1;
  while (end - start > 1 && (chances[end - 1] as number) < NOTHING) end -= 1;
  return { from: from + start, chances: chances.subarray(start, end) };
}

/** @param ratio of the chance of a number to that of the one before it */
function outwards(from: number, to: number, mode: number, ratio: (number: number) => number): Counts {
  const chances = new Float64Array(to - from + 1);
  chances[mode - from] = 1;
  let sum = 1;
  for (let number = mode + 1; number <= to; number += 1) {
    const chance = (chances[number - from - 1] as number) * ratio(number);
    chances[number - from] = chance;
    sum += chance;
  }
  for (let number = mode; number > from; number -= 1) {
    const chance = (chances[number - from] as number) / ratio(number);
    chances[number - from - 1] = chance;
    sum += chance;
  }
  for (let index = 0; index < chances.length; index += 1) chances[index] = (chances[index] as number) / sum;
  return { from, chances };
}
