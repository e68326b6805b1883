import type { Assumptions } from '../odds/assumptions.ts';
import type { Plan } from '../odds/plan.ts';
import type { Limits, Subject } from './subject.ts';
import { chance, number, percent, several } from './words.ts';

/** A share of checks without users that is worth a word. */
const EMPTY = 0.01;
/** So often a healthy release may be rolled back without a word. */
const NOTEWORTHY = 1e-4;

/** What is worse than it may be, in plain words. */
export function breaches(
  { healthy, broken }: Plan,
  assumptions: Assumptions,
  { healthyRolledBack, brokenPromoted }: Limits,
): string[] {
  const found: string[] = [];
  if (healthy.rolledBack > healthyRolledBack) {
    found.push(
      `a healthy release (${percent(1 - assumptions.healthy.failed)}) is rolled back in ${chance(healthy.rolledBack)} of cases; at most ${percent(healthyRolledBack)} are wanted`,
    );
  }
  if (broken.promoted > brokenPromoted) {
    found.push(
      `a broken release (${percent(1 - assumptions.broken.failed)}) is promoted in ${chance(broken.promoted)} of cases; at most ${percent(brokenPromoted)} are wanted`,
    );
  }
  return found;
}

/** What explains the odds, or makes them doubtful, in plain words. */
export function warnings(plan: Plan, assumptions: Assumptions, { read, traffic }: Subject): string[] {
  return [
    ...fewRequests(plan, assumptions, traffic.requestsPerSecond),
    ...noUsers(plan, read.analysis?.metrics.some(({ whose }) => whose !== 'users') === true),
    ...unseen(plan, assumptions),
  ];
}

function fewRequests(
  { firstCheck, healthy }: Plan,
  assumptions: Assumptions,
  requestsPerSecond: number,
): string[] {
  if (firstCheck === undefined || firstCheck.users === 0 || firstCheck.mayFail !== 0) return [];
  if (healthy.rolledBack < NOTEWORTHY) return [];
  return [
    `at ${several(requestsPerSecond, 'request')}/s the first check sees ${several(firstCheck.users, 'request')} of users: one error fails it; a healthy release (${percent(1 - assumptions.healthy.failed)}) is rolled back in ${chance(healthy.rolledBack)} of cases`,
  ];
}

function noUsers({ firstCheck }: Plan, countsLoad: boolean): string[] {
  if (firstCheck === undefined) return [];
  const { users, load } = firstCheck;
  const empty = Math.exp(-users);
  const standsOnLoad = countsLoad && load > 0;
  if (users === 0) {
    return standsOnLoad
      ? []
      : ['the first check sees no request at all, which counts as a failure: a load test must run before it'];
  }
  if (empty < EMPTY) return [];
  return [
    standsOnLoad
      ? `no request of a user is in the first window in ${percent(empty)} of releases: then it stands on the ${number(load)} of the load tester alone`
      : `no request is in the first window in ${percent(empty)} of releases, which counts as a failure: a load test would keep it from being empty`,
  ];
}

function unseen({ smallestCaught }: Plan, { broken }: Assumptions): string[] {
  if (smallestCaught === undefined) {
    return ['even a release that fails every request is rolled back in less than 95 of 100 cases'];
  }
  if (smallestCaught <= broken.failed) return [];
  return [
    `only from ${percent(smallestCaught)} failed requests on is a release rolled back in 95 of 100 cases`,
  ];
}
