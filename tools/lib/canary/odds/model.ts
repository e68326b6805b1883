import { type Analysis, type Release, shareOfUsers, type Traffic } from './analysis.ts';
import { type Chain, chainOf, isChecked, type Node } from './chain.ts';
import { type Exposure, passChance, type Window, windowsOf } from './check.ts';

/** A canary at a traffic, ready to be asked for its odds. */
export interface Model {
  analysis: Analysis;
  traffic: Traffic;
  chain: Chain;
  /** What a check looks at, by the requests that come: worked out once, since no release changes it. */
  windows: (exposure: Exposure) => readonly Window[];
}

/**
 * @throws RangeError for a release that never ends
 */
export function modelOf(analysis: Analysis, traffic: Traffic): Model {
  return withChain(analysis, traffic, chainOf(analysis.machine));
}

/** A model for who has the chain already. */
export function withChain(analysis: Analysis, traffic: Traffic, chain: Chain): Model {
  const windows = perExposure((exposure) => windowsOf(analysis, exposure));
  return { analysis, traffic, chain, windows };
}

/** A node that is as unlikely as this is not looked into. */
const NEVER = 1e-17;

/** What the interval after a node has of requests to the new version. */
export function exposureOf({ analysis, traffic }: Model, { tick, state }: Node): Exposure {
  return {
    requestsPerSecond: traffic.requestsPerSecond * shareOfUsers(analysis, state.weight, traffic),
    // Between ticks 1 and 2 only what a pre-rollout hook has started is under way.
    hasLoad: analysis.loadTest !== undefined && (tick > 1 || analysis.loadTest.fromStart),
  };
}

/** What is kept of each exposure: most nodes share one. */
export function perExposure<Value>(make: (exposure: Exposure) => Value): (exposure: Exposure) => Value {
  const known = new Map<string, Value>();
  return (exposure) => {
    const key = `${exposure.requestsPerSecond} ${exposure.hasLoad}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = make(exposure);
    known.set(key, value);
    return value;
  };
}

/** The chance that a check passes, by what it has to look at. */
export type ChanceOf = (exposure: Exposure) => number;

/**
 * How likely a release comes to each node of the chain: exactly, by adding up from the first tick on.
 *
 * @param release how good it is
 * @param passes the chance that a check passes, for who knows it already
 */
export function reach(
  model: Model,
  release: Release,
  passes: ChanceOf = (exposure) => passChance(model.windows(exposure), release),
): Float64Array {
  const { chain } = model;
  const chanceOf = perExposure(passes);
  const chances = new Float64Array(chain.length);
  chances[0] = 1;
  for (const [index, node] of chain.entries()) {
    const { next } = node;
    const here = chances[index] as number;
    if (next === undefined || here < NEVER) continue;
    const onward = isChecked(node) ? chanceOf(exposureOf(model, node)) : 1;
    chances[next.passes] = (chances[next.passes] as number) + here * onward;
    if (onward < 1) chances[next.fails] = (chances[next.fails] as number) + here * (1 - onward);
  }
  return chances;
}
