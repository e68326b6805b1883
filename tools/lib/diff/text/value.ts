import { stringify } from 'yaml';
import { align } from '../fields/align.ts';
import type { Json } from '../fields/json.ts';
import { visible } from './visible.ts';

/** How much of a value is shown on a line. */
const LONGEST = 90;
/** How much of what two long values have in common is shown on each side of where they differ. */
const CONTEXT = 24;
/** How many lines of a value are shown. */
const MOST_LINES = 16;
/** How many unchanged lines are shown around a changed one. */
const AROUND = 1;

/** A line of a longer value: its sign and its text. */
export interface ValueLine {
  sign: '+' | '-' | ' ';
  text: string;
}

/** Whether a value is better told in lines than on one. */
export function isLong(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.trimEnd().includes('\n');
  return value !== undefined && typeof value === 'object' && value !== null && flow(value).length > LONGEST;
}

/** A value on one line. */
export function inline(value: Json | undefined): string {
  return cut(typeof value === 'object' && value !== null ? flow(value) : scalar(value));
}

/** Two values on one line, each cut where the other is the same. */
export function transition(before: Json | undefined, after: Json | undefined): string {
  if (typeof before !== 'string' || typeof after !== 'string') return `${inline(before)} → ${inline(after)}`;
  const [old, next] = [scalar(before), scalar(after)];
  if (old.length + next.length <= LONGEST) return `${old} → ${next}`;
  let head = 0;
  while (head < Math.min(old.length, next.length) && old[head] === next[head]) head++;
  let tail = 0;
  while (
    tail < Math.min(old.length, next.length) - head &&
    old[old.length - 1 - tail] === next[next.length - 1 - tail]
  )
    tail++;
  const from = head > CONTEXT ? head - CONTEXT : 0;
  const window = (text: string) => {
    const to = tail > CONTEXT ? text.length - tail + CONTEXT : text.length;
    return cut(`${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`);
  };
  return `${window(old)} → ${window(next)}`;
}

/** A value in lines, all with one sign. */
export function block(value: Json | undefined, sign: '+' | '-'): ValueLine[] {
  const text = typeof value === 'string' ? value : stringify(value, { lineWidth: 0 });
  return limited(
    text
      .trimEnd()
      .split('\n')
      .map((line) => ({ sign, text: cut(visible(line)) })),
  );
}

/** Two texts of several lines: those that differ, with those around them. */
export function lineDiff(before: string, after: string): ValueLine[] {
  // The line break at the end is worth a line only where it is what differs.
  const isEven = before.endsWith('\n') && after.endsWith('\n');
  const [old = [], next = []] = [before, after].map((text) =>
    (isEven ? text.slice(0, -1) : text).split('\n'),
  );
  const lines: (ValueLine & { near: boolean })[] = [];
  let [from, to] = [0, 0];
  for (const [nextFrom, nextTo] of [...align(old, next), [old.length, next.length] as const]) {
    for (; from < nextFrom; from++) lines.push({ sign: '-', text: old[from] ?? '', near: true });
    for (; to < nextTo; to++) lines.push({ sign: '+', text: next[to] ?? '', near: true });
    if (nextFrom < old.length) lines.push({ sign: ' ', text: old[nextFrom] ?? '', near: false });
    from = nextFrom + 1;
    to = nextTo + 1;
  }
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ near }) => near);
  const shown: ValueLine[] = [];
  for (const [index, { sign, text }] of lines.entries()) {
    if (isNear(index)) shown.push({ sign, text: cut(visible(text)) });
    else if (shown.at(-1)?.text !== '⋯') shown.push({ sign: ' ', text: '⋯' });
  }
  return limited(shown);
}

function limited(lines: readonly ValueLine[]): ValueLine[] {
  if (lines.length <= MOST_LINES + 1) return [...lines];
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), { sign: ' ', text: `… ${more} more lines` }];
}

function flow(value: Json): string {
  return visible(stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd());
}

/** A value as YAML would tell it from others: the text "5" is not the number 5. */
function scalar(value: Json | undefined): string {
  if (typeof value !== 'string') return String(value);
  const misleads =
    /^(?:null|true|false)$/i.test(value) || value.trim() !== value || !Number.isNaN(Number(value));
  return visible(misleads ? JSON.stringify(value) : value);
}

function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${[...text].slice(0, LONGEST - 1).join('')}…`;
}
