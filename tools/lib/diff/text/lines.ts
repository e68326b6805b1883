import type { FieldChange } from '../fields/compare.ts';
import { type Step, stepText } from '../fields/path.ts';
import { type ClusterChanges, type FileChange, type ObjectChange, objectTitle } from '../report.ts';
import type { Section } from './group.ts';
import { overview } from './overview.ts';
import { block, inline, isLong, lineDiff, transition, type ValueLine } from './value.ts';
import { visible } from './visible.ts';

/** A line of a report: what happened to what it tells, and how deep it stands. */
export interface Line {
  sign: '+' | '-' | '~' | ' ';
  text: string;
  /** An object or a file is 0, its fields 1, the lines of a value 2. */
  depth: 0 | 1 | 2;
  /** What follows from it, in a few words each. */
  labels?: { text: string; severity: 'danger' | 'warning' | 'info' }[];
}

const SIGNS = { added: '+', removed: '-', changed: '~', reordered: '~' } as const;

/** What a section tells, thing by thing; a cluster that comes or goes as a whole in one line for each folder. */
export function sectionLines(section: Section, whole: ClusterChanges | undefined): Line[][] {
  const objects = whole
    ? overview(section.objects).map((text): Line[] => [
        { sign: whole.change === 'added' ? '+' : '-', depth: 0, text },
      ])
    : section.objects.map(objectLines);
  const notes = section.notes.map((note): Line[] => [{ sign: ' ', depth: 0, text: visible(note) }]);
  return [...objects, ...section.files.map(fileLines), ...notes];
}

/** One object, with its fields. */
function objectLines(change: ObjectChange): Line[] {
  const head: Line = {
    sign: SIGNS[change.change],
    depth: 0,
    text: visible(objectTitle(change)),
    labels: change.flags.map(({ label, severity }) => ({ text: visible(label), severity })),
  };
  return [head, ...change.fields.flatMap(fieldLines)];
}

/** One file that holds no objects. */
function fileLines({ path, change, before, after }: FileChange): Line[] {
  const head: Line = { sign: SIGNS[change], depth: 0, text: `file ${visible(path)}` };
  if (before === undefined || after === undefined) return [head];
  return [head, ...valueLines(lineDiff(before, after))];
}

function fieldLines({ change, path, before, after }: FieldChange): Line[] {
  const line = (text: string): Line => ({ sign: SIGNS[change], depth: 1, text: visible(path) + text });
  switch (change) {
    case 'reordered':
      return [line(`: order ${order(before)} → ${order(after)}`)];
    case 'changed':
      if (typeof before === 'string' && typeof after === 'string' && (isLong(before) || isLong(after)))
        return [line(''), ...valueLines(lineDiff(before, after))];
      if (isLong(before) || isLong(after))
        return [line(''), ...valueLines([...block(before, '-'), ...block(after, '+')])];
      return [line(`: ${transition(before, after)}`)];
    default: {
      const value = change === 'added' ? after : before;
      if (!isLong(value)) return [line(`: ${inline(value)}`)];
      return [line(''), ...valueLines(block(value, change === 'added' ? '+' : '-'))];
    }
  }
}

function order(steps: FieldChange['before']): string {
  return visible((steps as unknown as Step[]).map(stepText).join(', '));
}

function valueLines(lines: readonly ValueLine[]): Line[] {
  return lines.map(({ sign, text }) => ({ sign, text, depth: 2 }));
}
