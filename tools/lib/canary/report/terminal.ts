import { count } from '../../count.ts';
import { type Fact, facts, jointFacts, suggestionFacts } from './lines.ts';
import type { Report } from './report.ts';

/** What a piece of text is for; the command knows its colour. */
export type Style = 'title' | 'faint' | 'good' | 'bad' | 'warning';

/** A report for a person at a terminal. */
export function terminal(report: Report, paint: (style: Style, text: string) => string): string {
  const blocks = report.canaries.map((canary) =>
    [
      `${paint('title', canary.title)}  ${paint('faint', canary.settings ?? canary.where)}`,
      ...canary.refused.map((problem) => paint('bad', `  ✗ ${canary.where}: ${problem}`)),
      ...factLines(facts(canary)),
      ...canary.breaches.map((breach) => paint('bad', `  ✗ ${breach}`)),
      ...canary.warnings.map((warning) => paint('warning', `  ! ${warning}`)),
      ...canary.notes.map((note) => paint('faint', `  · ${note}`)),
      ...factLines(canary.suggestions === undefined ? [] : suggestionFacts(canary.suggestions)),
    ].join('\n'),
  );
  const joint = report.joint.map((group) =>
    [
      `${paint('title', `${group.group}, all together`)}  ${paint('faint', group.canaries.join(', '))}`,
      ...factLines(jointFacts(group)),
    ].join('\n'),
  );
  return `${[...blocks, ...joint].join('\n\n')}\n`;
}

/** The last line of the command. */
export function summary({ canaries }: Report): string {
  const refused = canaries.filter((canary) => canary.refused.length > 0).length;
  const worse = canaries.filter(({ breaches }) => breaches.length > 0).length;
  const found = [
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(worse > 0 ? [`${worse} with worse odds than wanted`] : []),
  ];
  return `${count(canaries.length, 'plan')}${found.length > 0 ? `: ${found.join(', ')}` : ''}`;
}

function factLines(all: readonly Fact[]): string[] {
  const width = Math.max(0, ...all.map(({ what }) => what.length));
  return all.map(({ what, says }) => {
    const [first, ...rest] = says.split(' | ');
    const indent = `\n${' '.repeat(width + 4)}`;
    return `  ${what.padEnd(width)}  ${[first, ...rest].join(indent)}`;
  });
}
