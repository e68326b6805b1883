// How long a ring had each image or version of one thing, and which of them it went back from.
import { compareVersions } from '../version.ts';
import type { Kind, Point } from './timeline.ts';

/** An image, or a version of an add-on, for as long as it stood in a ring without a break. */
export interface Run {
  value: string;
  /** The commit that brought it, or the oldest one that was looked at. */
  from: Moment;
  /** The commit that replaced it. @default it still stands there */
  to?: Moment & {
    by: string;
    /** Whether the ring went back: to an older version, or to one that it had before. */
    back: boolean;
    /** The reason beside what it went back to, where there is one. */
    reason?: string;
  };
  /** All commits with which Flux can have applied it. */
  commits: ReadonlySet<string>;
  /** Why it is held, at the end of the run. @default it is not held */
  pinned?: string;
}

/** A commit and its time, in milliseconds since 1970. */
export interface Moment {
  commit: string;
  at: number;
}

/** What stood in a ring, run after run. */
export interface RingHistory {
  /** Oldest first; one begins where the one before ends, but for times at which nothing stood there. */
  runs: readonly Run[];
  /** When pins were taken away. */
  unpinned: readonly number[];
}

/**
 * The runs of one thing in one ring.
 *
 * @param points the branch, oldest first
 */
export function ringHistory(points: readonly Point[], kind: Kind, ring: string, name: string): RingHistory {
  const runs: (Run & { commits: Set<string> })[] = [];
  const unpinned: number[] = [];
  let isOpen = false;
  for (const { commit, at, lines } of points) {
    const line = lines[kind].get(ring)?.get(name);
    if (line === undefined) {
      isOpen = false;
      continue;
    }
    const { value, pinned } = line;
    const last = runs.at(-1);
    if (last?.pinned !== undefined && pinned === undefined) unpinned.push(at);
    if (isOpen && last?.value === value) {
      last.commits.add(commit);
      if (pinned === undefined) delete last.pinned;
      else last.pinned = pinned;
      continue;
    }
    if (last !== undefined) {
      const back = goesBack(runs, value);
      last.to = { commit, at, by: value, back, ...(back && pinned !== undefined && { reason: pinned }) };
    }
    runs.push({
      value,
      from: { commit, at },
      commits: new Set([commit]),
      ...(pinned !== undefined && { pinned }),
    });
    isOpen = true;
  }
  return { runs, unpinned };
}

/** Whether what follows on these runs is a step back. */
function goesBack(runs: readonly Run[], value: string): boolean {
  const before = runs.at(-1)?.value ?? '';
  const order = compareVersions(versionOf(value), versionOf(before));
  // Tags such as commit names have no order but that of time.
  return order === undefined ? runs.some((run) => run.value === value) : order < 0;
}

/** A time at which a ring went back, and what to. */
export interface Return {
  /** Which run it ended, counted from 0. */
  run: number;
  at: number;
  commit: string;
  to: string;
  reason?: string;
}

/**
 * The last time that a ring went back from a value: from itself, or over it to one that came before.
 *
 * A step back from C to A says as much about B, which came between the two.
 */
export function lastReturn(runs: readonly Run[], value: string): Return | undefined {
  return runs.reduce<Return | undefined>((last, { to }, index) => {
    if (!to?.back || value === to.by) return last;
    if (!leftBehind(runs.slice(0, index + 1), to.by).includes(value)) return last;
    return {
      run: index,
      at: to.at,
      commit: to.commit,
      to: to.by,
      ...(to.reason !== undefined && { reason: to.reason }),
    };
  }, undefined);
}

/** A step back from a value that the ring has not had again since. */
export function standingReturn({ runs }: RingHistory, value: string): Return | undefined {
  const last = lastReturn(runs, value);
  const isBack = runs.some((run, index) => run.value === value && index > (last?.run ?? -1));
  return isBack ? undefined : last;
}

/** The values that a step back leaves, given all runs before it. */
function leftBehind(before: readonly Run[], by: string): string[] {
  const earlier = before.findLastIndex(({ value }) => value === by);
  if (earlier !== -1) return before.slice(earlier + 1).map(({ value }) => value);
  // What it goes back to came before all that is known, so the versions say what is newer.
  const left = before.at(-1)?.value ?? '';
  const isNewer = (value: string) => (compareVersions(versionOf(value), versionOf(by)) ?? 0) > 0;
  return before.map(({ value }) => value).filter((value) => value === left || isNewer(value));
}

/** The version of an image or a chart: a tag, with the digest behind it where there is one. */
export function versionOf(value: string): string {
  const path = value.lastIndexOf('/');
  const colon = value.indexOf(':', path);
  return path === -1 || colon === -1 ? value : value.slice(colon + 1);
}

/** A version as a person reads it: without its digest. */
export function shortVersion(value: string): string {
  return versionOf(value).replace(/@.*/, '');
}
