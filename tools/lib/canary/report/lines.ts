// What a report says of one canary, in words: shared by the terminal and by Markdown.
import type { Suggestion, Suggestions } from '../odds/suggest.ts';
import type { Times } from '../odds/times.ts';
import type { CanaryReport } from './plan-subject.ts';
import type { Report } from './report.ts';
import { chance, duration, number, percent, settings, several, successLimit } from './words.ts';

/** What is said of a thing. */
export interface Fact {
  what: string;
  says: string;
}

/** The odds of one canary. */
export function facts({ plan, assumptions, traffic }: CanaryReport): Fact[] {
  if (plan === undefined || assumptions === undefined) return [];
  const { healthy, broken, smallestCaught, firstCheck } = plan;
  const succeeds = (failed: number) => percent(1 - failed);
  const found: Fact[] = [
    {
      what: 'traffic',
      says: `${several(traffic.requestsPerSecond, 'request')}/s of users${traffic.isAssumed ? ' (assumed: nobody says)' : ''}${seesOf(firstCheck)}`,
    },
    {
      what: `a healthy release (${succeeds(assumptions.healthy.failed)})`,
      says: `is rolled back in ${chance(healthy.rolledBack)} of cases${after(healthy.promotion, 'else promoted')}`,
    },
    {
      what: `a broken release (${succeeds(assumptions.broken.failed)})`,
      says: `is promoted in ${chance(broken.promoted)} of cases${after(broken.rollback, 'else rolled back')}`,
    },
    {
      what: 'meanwhile it fails',
      says: `${number(broken.failed.mean)} of ${several(broken.served, 'request')} of users on average, up to ${number(broken.failed.p95)} in 95 of 100 releases`,
    },
    {
      what: 'caught with 95 %',
      says:
        smallestCaught === undefined
          ? 'nothing: even a release that fails every request is promoted more often'
          : `a release that fails ${percent(smallestCaught)} of its requests, or more`,
    },
  ];
  return found;
}

function seesOf(firstCheck: NonNullable<CanaryReport['plan']>['firstCheck']): string {
  if (firstCheck === undefined) return '';
  const { users, load } = firstCheck;
  return `; the first check sees ${number(users)} of theirs${load > 0 ? ` and ${number(load)} of the load tester's` : ''}`;
}

function after(times: Times | undefined, what: string): string {
  if (times === undefined) return '';
  return `; ${what} after ${duration(times.median)} (95 of 100 within ${duration(times.p95)})`;
}

/** The odds of canaries that are released together. */
export function jointFacts({ canaries, healthy, broken }: Report['joint'][number]): Fact[] {
  return [
    {
      what: 'a healthy release',
      says: `is rolled back by at least one of the ${canaries.length} in ${chance(healthy.anyRolledBack)} of cases${after(healthy.promotion, 'else promoted by the last')}`,
    },
    {
      what: 'one broken in all of them',
      says: `is promoted by at least one in ${chance(broken.anyPromoted)} of cases, by all in ${chance(broken.allPromoted)}${after(broken.rollback, 'else rolled back by the last')}`,
    },
    { what: 'meanwhile they fail', says: `${several(broken.failed, 'request')} of users on average` },
  ];
}

/** What settings are suggested. */
export function suggestionFacts({ fastest, gentlest, sameLimit }: Suggestions): Fact[] {
  if (fastest === undefined) {
    return [
      {
        what: 'suggestion',
        says: 'none of the settings that people choose keep to the limits at this traffic: more requests are needed, or a release that is more broken',
      },
    ];
  }
  const of = (what: string, suggestion: Suggestion | undefined): Fact[] =>
    suggestion === undefined ? [] : [{ what, says: costOf(suggestion) }];
  return [
    ...of('fastest within the limits', fastest),
    ...of('fewer users notice', gentlest),
    ...of('with the limit on success as it is', sameLimit),
  ];
}

function costOf({
  analysis,
  seconds,
  healthyRolledBack,
  brokenPromoted,
  served,
  failed,
}: Suggestion): string {
  const limit = successLimit(analysis);
  return [
    `${settings(analysis)}${limit === undefined ? '' : `; at least ${limit} succeed`}`,
    `a good one takes ${duration(seconds)}`,
    `healthy rolled back ${chance(healthyRolledBack)}, broken promoted ${chance(brokenPromoted)}`,
    `a broken one answers ${several(served, 'request')} of users and fails ${number(failed.mean)} (95 %: ${number(failed.p95)})`,
  ].join(' | ');
}
