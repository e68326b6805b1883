import { atMost, binomial, type Counts } from './counts.ts';

/** A chance as near to 0 or 1 as this is taken for it: it is less than all else that is left out. */
const CERTAIN = 1e-14;
/** Numbers after which the chance is computed anew, so that roundings do not add up. */
const FRESH = 2048;
/** No others. */
const NONE: Counts = { from: 0, chances: Float64Array.of(1) };

/**
 * For each number of requests, how likely no more of them are bad than allowed.
 *
 * @param from the first number of requests
 * @param length how many numbers
 * @param share of bad requests, from 0 to 1
 * @param allowed the most bad ones of so many requests; it never falls, and rises by at most one a request
 * @param others bad ones that come besides and are allowed for too @default none
 */
export function atMostAlong(
  from: number,
  length: number,
  share: number,
  allowed: (requests: number) => number,
  others: Counts = NONE,
): Float64Array {
  const chances = new Float64Array(length);
  const to = from + length - 1;
  const mostOthers = others.from + others.chances.length - 1;
  // The least and the most that any of them can be: where both are certain none needs to be computed.
  if (isRarelyMore(to, share, allowed(from) - mostOthers)) return chances.fill(1);
  if (isRarelyAtMost(from, share, allowed(to) - others.from)) return chances;
  const beyond = moreThan(others);
  let bad = -1;
  let [chance, exactly] = [0, 0];
  let since = FRESH;
  for (let index = 0; index < length; index += 1) {
    const requests = from + index;
    const limit = allowed(requests);
    if (limit < 0 || limit >= requests || share <= 0 || share >= 1) {
      chances[index] = goodWith(requests, share, limit, others);
      since = FRESH;
      continue;
    }
    if (since >= FRESH) {
      const counts = binomial(requests, share);
      chance = atMost(counts, limit);
      exactly = counts.chances[limit - counts.from] ?? 0;
      since = 0;
    } else {
      // One request more: the limit is passed when there were as many as allowed, and it is bad.
      chance -= share * exactly;
      exactly *= (requests / (requests - bad)) * (1 - share);
      if (limit > bad) {
        exactly *= ((requests - bad) / limit) * (share / (1 - share));
        chance += exactly;
      }
      since += 1;
    }
    bad = limit;
    // As many as allowed are too many when there is one of the others, one fewer when there are two, and so on.
    let tooMany = 0;
    let here = exactly;
    for (let step = 0; step < beyond.length && step <= limit; step += 1) {
      tooMany += here * (beyond[step] as number);
      here *= ((limit - step) / (requests - limit + step + 1)) * ((1 - share) / share);
    }
    chances[index] = Math.min(1, Math.max(0, chance - tooMany));
  }
  return chances;
}

/** The chance that at most so many of the requests are bad. */
export function good(requests: number, share: number, limit: number): number {
  if (limit < 0) return 0;
  if (limit >= requests || share <= 0) return 1;
  if (share >= 1) return 0;
  return atMost(binomial(requests, share), limit);
}

function goodWith(requests: number, share: number, limit: number, others: Counts): number {
  let sum = 0;
  for (let index = 0; index < others.chances.length; index += 1) {
    sum += (others.chances[index] as number) * good(requests, share, limit - others.from - index);
  }
  return sum;
}

/** For 0, 1, 2, …, the chance of more. */
function moreThan({ from, chances }: Counts): Float64Array {
  const beyond = new Float64Array(from + chances.length - 1);
  let sum = 0;
  for (let number = beyond.length - 1; number >= 0; number -= 1) {
    sum += chances[number + 1 - from] ?? 0;
    beyond[number] = sum;
  }
  return beyond;
}

/** Whether more bad ones are out of the question, by Chernoff's bound. */
function isRarelyMore(requests: number, share: number, limit: number): boolean {
  if (limit >= requests) return true;
  return limit + 1 > requests * share && chernoff(requests, share, limit + 1) < CERTAIN;
}

/** Whether so few bad ones are out of the question. */
function isRarelyAtMost(requests: number, share: number, limit: number): boolean {
  if (limit < 0) return true;
  return limit < requests * share && chernoff(requests, share, limit) < CERTAIN;
}

/**
 * A bound on the chance of a number of bad requests, or one further from the mean.
 *
 * @see https://en.wikipedia.org/wiki/Chernoff_bound
 */
function chernoff(requests: number, share: number, bad: number): number {
  const found = bad / requests;
  const divergence =
    (found === 0 ? 0 : found * Math.log(found / share)) +
    (found === 1 ? 0 : (1 - found) * Math.log((1 - found) / (1 - share)));
  return Math.exp(-requests * divergence);
}
