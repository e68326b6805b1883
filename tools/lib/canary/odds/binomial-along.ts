import { atMost, binomial } from './counts.ts';

/** A chance as near to 0 or 1 as this is taken for it: it is less than all else that is left out. */
const CERTAIN = 1e-14;
/** Numbers after which the chance is computed anew, so that roundings do not add up. */
const FRESH = 512;

/**
 * For each number of requests, how likely no more of them are bad than allowed.
 *
 * @param from the first number of requests
 * @param length how many numbers
 * @param share of bad requests, from 0 to 1
 * @param allowed the most bad ones of so many requests; it never falls, and rises by at most one a request
 */
export function atMostAlong(
  from: number,
  length: number,
  share: number,
  allowed: (requests: number) => number,
): Float64Array {
  const chances = new Float64Array(length);
  const to = from + length - 1;
  // The least and the most that any of them can be: where both are certain none needs to be computed.
  if (good(to, share, allowed(from)) >= 1 - CERTAIN) return chances.fill(1);
  if (good(from, share, allowed(to)) <= CERTAIN) return chances;
  let bad = -1;
  let [chance, exactly] = [0, 0];
  let since = FRESH;
  for (let index = 0; index < length; index += 1) {
    const requests = from + index;
    const limit = allowed(requests);
    if (limit < 0 || limit >= requests || share <= 0 || share >= 1) {
      chances[index] = good(requests, share, limit);
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
    chances[index] = Math.min(1, Math.max(0, chance));
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
