// What may be promoted to a ring that asks for a person's yes, and why.
import semver from 'semver';
import type { StatusContext } from '../../../config/status-context.ts';
import { compareVersions } from '../version.ts';
import type { Evidence } from './evidence.ts';
import { type RingHistory, ringHistory, shortVersion, standingReturn, versionOf } from './runs.ts';
import type { Kind, Line, Point } from './timeline.ts';
import { judge, type Trial, wentBack } from './verdict.ts';
import { at } from './words.ts';

/** One line that may move: of an app or an add-on, in one ring. */
export interface Subject {
  kind: Kind;
  name: string;
  ring: string;
  /** What stands there now. */
  line: Line;
  /** The ring before that runs it. @default there is none */
  before?: RingBefore;
}

/** The ring in which something must have proven itself. */
export interface RingBefore {
  ring: string;
  /** The Kustomizations that apply it there, on every cluster that runs it. */
  places: readonly StatusContext[];
  /** The rings before it that run it, too. */
  earlier: readonly string[];
}

/** By what it is decided. */
export interface Grounds {
  /** The branch that Flux reads, oldest commit first. */
  points: readonly Point[];
  evidence: Evidence;
  /** Of the ring that is promoted to. */
  soakMinutes: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** What is to become of a line. */
export interface Decision {
  kind: Kind;
  name: string;
  ring: string;
  from: string;
  /** What it moves to. @default it stays */
  to?: string;
  /** Why it moves or stays. */
  why: string;
  /** What is newer and was not chosen, newest first. */
  left: { value: string; why: string }[];
}

/** Decides about one line: the newest value that proved itself in the ring before, unless something speaks against it. */
export function choose(subject: Subject, grounds: Grounds): Decision {
  const { kind, name, ring, line, before } = subject;
  const decision = { kind, name, ring, from: line.value };
  const stays = (why: string, left: Decision['left'] = []): Decision => ({ ...decision, why, left });
  if (before === undefined) return stays('runs in no ring before, so nothing can prove itself there');
  if (line.pinned !== undefined) return stays(`pinned: ${line.pinned}`);

  const trial = trialOf(subject, before, grounds);
  const others = otherRings(subject, before, grounds);
  const judged = newestFirst(trial.history).map((value) => ({
    value,
    against: objection(value, subject, trial, others),
  }));
  const value = judged.find(({ against }) => against === undefined)?.value;
  // Newer is what came later, and what the ring went back from to have that one again.
  const than = value ?? line.value;
  const place = judged.findIndex((other) => other.value === than);
  const left = judged.flatMap(({ value: other, against }, index) => {
    const isLater = place === -1 || index < place || isNewer(other, than);
    return against !== undefined && isLater && other !== line.value ? [{ value: other, why: against }] : [];
  });
  if (value === undefined) {
    return stays(place === 0 ? `as in ${before.ring}` : 'nothing newer is proven', left);
  }
  const why = `${judge(value, trial).why}${pinnedAt(value, trial.history)}`;
  if (value === line.value) return stays(`up to date: ${why}`, left);
  const { refused, because } = downgrade(value, subject, trial);
  return refused === undefined ? { ...stays(because ?? why, left), to: value } : stays(refused, left);
}

/** What to add about a value at which a ring is held. */
function pinnedAt(value: string, { runs }: RingHistory): string {
  const last = runs.at(-1);
  return last?.value === value && last.pinned !== undefined ? `, pinned there: ${last.pinned}` : '';
}

function isNewer(value: string, than: string): boolean {
  return (compareVersions(versionOf(value), versionOf(than)) ?? 0) > 0;
}

/**
 * Whether a value may stand in a ring, by the rules of {@link choose}, though a newer one may be proven by now.
 *
 * @returns why not, or nothing
 */
export function refuse(value: string, subject: Subject, grounds: Grounds): string | undefined {
  const { before } = subject;
  if (before === undefined) return undefined;
  const trial = trialOf(subject, before, grounds);
  const against = objection(value, subject, trial, otherRings(subject, before, grounds));
  return against ?? downgrade(value, subject, trial).refused;
}

function trialOf({ kind, name }: Subject, { ring, places }: RingBefore, grounds: Grounds): Trial {
  const { evidence, soakMinutes, now } = grounds;
  return { ring, places, history: ringHistory(known(grounds), kind, ring, name), evidence, soakMinutes, now };
}

/** What the rings say that a value need not prove itself in. */
interface OtherRings {
  /** The ring that it is for. */
  own: RingHistory;
  /** The rings before the one before. */
  earlier: ReadonlyMap<string, RingHistory>;
}

function otherRings({ kind, name, ring }: Subject, { earlier }: RingBefore, grounds: Grounds): OtherRings {
  const history = (of: string) => ringHistory(known(grounds), kind, of, name);
  return { own: history(ring), earlier: new Map(earlier.map((of) => [of, history(of)])) };
}

/** What had happened by then. */
function known({ points, now }: Grounds): Point[] {
  return points.filter(({ at }) => at <= now);
}

/** The values of a ring, the one that came last first. */
function newestFirst({ runs }: RingHistory): string[] {
  return [...new Set(runs.map(({ value }) => value).reverse())];
}

/** Why a value of the ring before must not stand in this one; nothing when it may. */
function objection(
  value: string,
  { kind, ring }: Subject,
  trial: Trial,
  { own, earlier }: OtherRings,
): string | undefined {
  if (kind === 'image' && semver.prerelease(shortVersion(value)))
    return `a pre-release, and ${ring} takes releases`;
  const verdict = judge(value, trial);
  if (verdict.is !== 'proven') return verdict.why;
  // What was found wrong with it by now, the ring before may not know yet.
  for (const [of, history] of earlier) {
    const returned = standingReturn(history, value);
    if (returned !== undefined) return wentBack(of, returned);
  }
  return barred(value, ring, trial, own);
}

/**
 * A ring that went back from a value does not get it again by itself, until somebody takes away the pin that says why it
 * went back, or the ring before has been through it once more.
 */
function barred(value: string, ring: string, trial: Trial, own: RingHistory): string | undefined {
  const returned = standingReturn(own, value);
  if (returned === undefined) return undefined;
  const again =
    trial.history.runs.some((run) => run.value === value && run.from.at > returned.at) ||
    own.unpinned.some((time) => time >= returned.at);
  if (again) return undefined;
  const reason = returned.reason === undefined ? '' : `: ${returned.reason}`;
  return `${ring} itself went back from it ${at(returned.at)}${reason}`;
}

/** A step back needs a ring before that made it on purpose. */
function downgrade(
  value: string,
  { line, ring }: Subject,
  trial: Trial,
): { refused?: string; because?: string } {
  const order = compareVersions(versionOf(value), versionOf(line.value));
  const stood = judge(line.value, trial);
  const ran = trial.history.runs.some((run) => run.value === line.value);
  const isBack = order === undefined ? ran && isBefore(value, line.value, trial.history) : order < 0;
  if (!isBack) return {};
  if (stood.is === 'returned') return { because: `a step back: ${stood.why}` };
  const has = `${ring} has ${shortVersion(line.value)}, which is newer than ${shortVersion(value)}`;
  if (stood.is === 'failed')
    return { refused: `${has}; it ${stood.why}. Whether to go back is yours: npm run rollback` };
  return {
    refused: ran ? `${has}, and ${trial.ring} did not go back from it` : `${has}; ${trial.ring} never ran it`,
  };
}

/** Whether the last run of one value came before that of another. */
function isBefore(value: string, other: string, { runs }: RingHistory): boolean {
  const last = (wanted: string) => runs.findLastIndex((run) => run.value === wanted);
  return last(value) < last(other);
}
