import { code, plain } from '../../diff/text/markup.ts';
import { jointFacts, suggestionFacts } from './lines.ts';
import type { Report } from './report.ts';
import { summary } from './terminal.ts';
import { chance, duration, number, percent, several } from './words.ts';

const COLUMNS = [
  'canary',
  'requests/s',
  'healthy rolled back',
  'broken promoted',
  'promotion (95 %)',
  'rollback (95 %)',
  'users’ requests failed (95 %)',
  'caught with 95 %',
];

/** A report for a comment on a pull request. Nothing in a manifest can leave the place that it is shown in. */
export function markdown(report: Report): string {
  return `${[
    `### ${plain(summary(report))}`,
    table(report),
    ...said(report),
    ...report.joint.map((group) =>
      [
        `**${plain(group.group)}, all together** (${group.canaries.map(code).join(', ')})`,
        list(jointFacts(group).map(({ what, says }) => `${what} ${says}`)),
      ].join('\n\n'),
    ),
    '<sub>What these odds are and what they leave out: docs/canary.md</sub>',
  ].join('\n\n')}\n`;
}

function table({ canaries }: Report): string {
  const rows = canaries.map(({ title, traffic, plan }) => {
    if (plan === undefined) return [cell(title), '', 'refused', '', '', '', '', ''];
    const { healthy, broken, smallestCaught } = plan;
    const times = (of: { median: number; p95: number } | undefined) =>
      of === undefined ? '–' : `${duration(of.median)} (${duration(of.p95)})`;
    return [
      cell(title),
      `${number(traffic.requestsPerSecond)}${traffic.isAssumed ? ' (assumed)' : ''}`,
      chance(healthy.rolledBack),
      chance(broken.promoted),
      times(healthy.promotion),
      times(broken.rollback),
      `${number(broken.failed.mean)} (${number(broken.failed.p95)})`,
      smallestCaught === undefined ? 'nothing' : percent(smallestCaught),
    ];
  });
  return [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A name as code in a table, where a bar ends the cell even there. */
function cell(name: string): string {
  return code(name).replaceAll('|', '\\|');
}

function said({ canaries }: Report): string[] {
  return canaries.flatMap((canary) => {
    const lines = [
      ...canary.refused.map((problem) => `❌ ${problem}`),
      ...canary.breaches.map((breach) => `❌ ${breach}`),
      ...canary.warnings.map((warning) => `⚠️ ${warning}`),
      ...canary.notes,
      ...(canary.suggestions === undefined
        ? []
        : suggestionFacts(canary.suggestions).map(
            ({ what, says }) => `${what}: ${says.replaceAll(' | ', '; ')}`,
          )),
    ];
    return lines.length === 0
      ? []
      : [
          `${code(canary.title)} at ${several(canary.traffic.requestsPerSecond, 'request')}/s\n\n${list(lines)}`,
        ];
  });
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${plain(line)}`).join('\n');
}
