import type { Planned } from './plan.ts';
import { type Times, timesUntil } from './times.ts';

/** The odds of canaries that are released together and know nothing of each other. */
export interface JointOdds {
  healthy: {
    /** The chance that at least one of them rolls a healthy release back: then they run different versions. */
    anyRolledBack: number;
    /** How long it takes until the last is promoted, where all are. */
    promotion: Times | undefined;
  };
  /** Of a release that is broken in all of them. */
  broken: {
    /** The chance that at least one promotes it. */
    anyPromoted: number;
    /** The chance that all do. */
    allPromoted: number;
    /** How long it takes until the last has rolled it back, where all do. */
    rollback: Times | undefined;
    /** Users' requests that fail meanwhile, of all together, as a mean. */
    failed: number;
  };
}

/** Joint odds: the canaries' checks are independent, since no two look at the same requests. */
export function jointOdds(all: readonly Planned[]): JointOdds {
  const product = (chance: (planned: Planned) => number) =>
    all.reduce((sum, planned) => sum * chance(planned), 1);
  const until = (end: (planned: Planned) => Planned['healthy']['promoted']) =>
    timesUntil(
      all.map((planned) => ({ end: end(planned), intervalSeconds: planned.model.analysis.intervalSeconds })),
    );
  return {
    healthy: {
      anyRolledBack: 1 - product(({ healthy }) => healthy.promoted.chance),
      promotion: until(({ healthy }) => healthy.promoted),
    },
    broken: {
      anyPromoted: 1 - product(({ broken }) => broken.rolledBack.chance),
      allPromoted: product(({ broken }) => broken.promoted.chance),
      rollback: until(({ broken }) => broken.rolledBack),
      failed: all.reduce((sum, { plan }) => sum + plan.broken.failed.mean, 0),
    },
  };
}
