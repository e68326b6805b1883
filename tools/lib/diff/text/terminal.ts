import { objectTitle, type Report } from '../report.ts';
import { alerts, releases, type Section, sections } from './group.ts';
import { type Line, sectionLines } from './lines.ts';
import { names } from './names.ts';
import { releaseName, versions } from './release.ts';
import { summary } from './summary.ts';
import { clustersOf, comparedWith, wholeCluster } from './title.ts';
import { visible } from './visible.ts';

/** What a piece of text is, for the one who colours it. */
export type Style = 'title' | 'added' | 'removed' | 'changed' | 'faint' | 'danger' | 'warning' | 'info';

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const BY_SIGN: Readonly<Record<Line['sign'], Style>> = {
  '+': 'added',
  '-': 'removed',
  '~': 'changed',
  ' ': 'faint',
};

/** A report for a person at a terminal: new versions, every object, what to look out for, and in one line all of it. */
export function terminal(report: Report, paint: Paint): string {
  const blocks = [
    paint('faint', `dist/ against ${comparedWith(report.base)}`),
    releaseLines(report, paint),
    ...sections(report).map((section) => sectionText(section, report, paint)),
    alertLines(report, paint),
    paint('title', summary(report)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function releaseLines(report: Report, paint: Paint): string {
  const lines = releases(report).map(({ clusters, it }) => {
    const what = `${paint('title', releaseName(it))} ${paint('changed', versions(it))}`;
    const effects = it.effects.length === 0 ? '' : `: ${paint('info', it.effects.map(visible).join(', '))}`;
    return `  ${what} in ${names(clusters.map(visible))}${effects}`;
  });
  return lines.join('\n');
}

function sectionText(section: Section, report: Report, paint: Paint): string {
  const lines = sectionLines(section, wholeCluster(section, report)).flat();
  return [paint('title', clustersOf(section, report)), ...lines.map((line) => lineText(line, paint))].join(
    '\n',
  );
}

function lineText({ sign, text, depth, labels = [] }: Line, paint: Paint): string {
  if (depth === 2) return `          ${paint(BY_SIGN[sign], `${sign} ${text}`)}`;
  if (depth === 1) return `      ${sign === '~' ? ' ' : paint(BY_SIGN[sign], sign)} ${text}`;
  const what = labels.map((label) => paint(label.severity, label.text)).join(', ');
  return `  ${paint(BY_SIGN[sign], `${sign} ${text}`)}${what === '' ? '' : `  ${what}`}`;
}

function alertLines(report: Report, paint: Paint): string {
  const of = (severity: 'danger' | 'warning') =>
    alerts(report, severity).map(({ clusters, it: { about, says } }) => {
      const where = [
        ...(about ? [visible(objectTitle(about))] : []),
        `in ${names(clusters.map(visible))}`,
      ].join(' ');
      return `${paint(severity, severity === 'danger' ? '!! danger' : ' ! warning')} ${where}: ${visible(says)}`;
    });
  return [...of('danger'), ...of('warning')].join('\n');
}
