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

/** The curve begins at 1 failed request in 10,000. */
const DECADES = 4;
/** Where the chance changes by more from one point to the next, there is one more between them. */
const STEEP = 0.06;
/** How often a distance may be halved. */
const HALVINGS = 4;

/**
 * The operating curve: how likely a release is promoted, by how much of it fails. Even steps of the logarithm, and smaller ones
 * where it is steep.
 *
 * @param points how many steps there are before any is divided
 */
export function operatingCurve(model: Model, assumptions: Assumptions, points = 32): CurvePoint[] {
  const at = (exponent: number): CurvePoint => {
    const failed = 10 ** exponent;
    return { failed, promoted: verdict(model, failing(failed, assumptions)).promoted.chance };
  };
  const between = (a: number, b: number, one: CurvePoint, other: CurvePoint, left: number): CurvePoint[] => {
    if (left === 0 || Math.abs(one.promoted - other.promoted) < STEEP) return [other];
    const middle = (a + b) / 2;
    const point = at(middle);
    return [...between(a, middle, one, point, left - 1), ...between(middle, b, point, other, left - 1)];
  };
  const exponents = Array.from({ length: points + 1 }, (_, index) => DECADES * (index / points - 1));
  const coarse = exponents.map(at);
  return coarse.flatMap((point, index) => {
    const before = coarse[index - 1];
    if (before === undefined) return [point];
    return between(exponents[index - 1] as number, exponents[index] as number, before, point, HALVINGS);
  });
}
