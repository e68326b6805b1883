import type { ReadCanary } from '../read/read-canary.ts';

/** A Canary to plan, and what it is planned by. */
export interface Subject {
  /** The file that it stands in. */
  where: string;
  /** What it is called in a report: its cluster and its name, or its namespace and its name. */
  title: string;
  /** The canaries of one group are released together; one alone is a group. */
  group: string;
  read: ReadCanary;
  traffic: {
    requestsPerSecond: number;
    /** Whether nobody has said it. */
    isAssumed: boolean;
  };
  limits: Limits;
}

/** How bad the odds may be, as shares from 0 to 1. */
export interface Limits {
  healthyRolledBack: number;
  brokenPromoted: number;
  /** Whether somebody has asked for them. */
  isAsked: boolean;
}

/** What is taken for an app's traffic where nobody says it. */
export const DEFAULT_REQUESTS_PER_SECOND = 10;

/** How bad odds may be where nobody says it: 5 of 100. */
export const DEFAULT_LIMITS: Limits = { healthyRolledBack: 0.05, brokenPromoted: 0.05, isAsked: false };
