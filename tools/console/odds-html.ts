// The odds of a canary as HTML. Runs in the browser and in Node, so that a slider's answer looks as the page did.
import { html } from 'ghtml';
import { curvePlot } from '../lib/canary/plot/curve.ts';
import { rampPlot } from '../lib/canary/plot/ramp.ts';
import { facts } from '../lib/canary/report/lines.ts';
import type { CanaryReport, PlannedSubject } from '../lib/canary/report/plan-subject.ts';
import { chance, settings, several } from '../lib/canary/report/words.ts';

/** Why there are no odds, what is worse than it may be, what explains it, and the odds. */
export function oddsHtml({ report, planned }: PlannedSubject): string {
  const { refused, breaches, warnings, notes } = report;
  return html`!${refused.map((says) => html`<p class="warning">${says}</p>`)}
!${breaches.map((says) => html`<p class="warning">${capital(says)}.</p>`)}
!${planned === undefined ? '' : html`<p class="settings">${settings(planned.model.analysis)}</p>`}
<dl class="odds">!${facts(report).map(({ what, says }) => html`<div><dt>${capital(what)}</dt><dd>${says}</dd></div>`)}</dl>
<ul class="remarks">!${[...warnings, ...notes].map((says) => html`<li>${capital(says)}</li>`)}</ul>`;
}

/** The odds in one line, for who hears a page and moves a slider. */
export function oddsSentence({ plan, refused }: CanaryReport): string {
  if (plan === undefined) return refused.join('; ');
  return `A healthy release is rolled back in ${chance(plan.healthy.rolledBack)} of cases, a broken one promoted in ${chance(plan.broken.promoted)}.`;
}

/** Both plots; nothing where there are no odds. */
export function plotsHtml({ report, planned, subject }: PlannedSubject): string {
  const { assumptions } = report;
  if (planned === undefined || assumptions === undefined) return '';
  const { model } = planned;
  const word = `at ${several(subject.traffic.requestsPerSecond, 'request')}/s`;
  return html`!${plot('Users over time', rampPlot(report.title, model, assumptions))}
!${plot('Operating curve', curvePlot(report.title, [{ word, model, assumptions }]))}`;
}

/** A picture of its own: its styles stay in it, and it is light or dark as the page is. */
function plot(name: string, svg: string): string {
  const says = /aria-label="([^"]*)"/.exec(svg)?.[1] ?? '';
  const source = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  // What the plot says of itself is escaped there already.
  return html`<div class="plot" tabindex="0" role="region" aria-label="${name}"><img width="760" height="374" alt="!${says}" src="${source}"></div>`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
