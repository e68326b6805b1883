// What was decided, for a person.
import { count } from '../count.ts';
import type { Decision } from './choose.ts';
import type { JudgedLine } from './judge-change.ts';
import { moves, type RingPlan } from './plan.ts';
import { shortVersion, versionOf } from './runs.ts';

/** Newer ones that are told of one line; the rest is counted. */
const LEFT = 3;

/**
 * The table of what is promoted and why, and what is left and why. Lines of which there is nothing to say are counted.
 *
 * @returns lines of text
 */
export function planTable(plans: readonly RingPlan[]): string[] {
  return plans.flatMap((ring) => [
    `${ring.ring}${ring.closed === undefined ? '' : ` is closed: ${ring.closed}`}`,
    ...columns(ring.decisions.filter(isTold).flatMap((decision) => rows(decision, ring))),
    ...quiet(ring.decisions),
    '',
  ]);
}

function isTold({ to, left, kind }: Decision): boolean {
  return kind === 'image' || to !== undefined || left.length > 0;
}

function quiet(decisions: readonly Decision[]): string[] {
  const number = decisions.filter((decision) => !isTold(decision)).length;
  return number === 0 ? [] : [`  ${count(number, 'add-on')} with nothing newer`];
}

function rows(decision: Decision, ring: RingPlan): string[][] {
  const { name, from, to, why, left } = decision;
  const waits = to !== undefined && !moves(ring, decision) ? ' (waits)' : '';
  const rest = left.length - LEFT;
  return [
    [name, to === undefined ? shortVersion(from) : `${move(from, to)}${waits}`, why],
    ...left.slice(0, LEFT).map(({ value, why }) => ['', `not ${shortVersion(value)}`, why]),
    ...(rest > 0 ? [['', `and ${rest} more`, '']] : []),
  ];
}

/** `1.4.0 → 1.5.0`; with digests where nothing else differs. */
export function move(from: string, to: string): string {
  const show = shortVersion(from) === shortVersion(to) ? versionOf : shortVersion;
  return `${show(from)} → ${show(to)}`;
}

/** What became of a proposed change, a line each. */
export function judgedTable(lines: readonly JudgedLine[]): string[] {
  return columns(
    lines.map(({ ring, name, from, to, refused, is }) => [
      refused === undefined ? 'fine' : 'refused',
      `${ring}.${name}`,
      from === undefined ? shortVersion(to) : move(from, to),
      refused ?? is ?? '',
    ]),
  );
}

/** Cells side by side, each column as wide as its widest cell. */
function columns(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(column === row.length - 1 ? 0 : (widths[column] ?? 0))).join('  ')}`.trimEnd(),
  );
}

/** The subject of a commit that makes a plan true: `chore(prod): promote conduit 1.4.0 → 1.5.0`. */
export function commitMessage(plans: readonly RingPlan[]): string {
  const moved = plans.flatMap((ring) => ring.decisions.filter((decision) => moves(ring, decision)));
  const rings = [...new Set(moved.map(({ ring }) => ring))].join(', ');
  const names = [...new Set(moved.map(({ name }) => name))];
  const what = names.length <= 3 ? names.join(', ') : `${names.length} apps and add-ons`;
  const body = moved.map(
    ({ ring, name, from, to, why }) => `- ${ring}.${name}: ${move(from, to ?? '')}: ${why}`,
  );
  return `chore(${rings}): promote ${what}\n\n${body.join('\n')}\n`;
}
