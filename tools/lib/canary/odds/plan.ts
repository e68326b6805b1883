import { type Analysis, loadInWindow, type Traffic, toleratedOf } from './analysis.ts';
import { type Assumptions, releaseOf } from './assumptions.ts';
import { failedAtMost, harm } from './harm.ts';
import { exposureOf, type Model, modelOf } from './model.ts';
import { smallestCaught } from './regression.ts';
import { type Times, timesUntil } from './times.ts';
import { type Verdict, verdict } from './verdict.ts';

/** How sure a person wants to be that a regression is caught. */
export const CERTAINTY = 0.95;

/** The odds of a canary. Chances and shares are from 0 to 1, times in seconds from the change on. */
export interface Plan {
  healthy: {
    /** The chance that a healthy release is rolled back. */
    rolledBack: number;
    /** How long one takes that is promoted, until the last of its users has come back to the primary. */
    promotion: Times | undefined;
  };
  broken: {
    /** The chance that a broken release is promoted. */
    promoted: number;
    /** How long one takes that is rolled back. */
    rollback: Times | undefined;
    /** Users' requests that it answers before it is rolled back or promoted, as a mean. */
    served: number;
    /** Those of them that fail: as a mean, and what 95 of 100 releases stay at or under. */
    failed: { mean: number; p95: number };
  };
  /** The smallest share of failed requests with which 95 of 100 releases are rolled back; `undefined` when none is. */
  smallestCaught: number | undefined;
  /** What the first check has to look at; `undefined` when there is none. */
  firstCheck: FirstCheck | undefined;
}

/** What the first check has to look at. */
export interface FirstCheck {
  /** Users' requests in its window, as a mean. */
  users: number;
  /** The load tester's. */
  load: number;
  /** Failed requests with which it still passes when as many come as the mean says; `undefined` when it counts none. */
  mayFail: number | undefined;
}

/** A plan with all that it was made of, for those who ask more. */
export interface Planned {
  plan: Plan;
  model: Model;
  healthy: Verdict;
  broken: Verdict;
}

/**
 * Computes the odds of a canary: exactly, through every way that its state machine can go.
 *
 * @throws RangeError for a release that never ends
 */
export function planCanary(analysis: Analysis, traffic: Traffic, assumptions: Assumptions): Planned {
  const model = modelOf(analysis, traffic);
  const { intervalSeconds } = analysis;
  const broken = releaseOf(assumptions.broken, assumptions);
  const ofHealthy = verdict(model, releaseOf(assumptions.healthy, assumptions));
  const ofBroken = verdict(model, broken);
  const noticed = harm(model, broken);
  const plan: Plan = {
    healthy: {
      rolledBack: ofHealthy.rolledBack.chance,
      promotion: timesUntil([{ end: ofHealthy.promoted, intervalSeconds }]),
    },
    broken: {
      promoted: ofBroken.promoted.chance,
      rollback: timesUntil([{ end: ofBroken.rolledBack, intervalSeconds }]),
      served: noticed.served,
      failed: { mean: noticed.failed, p95: failedAtMost(noticed, 0.95) },
    },
    smallestCaught: smallestCaught(model, assumptions, CERTAINTY),
    firstCheck: firstCheck(model),
  };
  return { plan, model, healthy: ofHealthy, broken: ofBroken };
}

function firstCheck(model: Model): FirstCheck | undefined {
  const { analysis, chain } = model;
  const first = chain.find(({ next, tick }) => next !== undefined && tick === 1);
  const metric = analysis.metrics.find(({ counts }) => counts === 'failed') ?? analysis.metrics[0];
  if (first === undefined || metric === undefined) return undefined;
  const { requestsPerSecond, hasLoad } = exposureOf(model, first);
  const users = requestsPerSecond * metric.windowSeconds;
  const load = hasLoad ? loadInWindow(analysis, metric.windowSeconds) : 0;
  const counted = metric.whose === 'together' ? users + load : users;
  return {
    users,
    load,
    mayFail: metric.counts === 'failed' ? toleratedOf(Math.round(counted), metric.tolerated) : undefined,
  };
}
