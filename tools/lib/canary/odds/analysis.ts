import type { MachineSpec } from '../machine/spec.ts';

/** All of a canary that its odds depend on. */
export interface Analysis {
  /** How a release moves on. */
  machine: MachineSpec;
  /** Seconds between two ticks. */
  intervalSeconds: number;
  /** What a check looks at. All must hold. */
  metrics: readonly Metric[];
  /** Requests that come besides those of users. @default none */
  loadTest?: LoadTest | undefined;
}

/** A metric that counts requests and fails when too many of them are bad. */
export interface Metric {
  /** What makes a request bad: it failed, or it took longer than the limit. */
  counts: 'failed' | 'slow';
  /** The share of bad requests, from 0 to 1, up to which a check passes. */
  tolerated: number;
  /** What is slow, in milliseconds: for who measures; to the odds a share of slow requests is enough. @default nothing is */
  maxMilliseconds?: number;
  /** Seconds that it looks back over; at most the interval. */
  windowSeconds: number;
  /**
   * Whose requests it counts: users' and the load tester's each by themselves, of which the worse stands; users' alone; or
   * all together.
   */
  whose: 'apart' | 'users' | 'together';
}

/** Requests that a load tester sends to the new version in each interval, evenly from its beginning. */
export interface LoadTest {
  requestsPerSecond: number;
  /** Seconds of each interval in which they come. */
  seconds: number;
  /** Whether they come before the first check too: a pre-rollout hook must start them. */
  fromStart: boolean;
}

/** What users send. */
export interface Traffic {
  /** To all versions together, as a mean: they come independently of each other. */
  requestsPerSecond: number;
  /** The share of them, from 0 to 1, that an A/B test matches. */
  matched: number;
}

/** Shares of requests, from 0 to 1. Whether one fails says nothing of whether it is slow. */
export interface Quality {
  failed: number;
  slow: number;
}

/** How good a new version is: to users, and to a load tester, which may not ask for what is broken. */
export interface Release {
  users: Quality;
  loadTest: Quality;
}

/** The load tester's requests in a window that ends with the interval: as many each time, since it keeps its rate. */
export function loadInWindow({ loadTest, intervalSeconds }: Analysis, windowSeconds: number): number {
  if (loadTest === undefined) return 0;
  const before = intervalSeconds - windowSeconds;
  const seconds = Math.min(loadTest.seconds, intervalSeconds) - before;
  return Math.round(loadTest.requestsPerSecond * Math.max(0, seconds));
}

/** The share of all users' requests that go to the new version, from 0 to 1. */
export function shareOfUsers({ machine }: Analysis, weight: number, { matched }: Traffic): number {
  return (weight / 100) * (machine.progress.kind === 'abTest' ? matched : 1);
}

/** The most bad requests of so many with which a check passes. The bound is inclusive: 1 of 100 where 99 % must be good. */
export function toleratedOf(requests: number, tolerated: number): number {
  // What a decimal share loses in binary is far less than this, and one request is far more.
  return Math.floor(requests * tolerated + 1e-9);
}
