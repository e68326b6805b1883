import { type Assumptions, failing } from './assumptions.ts';
import type { Model } from './model.ts';
import { verdict } from './verdict.ts';

/** A point of the operating curve. */
export interface CurvePoint {
  /** The share of requests that a release fails, from 0 to 1. */
  failed: number;
  /** The chance that it is promoted. */
  promoted: number;
}

/** The operating curve from 1 failed request in 10,000 to all of them, in even steps of its logarithm. */
export function operatingCurve(model: Model, assumptions: Assumptions, points = 49): CurvePoint[] {
  return Array.from({ length: points }, (_, index) => {
    const failed = 10 ** (-4 + (4 * index) / (points - 1));
    return { failed, promoted: verdict(model, failing(failed, assumptions)).promoted.chance };
  });
}
