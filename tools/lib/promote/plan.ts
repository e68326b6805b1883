// What is to become of every line of the rings that ask for a person's yes.
import type { Config } from '../../../config/load.ts';
import type { ApprovalRing } from '../../../config/schema.ts';
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

/**
 * Decides about each ring that asks for approval.
 *
 * @param rings only these
 */
export function plan(config: Config, rings: readonly string[], knowledge: Knowledge): RingPlan[] {
  return approvalRings(config, rings).map((ring) => {
    const closed = closedBecause(ring, knowledge.now);
    const grounds: Grounds = { ...knowledge, soakMinutes: ring.soakMinutes };
    const decisions = subjectsOf(config, ring.name).map((subject) => choose(subject, grounds));
    return { ring: ring.name, ...(closed !== undefined && { closed }), decisions };
  });
}

/** Whether a decision moves a line now. */
export function moves({ closed }: RingPlan, { to }: Decision): boolean {
  return to !== undefined && closed === undefined;
}

/** The rings that a person opens, in their order. @param rings only these; none for all */
export function approvalRings({ platform }: Config, rings: readonly string[] = []): ApprovalRing[] {
  return platform.rings.filter(
    (ring): ring is ApprovalRing =>
      ring.promotion === 'approval' && (rings.length === 0 || rings.includes(ring.name)),
  );
}

/** The lines of a ring that some cluster runs. */
export function subjectsOf(config: Config, ring: string): Subject[] {
  const lines = [
    ...Object.entries(config.images[ring] ?? {}).map(
      ([name, { reference, pin }]) =>
        ['image', name, { value: reference, ...(pin && { pinned: pin.reason }) }] as const,
    ),
    ...Object.entries(config.versions[ring] ?? {}).map(
      ([name, value]) => ['version', name, { value }] as const,
    ),
  ];
  return lines.flatMap(([kind, name, line]) => subjectOf(config, kind, ring, name, line) ?? []);
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
