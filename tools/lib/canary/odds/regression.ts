import { type Assumptions, failing } from './assumptions.ts';
import type { Model } from './model.ts';
import { verdict } from './verdict.ts';

/** By how much the answer may be too large: two digits of it are shown. */
const PRECISION = 0.005;
/** A share of failed requests that nobody asks about. */
const LEAST = 1e-5;

/**
 * The smallest share of failed requests with which a release is rolled back as often as asked.
 *
 * @param certainty of the rollback, from 0 to 1
 * @returns `undefined` when even a release that fails every request is not
 */
export function smallestCaught(
  model: Model,
  assumptions: Assumptions,
  certainty: number,
): number | undefined {
  const isCaught = (share: number) =>
    verdict(model, failing(share, assumptions)).rolledBack.chance >= certainty;
  if (!isCaught(1)) return undefined;
  let low = Math.max(LEAST, assumptions.healthy.failed);
  if (isCaught(low)) return assumptions.healthy.failed;
  let high = 1;
  while (high / low > 1 + PRECISION) {
    const middle = Math.sqrt(low * high);
    if (isCaught(middle)) high = middle;
    else low = middle;
  }
  return high;
}
