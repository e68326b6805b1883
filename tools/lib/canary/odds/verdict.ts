import type { Phase } from '../machine/state.ts';
import type { Release } from './analysis.ts';
import { type Model, reach } from './model.ts';

/** How a release can end, and when. */
export interface Verdict {
  promoted: End;
  rolledBack: End;
}

/** One of the two ends. */
export interface End {
  /** How likely it is. */
  chance: number;
  /** By tick, how likely it is and comes then. */
  byTick: ReadonlyMap<number, number>;
}

/** How a release ends, by how good it is. */
export function verdict(model: Model, release: Release): Verdict {
  return verdictOf(model, reach(model, release));
}

/** @param chances of each node of the chain */
export function verdictOf({ chain }: Model, chances: Float64Array): Verdict {
  const end = (phase: Phase): End => {
    const byTick = new Map<number, number>();
    let chance = 0;
    for (const [index, { tick, state }] of chain.entries()) {
      const here = chances[index] as number;
      if (state.phase !== phase || here === 0) continue;
      byTick.set(tick, (byTick.get(tick) ?? 0) + here);
      chance += here;
    }
    return { chance: Math.min(1, chance), byTick };
  };
  return { promoted: end('Succeeded'), rolledBack: end('Failed') };
}
