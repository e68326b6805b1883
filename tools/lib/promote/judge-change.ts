// Whether a proposed change moves lines only to what may be promoted to their rings.
import type { Config } from '../../../config/load.ts';
import { closedBecause } from './calendar.ts';
import { refuse } from './choose.ts';
import { groundsFor, type Knowledge, promotedRings, subjectOf, subjectsOf } from './plan.ts';
import { ringHistory } from './runs.ts';
import type { Kind, Lines } from './timeline.ts';

/** One line that a change moves. */
export interface JudgedLine {
  kind: Kind;
  ring: string;
  name: string;
  /** @default it is new */
  from?: string;
  to: string;
  /** Why it must not. @default it may */
  refused?: string;
  /** What it is, where it may: a promotion or a roll-back. */
  is?: string;
}

/**
 * Judges every line that a change moves and that only a promotion may.
 *
 * A roll-back is free: a line that goes back to what its ring ran before, and says by a pin why.
 *
 * @param config as it is to be
 * @param base the lines before the change
 * @param knowledge what is known of the branch that it is to be merged into
 */
export function judgeChange(
  config: Config,
  base: Readonly<Record<Kind, Lines>>,
  rings: readonly string[],
  knowledge: Knowledge,
): JudgedLine[] {
  return promotedRings(config, rings).flatMap((ring) =>
    subjectsOf(config, ring).flatMap(({ kind, name, line }): JudgedLine[] => {
      const from = base[kind].get(ring.name)?.get(name);
      if (from?.value === line.value) return [];
      const moved = { kind, ring: ring.name, name, ...(from && { from: from.value }), to: line.value };
      const ran = ringHistory(knowledge.points, kind, ring.name, name).runs;
      if (line.pinned !== undefined && ran.some(({ value }) => value === line.value)) {
        return [{ ...moved, is: `a roll-back: ${line.pinned}` }];
      }
      const closed = closedBecause(ring, knowledge.now);
      if (closed !== undefined) return [{ ...moved, refused: closed }];
      const subject = subjectOf(config, kind, ring.name, name, from ?? { value: '' });
      const refused = subject && refuse(line.value, subject, groundsFor(ring, kind, knowledge));
      return [refused === undefined ? { ...moved, is: 'a promotion' } : { ...moved, refused }];
    }),
  );
}
