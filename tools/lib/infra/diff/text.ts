import { count } from '../../count.ts';
import type { Change, Fate } from './compare-templates.ts';
import type { DiffReport } from './report.ts';

const SIGNS: Readonly<Record<Fate, string>> = {
  appears: '+',
  changes: '~',
  'may be replaced': '?',
  goes: '-',
  'is replaced': '!',
};

/** Every change, by stack; what loses state says so. */
export function diffText({ changes, forgotten }: DiffReport): string {
  const byStack = Map.groupBy(changes, ({ stack }) => stack);
  const stacks = [...byStack].map(([stack, own]) =>
    [stack, ...own.map((change) => `  ${line(change)}`)].join('\n'),
  );
  const left = forgotten.map(
    (stack) => `${stack}\n  no template describes it: it stays in AWS until infra:destroy, or you, delete it`,
  );
  return [...stacks, ...left].join('\n\n');
}

/** The same as a comment on a pull request: what loses state first, the rest folded away. */
export function diffMarkdown(report: DiffReport): string {
  if (report.changes.length === 0 && report.forgotten.length === 0) return 'No change in AWS.\n';
  const { losses, blocked } = report;
  const warned = losses.map(
    (change) => `- ${blocked.includes(change) ? '🛑' : '⚠️'} \`${change.stack}\`: ${line(change)}`,
  );
  const all = [
    '<details><summary>Every resource</summary>',
    '',
    '```diff',
    diffText(report),
    '```',
    '',
    '</details>',
  ];
  return `${[`**${diffSum(report)}**`, '', ...warned, ...(warned.length > 0 ? [''] : []), ...all].join('\n')}\n`;
}

/** The whole in a line. */
export function diffSum({ changes, forgotten, losses, blocked }: DiffReport): string {
  const of = (fate: Fate) => changes.filter((change) => change.fate === fate).length;
  const counts = [
    [of('appears'), 'new'],
    [of('changes'), 'changed'],
    [of('may be replaced'), 'perhaps replaced'],
    [of('is replaced'), 'replaced'],
    [of('goes'), 'removed'],
  ] as const;
  const told = counts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  const parts = [told.length === 0 ? 'no resource changes' : told.join(', ')];
  if (forgotten.length > 0) parts.push(`${count(forgotten.length, 'stack')} left behind`);
  if (losses.length > 0) parts.push(`${losses.length} with state`);
  if (blocked.length > 0)
    parts.push(`${blocked.length} of them production's data, which no deployment may take`);
  return parts.join('; ');
}

function line({ fate, type, id, name, because, state, isKept }: Change): string {
  const what = `${SIGNS[fate]} ${type} ${name === '' ? id : name}`;
  const why = because.length === 0 ? '' : `: ${because.join(', ')}`;
  const verdict = fate === 'appears' ? '' : ` ${fate}${why}`;
  const lost = state && /replaced|goes/.test(fate) ? lossOf(fate, state.is, isKept) : '';
  return `${what}${verdict}${lost}`;
}

function lossOf(fate: Fate, what: string, isKept: boolean): string {
  if (isKept) return `; the old one stays in AWS, unused, with ${what}`;
  return fate === 'may be replaced' ? `; with it might go ${what}` : `; with it goes ${what}`;
}
