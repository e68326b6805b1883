// What is to become of every line that nothing else moves: in rings that ask for a person's yes, and the versions of add-ons
// in all rings but the first, which Renovate moves.
import type { Config } from '../../../config/load.ts';
import type { ApprovalRing, Ring } from '../../../config/schema.ts';
import { closedBecause } from './calendar.ts';
import { choose, type Decision, type Grounds, type RingBefore, type Subject } from './choose.ts';
import { placesOf } from './places.ts';
import type { Kind, Line } from './timeline.ts';

/** What is to become of one ring. */
export interface RingPlan {
  ring: string;
  /** Why nothing may move now. @default it may */
  closed?: string;
  decisions: Decision[];
}

/** By what all rings are decided. */
export type Knowledge = Omit<Grounds, 'soakMinutes'>;

/** A ring that something is promoted to, and on what terms. */
export interface Promoted extends Pick<ApprovalRing, 'name' | 'changeWindows' | 'freezes'> {
  kinds: readonly Kind[];
  /** How long each kind must have run in the ring before, in minutes. */
  soakMinutes: Readonly<Record<Kind, number>>;
}

/**
 * The least that a version of an add-on soaks, in minutes, whatever a ring says. Flux may find an add-on well on the commit that
 * raises it before the new chart is even fetched; it looks again every half hour, and gives a look ten minutes. So after an
 * hour it has looked at the new one.
 */
const LEAST_VERSION_SOAK = 60;

/**
 * The rings that something is promoted to, in their order: images and versions where a person says yes, versions alone where
 * images arrive by themselves. Nothing is promoted to the first one.
 *
 * @param rings only these; none for all
 */
export function promotedRings({ platform }: Config, rings: readonly string[] = []): Promoted[] {
  const wanted = ({ name }: Ring) => rings.length === 0 || rings.includes(name);
  return platform.rings
    .slice(1)
    .filter(wanted)
    .map((ring) =>
      ring.promotion === 'approval'
        ? { ...ring, kinds: ['image', 'version'], soakMinutes: soaks(ring.soakMinutes) }
        : { name: ring.name, kinds: ['version'], soakMinutes: soaks(0), changeWindows: [], freezes: [] },
    );
}

function soaks(minutes: number): Promoted['soakMinutes'] {
  return { image: minutes, version: Math.max(minutes, LEAST_VERSION_SOAK) };
}

/** By what a line of a ring is decided. */
export function groundsFor({ soakMinutes }: Promoted, kind: Kind, knowledge: Knowledge): Grounds {
  return { ...knowledge, soakMinutes: soakMinutes[kind] };
}

/**
 * Decides about each ring that something is promoted to.
 *
 * @param rings only these; none for all
 */
export function plan(config: Config, rings: readonly string[], knowledge: Knowledge): RingPlan[] {
  return promotedRings(config, rings).map((ring) => {
    const closed = closedBecause(ring, knowledge.now);
    const decisions = subjectsOf(config, ring).map((subject) =>
      choose(subject, groundsFor(ring, subject.kind, knowledge)),
    );
    return { ring: ring.name, ...(closed !== undefined && { closed }), decisions };
  });
}

/** Whether a decision moves a line now. */
export function moves({ closed }: RingPlan, { to }: Decision): boolean {
  return to !== undefined && closed === undefined;
}

/** The lines of a ring that are promoted and that some cluster runs. */
export function subjectsOf(config: Config, { name: ring, kinds }: Promoted): Subject[] {
  const images = Object.entries(config.images[ring] ?? {}).map(([name, { reference, pin }]) => ({
    kind: 'image' as const,
    name,
    line: { value: reference, ...(pin && { pinned: pin.reason }) },
  }));
  const versions = Object.entries(config.versions[ring] ?? {}).map(([name, value]) => ({
    kind: 'version' as const,
    name,
    line: { value },
  }));
  return [...images, ...versions]
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ kind, name, line }) => subjectOf(config, kind, ring, name, line) ?? []);
}

/** A line with the ring before it; nothing where no cluster of its ring runs it. */
export function subjectOf(
  config: Config,
  kind: Kind,
  ring: string,
  name: string,
  line: Line,
): Subject | undefined {
  if (placesOf(config, kind, ring, name).length === 0) return undefined;
  const before = ringBefore(config, kind, ring, name);
  return { kind, name, ring, line, ...(before && { before }) };
}

/** The nearest ring before one in which a cluster runs something. */
function ringBefore(config: Config, kind: Kind, ring: string, name: string): RingBefore | undefined {
  const names = config.platform.rings.map((ring) => ring.name);
  const [before, ...earlier] = names
    .slice(0, names.indexOf(ring))
    .reverse()
    .map((before) => ({ ring: before, places: placesOf(config, kind, before, name) }))
    .filter(({ places }) => places.length > 0);
  return before && { ...before, earlier: earlier.map((other) => other.ring) };
}
