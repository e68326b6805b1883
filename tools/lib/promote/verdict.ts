// Whether an image, or a version of an add-on, has proven itself in a ring.
import type { StatusContext } from '../../../config/status-context.ts';
import type { Evidence, Status } from './evidence.ts';
import { lastReturn, type Return, type RingHistory, type Run, shortVersion } from './runs.ts';
import { at, minutes } from './words.ts';

/** What a ring says about a value. */
export interface Verdict {
  is: 'proven' | 'returned' | 'failed' | 'unproven';
  why: string;
}

/** Where and by what a value is judged. */
export interface Trial {
  ring: string;
  history: RingHistory;
  /** The Kustomizations that apply it, on every cluster of the ring that runs it. */
  places: readonly StatusContext[];
  evidence: Evidence;
  /** How long it must have run, in minutes, once it had succeeded everywhere. */
  soakMinutes: number;
  /** Milliseconds since 1970: nothing that was said or done later counts. */
  now: number;
}

/**
 * Judges a value by what is known at a moment.
 *
 * It is proven when, in one of its runs, Flux said of every cluster that it succeeded, and it then stood there for as long
 * as it must. What takes that away again, until it is earned anew: a later failure of it on a cluster, and a step back of
 * the ring from it, or over it. That another one replaced it takes nothing away.
 *
 * @param value one that stood in the ring
 */
export function judge(value: string, trial: Trial): Verdict {
  const { ring, history } = trial;
  const returned = lastReturn(history.runs, value);
  const runs = history.runs.filter((run, index) => run.value === value && index > (returned?.run ?? -1));
  if (returned !== undefined && runs.length === 0) return { is: 'returned', why: wentBack(ring, returned) };
  const words = wordsOf(runs, trial);
  const failed = words.find(({ last }) => last?.state === 'failure');
  if (failed?.last) {
    const { cluster, kustomization, commit, at: when } = failed.last;
    const what = `${kustomization} on ${cluster}`;
    return { is: 'failed', why: `failed ${at(when)} in ${ring}: ${what}, at ${commit.slice(0, 10)}` };
  }
  const trials = runs.map((run) => soak(run, words, trial)).reverse();
  return (
    trials.find(({ is }) => is === 'proven') ?? trials[0] ?? { is: 'unproven', why: `never ran in ${ring}` }
  );
}

/** A step back in words. */
export function wentBack(ring: string, { to, at: when, reason }: Return): string {
  return `${ring} went back to ${shortVersion(to)} ${at(when)}${reason === undefined ? '' : `: ${reason}`}`;
}

/** What was said of a value at one place. */
interface Words {
  place: StatusContext;
  /** All of it, oldest first. */
  all: readonly Status[];
  /** The last of it. */
  last: Status | undefined;
  /** When it last failed there. */
  failedAt: number;
}

function wordsOf(runs: readonly Run[], { places, evidence, now }: Trial): Words[] {
  const commits = new Set(runs.flatMap((run) => [...run.commits]));
  return places.map((place) => {
    const all = evidence.of(place, commits, now);
    const failedAt = all.findLast(({ state }) => state === 'failure')?.at ?? 0;
    return { place, all, last: all.at(-1), failedAt };
  });
}

/** Whether a value soaked in one of its runs, given that it has not failed since. */
function soak(run: Run, words: readonly Words[], { ring, soakMinutes, now }: Trial): Verdict {
  const successes = words.map(({ place, all, failedAt }) => ({
    place,
    at: all.find(({ commit, at, state }) => state === 'success' && at > failedAt && run.commits.has(commit))
      ?.at,
  }));
  const silent = successes.filter(({ at }) => at === undefined).map(({ place }) => place.cluster);
  const ended = run.to === undefined ? undefined : `replaced by ${shortVersion(run.to.by)} ${at(run.to.at)}`;
  if (silent.length > 0) {
    const missing = `no success on ${[...new Set(silent)].join(', ')}`;
    return { is: 'unproven', why: ended === undefined ? `${missing} yet` : `${ended}, with ${missing}` };
  }
  const start = Math.max(...successes.map(({ at }) => at ?? 0));
  const soaked = ((run.to?.at ?? now) - start) / 60_000;
  if (soaked >= soakMinutes) {
    const clusters = new Set(words.map(({ place }) => place.cluster));
    const all = clusters.size === 1 ? '' : ` on ${clusters.size} clusters`;
    return { is: 'proven', why: `succeeded in ${ring}${all} ${at(start)}, soaked ${minutes(soaked)}` };
  }
  if (ended !== undefined) {
    return { is: 'unproven', why: `${ended}, after ${minutes(soaked)} of ${minutes(soakMinutes)}` };
  }
  const until = at(start + soakMinutes * 60_000);
  return {
    is: 'unproven',
    why: `soaks in ${ring} for ${minutes(soakMinutes)}, until ${until.replace('on ', '')}`,
  };
}
