import { html } from 'ghtml';
import { count } from '../lib/count.ts';
import { compareDists } from '../lib/diff/compare-dists.ts';
import { resolveBase } from '../lib/diff/git.ts';
import { readDists } from '../lib/diff/read-dist.ts';
import { type ClusterChanges, objectTitle, type Report } from '../lib/diff/report.ts';
import { alerts, sections } from '../lib/diff/text/group.ts';
import { type Line, sectionLines } from '../lib/diff/text/lines.ts';
import { releaseName, versions } from '../lib/diff/text/release.ts';
import { happenings, numbers, totals } from '../lib/diff/text/summary.ts';
import { comparedWith, wholeCluster } from '../lib/diff/text/title.ts';
import { visible } from '../lib/diff/text/visible.ts';
import { UserError } from '../lib/user-error.ts';
import { intro } from './page.ts';

/** What a change does, or why that can't be said. */
export type Changes = { readonly report: Report } | { readonly problem: string };

/**
 * Compares `dist/` as it stands with another commit's, as `npm run diff` does.
 *
 * @param root the repo
 * @param ref the commit; empty for where HEAD left the main branch
 */
export async function readChanges(root: string, ref: string): Promise<Changes> {
  try {
    const base = await resolveBase(root, ref === '' ? undefined : ref);
    return { report: compareDists(base, await readDists(root, base.commit, [])) };
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message };
    throw error;
  }
}

/** The page of what changes, cluster by cluster. HTML. */
export function changesPage(changes: Changes, ref: string): string {
  const form = html`<form class="base" action="/changes"><label for="base">Against</label><input id="base" name="base" value="${ref}" placeholder="main" autocomplete="off" spellcheck="false"><button type="submit">Compare</button></form>`;
  if ('problem' in changes) {
    return html`!${intro('Changes')}
!${form}
<p class="banner" role="alert">${changes.problem}</p>`;
  }
  const { report } = changes;
  return html`!${intro('Changes', [html`dist/ against <b>${comparedWith(report.base)}</b>`])}
!${form}
<p class="settings">${numbers(report)}</p>
<ul class="remarks">!${happenings(report).map((says) => html`<li>${says}</li>`)}</ul>
!${alertList(report)}
!${report.clusters.map((cluster) => clusterFold(cluster, report))}
!${report.clusters.length === 0 || report.unchanged.length === 0 ? '' : html`<p class="empty">Nothing changes in ${report.unchanged.join(', ')}.</p>`}`;
}

function alertList(report: Report): string[] {
  return (['danger', 'warning'] as const).flatMap((severity) =>
    alerts(report, severity).map(({ clusters, it: { about, says } }) => {
      const where = [...(about ? [objectTitle(about)] : []), `in ${clusters.join(', ')}`].join(' ');
      return html`<p class="warning ${severity}"><b>${severity}</b> ${visible(where)}: ${visible(says)}</p>`;
    }),
  );
}

function clusterFold(cluster: ClusterChanges, { base }: Report): string {
  // By itself, so that what it shares with others is told here too.
  const own: Report = { version: 1, base, clusters: [cluster], unchanged: [] };
  const { added, removed, changed } = totals([cluster]);
  const parts = [
    ...(cluster.change === 'changed' ? [] : [`the whole cluster is ${cluster.change}`]),
    ...(added > 0 ? [`${added} added`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(cluster.bumps.length > 0 ? [count(cluster.bumps.length, 'new version')] : []),
  ];
  const bumps = cluster.bumps.map(
    (bump) =>
      html`<li><b>${releaseName(bump)}</b> ${versions(bump)} <span class="file">${visible(bump.folder)}</span></li>`,
  );
  const things = sections(own).flatMap((section) => sectionLines(section, wholeCluster(section, own)));
  return html`<details class="fold change"><summary>${cluster.cluster} <span class="file">${parts.join(', ') || 'other files'}</span></summary>
!${bumps.length === 0 ? '' : html`<ul class="bumps">!${bumps}</ul>`}
<div class="scroll" tabindex="0" role="region" aria-label="What changes in ${cluster.cluster}"><div class="diff">!${things.map(thing)}</div></div>
</details>
`;
}

/** One object, file or remark; its fields are folded. */
function thing([head, ...rest]: readonly Line[]): string {
  if (head === undefined) return '';
  const labels = (head.labels ?? []).map(
    ({ text, severity }) => html` <span class="mark ${severity}">${text}</span>`,
  );
  const title = html`<span class="sign">${head.sign}</span> ${head.text}!${labels}`;
  if (rest.length === 0) return html`<p class="${CLASSES[head.sign]}">!${title}</p>`;
  return html`<details><summary class="${CLASSES[head.sign]}">!${title}</summary>!${rest.map(
    ({ sign, text, depth }) =>
      html`<p class="depth-${depth} ${CLASSES[sign]}"><span class="sign">${sign}</span> ${text}</p>`,
  )}</details>`;
}

const CLASSES: Readonly<Record<Line['sign'], string>> = {
  '+': 'plus',
  '-': 'minus',
  '~': 'tilde',
  ' ': 'same',
};
