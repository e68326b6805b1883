import { html } from 'ghtml';
import type { PlannedSubject } from '../lib/canary/report/plan-subject.ts';
import type { Subject } from '../lib/canary/report/subject.ts';
import { chance, duration, number } from '../lib/canary/report/words.ts';
import type { Manifest } from '../lib/dist/manifests.ts';
import { yamlBlock } from './object-page.ts';
import { oddsHtml, oddsSentence, plotsHtml } from './odds-html.ts';
import { crumbs, intro } from './page.ts';
import { canaryPath, clusterPath, objectPath } from './paths.ts';
import { asItIs, type Knob, knobsOf, planWhatIf } from './what-if.ts';

/** The cluster of a subject of `dist/`. */
export function clusterOf({ where }: Subject): string {
  return where.split('/')[1] ?? '';
}

/** All canaries with the odds that each has. HTML. */
export function canariesPage(subjects: readonly Subject[]): string {
  if (subjects.length === 0) {
    return html`!${intro('Canaries')}
<p class="empty">dist/ holds no Canary.</p>`;
  }
  const rows = subjects.map((subject) => row(subject, planWhatIf(asItIs(subject))));
  return html`!${intro('Canaries', ['what each stops, and what it lets through'])}
<h2>A healthy release fails 1 request of 1,000, a broken one 1 of 20</h2>
<div class="scroll" tabindex="0" role="region" aria-label="The odds of all canaries">
<table>
<thead><tr><th scope="col">Canary</th><th scope="col">Cluster</th><th scope="col" class="n">Requests/s</th><th scope="col" class="n">Healthy rolled back</th><th scope="col" class="n">Broken promoted</th><th scope="col" class="n">Promotion</th><th scope="col" class="n">Rollback</th><th scope="col" class="n">Users’ requests failed</th></tr></thead>
<tbody>!${rows}</tbody>
</table>
</div>
<p class="legend"><span class="plain">What these odds are and what they leave out: docs/canary.md</span></p>`;
}

function row(subject: Subject, { report }: PlannedSubject): string {
  const { plan, limits, traffic } = report;
  const { namespace, name } = subject.read;
  const head = html`<th scope="row"><a href="${canaryPath(clusterOf(subject), namespace, name)}">${name}</a></th><td>${clusterOf(subject)}</td><td class="n">${number(traffic.requestsPerSecond)}!${traffic.isAssumed ? ' <span class="mark">assumed</span>' : ''}</td>`;
  if (plan === undefined)
    return html`<tr>!${head}<td colspan="5"><span class="mark bad">refused</span> ${report.refused.join('; ')}</td></tr>
`;
  const { healthy, broken } = plan;
  const odd = (share: number, limit: number) =>
    html`<td class="n${share > limit ? ' over' : ''}">${chance(share)}!${share > limit ? ' <span class="mark bad">too often</span>' : ''}</td>`;
  const cells = [
    odd(healthy.rolledBack, limits.healthyRolledBack),
    odd(broken.promoted, limits.brokenPromoted),
    ...[healthy.promotion, broken.rollback].map(
      (times) => html`<td class="n">${times === undefined ? '–' : duration(times.median)}</td>`,
    ),
    html`<td class="n">${number(broken.failed.mean)}</td>`,
  ];
  return html`<tr>!${head}!${cells}</tr>
`;
}

/** A canary's page: its odds, what they would be with other settings, and its YAML. HTML. */
export function canaryPage(subject: Subject, manifest: Manifest, yaml: string): string {
  const planned = planWhatIf(asItIs(subject));
  const { namespace, name, analysis } = subject.read;
  const cluster = clusterOf(subject);
  const object = { kind: 'Canary', namespace, name };
  return html`!${crumbs(['/canaries', 'Canaries'], [clusterPath(cluster), cluster])}
!${intro(name, [html`on <b>${cluster}</b>`, html`<a href="${objectPath(cluster, object)}">the object</a>`])}
<div class="bench">
<section aria-labelledby="plan">
<h2 id="plan">The plan</h2>
<div id="odds">!${oddsHtml(planned)}</div>
<p id="said" class="unseen" role="status">${oddsSentence(planned.report)}</p>
</section>
!${analysis === undefined ? '' : whatIfForm(subject)}
<div id="plots" class="plots">!${plotsHtml(planned)}</div>
</div>
<details class="fold"><summary>The Canary as it is in dist/</summary>
!${yamlBlock(manifest, yaml)}
</details>`;
}

function whatIfForm(subject: Subject): string {
  const now = asItIs(subject);
  const progress = subject.read.analysis?.machine.progress;
  const weights =
    progress?.kind === 'listedWeights'
      ? html`<p class="knob"><label for="weights">Weights in percent</label><input id="weights" name="weights" type="text" inputmode="numeric" value="${progress.weights.join(', ')}" autocomplete="off"></p>`
      : '';
  // Without its script it could do nothing, so the script shows it.
  return html`<form id="what-if" hidden data-subject="${JSON.stringify(subject)}" aria-labelledby="what-if-title" autocomplete="off">
<h2 id="what-if-title">What if</h2>
!${knobsOf(now).map((knob) => slider(knob, knob.read(now) as number))}
!${weights}
<p><button type="reset">As it is in dist/</button></p>
</form>`;
}

function slider({ id, label, min, max, step, word }: Knob, position: number): string {
  const at = Math.min(max, Math.max(min, Math.round((position - min) / step) * step + min));
  const says = word(position);
  return html`<p class="knob"><label for="${id}">${label}</label><output for="${id}" data-first="${says}">${says}</output><input id="${id}" name="${id}" type="range" min="${min}" max="${max}" step="${step}" value="${Number(at.toFixed(2))}" aria-valuetext="${says}"></p>
`;
}
