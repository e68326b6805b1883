import { count } from '../../count.ts';
import { objectTitle, type Report } from '../report.ts';
import { alerts, releases, type Section, sections } from './group.ts';
import { type Line, sectionLines } from './lines.ts';
import { code, codeInHtml, plain } from './markup.ts';
import { names } from './names.ts';
import { releaseName, versions } from './release.ts';
import { happenings, numbers, totals } from './summary.ts';
import { clustersOf, comparedWith, wholeCluster } from './title.ts';

/**
 * The size of a comment, in bytes, with some left for what is put around it. GitHub allows 65,536 characters; there
 * are never more of those.
 */
export const LIMIT = 64_000;
/** How much of it the table of clusters may take, each list of what to look out for, and that of what happens. */
const TABLE = 16_000;
const ALERTS = 10_000;
const HAPPENINGS = 4_000;

/**
 * A report for a comment on a pull request. Nothing in a manifest can leave the place that it is shown in.
 *
 * @param limit how long it may be, in bytes
 */
export function markdown(report: Report, limit = LIMIT): string {
  const head = [
    `### ${plain(numbers(report))}`,
    happeningsList(report),
    ...(report.clusters.length === 0 ? [] : [table(report)]),
    alertBlock(report, 'danger', 'CAUTION'),
    alertBlock(report, 'warning', 'WARNING'),
  ].filter((block) => block !== '');
  const foot = `<sub>${'`dist/`'} against ${plain(comparedWith(report.base))}</sub>`;
  const all = sections(report);
  const whole = all.map((section) => foldOf(section, report, limit));
  const shares = share(whole.map(size), limit - size([...head, foot].join('\n\n')) - FOLD);
  const folds = all.map((section, index) => {
    const room = shares[index] ?? 0;
    const fold = whole[index] ?? '';
    return size(fold) <= room ? fold : foldOf(section, report, room);
  });
  const shown = folds.filter((fold) => fold !== '');
  const rest = all.length - shown.length;
  const more = rest > 0 ? [`_${count(rest, 'more group')} of changes left out: the comment is full._`] : [];
  return `${[...head, ...shown, ...more, foot].join('\n\n')}\n`;
}

/** New versions first, then what users and their pods will notice. */
function happeningsList(report: Report): string {
  const bumps = releases(report).map(({ clusters, it }) => {
    const effects = it.effects.length === 0 ? '' : `: ${it.effects.map(plain).join(', ')}`;
    return `**${plain(releaseName(it))}** ${code(versions(it))} in ${names(clusters.map(code))}${effects}`;
  });
  const { shown, left } = upTo(
    [...bumps, ...happenings(report).map(plain)].map((text) => `- ${text}`),
    HAPPENINGS,
  );
  return [...shown, ...(left === 0 ? [] : [`- _and ${left} more_`])].join('\n');
}

function table(report: Report): string {
  const rows = report.clusters.map((changes) => {
    const { added, removed, changed } = totals([changes]);
    const bumps = changes.bumps.map((bump) => `${code(releaseName(bump))} ${code(versions(bump))}`);
    const flags = [...changes.flags, ...changes.objects.flatMap((object) => object.flags)];
    const labels = (['danger', 'warning', 'info'] as const).flatMap((severity) =>
      flags.filter((flag) => flag.severity === severity).map(({ label }) => plain(label)),
    );
    const cells = [
      code(changes.cluster),
      names(bumps),
      ...[added, removed, changed + changes.files.length].map((number) =>
        number === 0 ? '' : String(number),
      ),
      names([...new Set(labels)]),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const { shown, left } = upTo(rows, TABLE);
  const more = left === 0 ? [] : [`| _${count(left, 'more cluster')}_ | | | | | |`];
  const head = [
    '| cluster | new versions | added | removed | changed | what follows |',
    '|---|---|--:|--:|--:|---|',
  ];
  return [...head, ...shown, ...more].join('\n');
}

function alertBlock(report: Report, severity: 'danger' | 'warning', kind: string): string {
  const lines = alerts(report, severity).map(({ clusters, it: { about, says } }) => {
    const where = `in ${names(clusters.map(code))}`;
    return `> - ${about ? `${code(objectTitle(about))} ${where}` : where}: ${plain(says)}`;
  });
  if (lines.length === 0) return '';
  const { shown, left } = upTo(lines, ALERTS);
  return [`> [!${kind}]`, ...shown, ...(left === 0 ? [] : [`> - _and ${left} more_`])].join('\n');
}

/** Divides a room: each gets what it wants where that is less than an even share, and the others divide the rest. */
function share(wants: readonly number[], room: number): number[] {
  const shares: number[] = [];
  let left = room;
  const smallestFirst = [...wants.entries()].sort(([, a], [, b]) => a - b);
  for (const [done, [index, want]] of smallestFirst.entries()) {
    const even = Math.floor(left / (wants.length - done));
    // The blank line between two.
    shares[index] = Math.min(want, even - 2);
    left -= shares[index] + 2;
  }
  return shares;
}

/** About what a fold takes besides its lines. */
const FOLD = 400;

/** A section that opens on a click, cut to a size; nothing where there is no room for any of it. */
function foldOf(section: Section, report: Report, limit: number): string {
  const blocks = sectionLines(section, wholeCluster(section, report)).map((lines) =>
    lines.map(lineText).join('\n'),
  );
  const title = codeInHtml(clustersOf(section, report));
  const { shown, left } = upTo(blocks, limit - FOLD - size(title));
  if (shown.length === 0 && limit < 2 * FOLD) return '';
  const objects = count(section.objects.length, 'object');
  const files = section.files.length === 0 ? '' : `, ${count(section.files.length, 'file')}`;
  const more = left === 0 ? [] : ['', `_${left} more left out: the comment is full._`];
  const body = shown.join('\n');
  const fence = '`'.repeat(
    Math.max(3, 1 + Math.max(0, ...[...body.matchAll(/`+/g)].map(([run]) => run.length))),
  );
  return [
    '<details>',
    `<summary>${title} (${objects}${files})</summary>`,
    '',
    ...(shown.length === 0 ? [] : [`${fence}diff`, body, fence]),
    ...more,
    '',
    '</details>',
  ].join('\n');
}

/** In a `diff` block the first character of a line says its colour: `@@` is an object's title, `!` a changed field. */
function lineText({ sign, text, depth, labels = [] }: Line): string {
  if (depth === 2) return `${sign}     ${text}`;
  if (depth === 1) return `${sign === '~' ? '!' : sign} ${text}`;
  const what = labels.map((label) => label.text).join(', ');
  if (sign === '~') return `@@ ${text} @@${what === '' ? '' : ` ${what}`}`;
  return `${sign} ${text}${what === '' ? '' : `   (${what})`}`;
}

/** As many texts as a size allows, and how many are left. */
function upTo(texts: readonly string[], limit: number): { shown: string[]; left: number } {
  const shown: string[] = [];
  let used = 0;
  for (const text of texts) {
    used += size(text) + 1;
    if (used > limit) break;
    shown.push(text);
  }
  return { shown, left: texts.length - shown.length };
}

function size(text: string): number {
  return Buffer.byteLength(text);
}
