import type { Quality } from '../canary/odds/analysis.ts';

/** A release that can be rehearsed, and what is wrong with it. */
export interface Rehearsable {
  /** In words. */
  is: string;
  /** How it should end. */
  expected: 'promoted' | 'rolledBack';
  /** What makes it bad: settings of the service. @default nothing */
  settings?: Readonly<Record<string, string>>;
  /** Whether its migration fails. @default false */
  breaksMigration?: boolean;
  /** How good it is to users, for what is foretold; `undefined` where the odds know nothing of it. */
  quality: Quality | undefined;
}

const GOOD: Quality = { failed: 0, slow: 0 };

/** The releases by their names. */
export const RELEASES = {
  good: { is: 'nothing is wrong with it', expected: 'promoted', quality: GOOD },
  failing: {
    is: 'it fails 1 request of 20',
    expected: 'rolledBack',
    settings: { FAULT_ERROR_RATE: '0.05' },
    quality: { failed: 0.05, slow: 0 },
  },
  slow: {
    is: 'it answers 1 request of 10 after 800 ms',
    expected: 'rolledBack',
    settings: { FAULT_LATENCY_MS: '800@10%' },
    quality: { failed: 0, slow: 0.1 },
  },
  crashing: {
    is: 'it ends itself a second after its start',
    expected: 'rolledBack',
    settings: { FAULT_CRASH_AFTER_SECONDS: '1' },
    quality: undefined,
  },
  'broken-migration': {
    is: 'its migration fails',
    expected: 'rolledBack',
    breaksMigration: true,
    quality: undefined,
  },
} as const satisfies Record<string, Rehearsable>;

/** The name of a release that can be rehearsed. */
export type ReleaseName = keyof typeof RELEASES;

/** All of them, in the order in which they are offered. */
export const RELEASE_NAMES = Object.keys(RELEASES) as ReleaseName[];
