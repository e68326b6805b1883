import type { Analysis, Quality } from '../canary/odds/analysis.ts';
import { HEALTHY, releaseOf } from '../canary/odds/assumptions.ts';
import { failedAtMost, harm } from '../canary/odds/harm.ts';
import { modelOf } from '../canary/odds/model.ts';
import { timesUntil } from '../canary/odds/times.ts';
import { verdict } from '../canary/odds/verdict.ts';

/** What the plan says of a release that is so good. */
export interface Foretold {
  /** The chance that it is rolled back, from 0 to 1. */
  rolledBack: number;
  /** Users' requests that fail: 99 of 100 releases stay in this band. */
  failed: { from: number; to: number };
  /** Seconds from the change to its likelier end, as a median. */
  seconds: number | undefined;
}

/** How many of 100 releases stay within the band. */
const BAND = 0.99;

/**
 * What the plan says of a release.
 *
 * @param quality how good it is to users; the load tester sees the same, since what is wrong here is wrong everywhere
 */
export function foretell(analysis: Analysis, requestsPerSecond: number, quality: Quality): Foretold {
  const model = modelOf(analysis, { requestsPerSecond, matched: 1 });
  const release = releaseOf(quality, { healthy: HEALTHY, broken: quality, loadSees: 1 });
  const { promoted, rolledBack } = verdict(model, release);
  const noticed = harm(model, release);
  const end = rolledBack.chance > promoted.chance ? rolledBack : promoted;
  return {
    rolledBack: rolledBack.chance,
    failed: { from: failedAtMost(noticed, (1 - BAND) / 2), to: failedAtMost(noticed, (1 + BAND) / 2) },
    seconds: timesUntil([{ end, intervalSeconds: analysis.intervalSeconds }])?.median,
  };
}
