import type { Analysis, Quality, Release } from './analysis.ts';

/** What is taken for a healthy release and for a broken one. Shares are from 0 to 1. */
export interface Assumptions {
  healthy: Quality;
  broken: Quality;
  /**
   * How much of what is wrong for users the load tester sees too: it asks for one path, and what is broken may be another.
   * With 1 its requests are as bad as users', with 0 as good as a healthy release's.
   */
  loadSees: number;
}

/** A healthy release answers 999 of 1,000 requests well and in time. */
export const HEALTHY: Quality = { failed: 0.001, slow: 0.001 };
/** A broken one fails 1 of 20, and is as fast. */
export const BROKEN: Quality = { failed: 0.05, slow: 0.001 };

/**
 * What the load tester is taken to see where nobody says: nothing, so that the odds are those that users' own requests give; but
 * all in a blue/green release, which is judged by nothing else.
 */
export function defaultLoadSees({ machine: { progress } }: Analysis): number {
  return progress.kind === 'blueGreen' ? 1 : 0;
}

/** A release that is so good to users. */
export function releaseOf(users: Quality, { healthy, loadSees }: Assumptions): Release {
  const seen = (what: keyof Quality) => healthy[what] + loadSees * (users[what] - healthy[what]);
  return { users, loadTest: { failed: seen('failed'), slow: seen('slow') } };
}

/** A release that is healthy but for the share of requests that fail. */
export function failing(share: number, assumptions: Assumptions): Release {
  return releaseOf({ ...assumptions.healthy, failed: share }, assumptions);
}
