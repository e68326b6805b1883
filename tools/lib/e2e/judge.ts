import type { Snapshot } from './snapshot.ts';

/** How a release should end. */
export type Expectation = 'promoted' | 'rolledBack';

/** What is to be said of a release so far. */
export type Verdict = { is: 'kept' } | { is: 'broken'; why: string } | { is: 'open'; waitsFor: string };

/** A release as it was before, and as it is now. */
export interface Course {
  before: Snapshot;
  now: Snapshot;
}

/**
 * Judges a release that image automation began.
 *
 * @param expectation how it should end
 * @returns `kept` once all that belongs to that end is seen, `broken` as soon as it can't be reached any more
 */
export function judge(expectation: Expectation, { before, now }: Course): Verdict {
  if (now.chosen === before.chosen) return open('Flux to find the new image');
  if (now.wanted !== now.chosen) return open(`${now.chosen} to reach the cluster by a commit`);
  return expectation === 'promoted' ? judgePromotion(before, now) : judgeRollback(before, now);
}

function judgePromotion(before: Snapshot, now: Snapshot): Verdict {
  if (now.phase === 'Failed' && now.serving === before.serving) {
    return broken(`${now.wanted} was rolled back: ${now.message}`);
  }
  if (now.phase !== 'Succeeded' || now.serving !== now.wanted) return open(stand(now));
  if (now.ready === true) return { is: 'kept' };
  return now.ready === false
    ? broken(`promoted, but Flux says: ${now.message}`)
    : open('Flux to say that it is ready');
}

function judgeRollback(before: Snapshot, now: Snapshot): Verdict {
  if (now.serving !== before.serving) return broken(`${now.serving} reached every user`);
  if (now.phase !== 'Failed') return open(stand(now));
  if (now.ready === false) return { is: 'kept' };
  return open('Flux to say that the release failed');
}

function stand({ phase, weight, failedChecks }: Snapshot): string {
  return `the release to end: ${phase}, ${weight} % of the users, ${failedChecks} failed checks`;
}

function open(waitsFor: string): Verdict {
  return { is: 'open', waitsFor };
}

function broken(why: string): Verdict {
  return { is: 'broken', why };
}
