import { html } from 'ghtml';
import type { Subject } from '../lib/canary/report/subject.ts';
import { chance, duration, number, settings } from '../lib/canary/report/words.ts';
import { count } from '../lib/count.ts';
import { DEFAULT_SPEED } from '../lib/rehearse/limits.ts';
import type { Moment } from '../lib/rehearse/rehearsal.ts';
import { RELEASE_NAMES, RELEASES, type ReleaseName } from '../lib/rehearse/releases.ts';
import { UserError } from '../lib/user-error.ts';
import { intro } from './page.ts';
import { type Limits, rehearsalChart } from './rehearsal-chart.ts';
import { type Choice, isUnderWay, type Rehearsal } from './rehearsals.ts';

/** What can be started here: the Canaries of conduit. */
export function rehearsable(subjects: readonly Subject[]): Subject[] {
  return subjects.filter(({ read }) => read.namespace === 'conduit' && read.analysis !== undefined);
}

/**
 * Reads what a person chose.
 *
 * @throws UserError for what can't be
 */
export function readChoice(form: URLSearchParams, subjects: readonly Subject[]): Choice {
  const all = rehearsable(subjects);
  const subject = all.find(({ title }) => title === form.get('canary'));
  if (subject === undefined)
    throw new UserError(
      `canary: found ${quoted(form.get('canary'))}; allowed: ${all.map(({ title }) => title).join(', ')}`,
    );
  const release = form.get('release') as ReleaseName;
  if (!RELEASE_NAMES.includes(release))
    throw new UserError(`release: found ${quoted(release)}; allowed: ${RELEASE_NAMES.join(', ')}`);
  const speed = wholeNumber(form, 'speed') ?? DEFAULT_SPEED;
  const rate = wholeNumber(form, 'rps');
  const traffic = rate === undefined ? subject.traffic : { requestsPerSecond: rate, isAssumed: false };
  return { subject: { ...subject, traffic }, release, speed, rate };
}

function wholeNumber(form: URLSearchParams, name: string): number | undefined {
  const text = form.get(name) ?? '';
  if (text === '') return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UserError(`${name}: found ${quoted(text)}; allowed: a whole number from 1 to 9999`);
}

function quoted(text: string | null): string {
  return text === null ? 'nothing' : JSON.stringify(text);
}

/**
 * The page from which a release is rehearsed, and where it can be watched. HTML.
 *
 * @param problem why what was asked for could not be begun
 */
export function rehearsePage(
  subjects: readonly Subject[],
  rehearsal: Rehearsal | undefined,
  problem?: string,
): string {
  const all = rehearsable(subjects);
  const isRunning = isUnderWay(rehearsal);
  const controls =
    all.length === 0
      ? html`<p class="empty">dist/ holds no Canary of conduit, which is what can be started here.</p>`
      : html`!${startForm(all, rehearsal, isRunning)}
<form id="stop" method="post" action="/rehearse/stop"!${isRunning ? '' : ' hidden'}><button type="submit">Stop the rehearsal</button></form>`;
  return html`!${intro('Rehearse', ['a release on this machine: real processes, real requests, Flagger’s own decisions'])}
!${problem === undefined ? '' : html`<p class="banner" role="alert">${problem}</p>`}
<section aria-label="Start one" class="controls">!${controls}</section>
<p id="announce" class="unseen" role="status"></p>
<div id="run">!${runHtml(rehearsal)}</div>`;
}

function startForm(all: readonly Subject[], rehearsal: Rehearsal | undefined, isRunning: boolean): string {
  const chosen = rehearsal?.subject.title;
  const release = rehearsal?.release ?? 'good';
  const canaries = all.map(
    ({ title, traffic }) =>
      html`<option value="${title}"!${title === chosen ? ' selected' : ''}>${title}, ${number(traffic.requestsPerSecond)} requests/s</option>`,
  );
  const releases = RELEASE_NAMES.map(
    (name) =>
      html`<option value="${name}"!${name === release ? ' selected' : ''}>${name}: ${RELEASES[name].is}</option>`,
  );
  return html`<form id="start" method="post" action="/rehearse/start"><fieldset!${isRunning ? ' disabled' : ''}>
<legend class="unseen">What to rehearse</legend>
<p><label for="canary">Canary</label><select id="canary" name="canary">!${canaries}</select></p>
<p><label for="release">Release</label><select id="release" name="release">!${releases}</select></p>
<p><label for="speed">Times faster than life</label><input id="speed" name="speed" type="number" min="1" max="60" value="${rehearsal?.speed ?? DEFAULT_SPEED}"></p>
<p><label for="rps">Users’ requests a second</label><input id="rps" name="rps" type="number" min="1" max="400" value="${rehearsal?.rate ?? ''}" placeholder="as in config"></p>
<p><button type="submit" class="main">Rehearse</button></p>
</fieldset></form>`;
}

/** What is told of a rehearsal, again at each tick. */
export interface RunEvent {
  readonly html: string;
  readonly isRunning: boolean;
  /** In one line, for who hears the page. */
  readonly says: string;
}

/** A rehearsal as an event for the page. */
export function runEvent(rehearsal: Rehearsal | undefined): RunEvent {
  return { html: runHtml(rehearsal), isRunning: isUnderWay(rehearsal), says: sentence(rehearsal) };
}

const STAGES: Readonly<Record<Rehearsal['stage'], string>> = {
  preparing: 'Makes ready: a database with content, and the service’s production bundle',
  running: 'Under way',
  stopping: 'Stops what runs',
  ended: 'Over',
  stopped: 'Broken off',
  failed: 'Could not be done',
};

function sentence(rehearsal: Rehearsal | undefined): string {
  if (rehearsal === undefined) return '';
  const { outcome, moments, stage } = rehearsal;
  if (outcome !== undefined)
    return `${DECISIONS[outcome.rehearsed.decision]}, ${count(outcome.rehearsed.users.failed, 'request')} failed`;
  const last = moments.at(-1);
  if (stage !== 'running' || last === undefined) return STAGES[stage];
  return `${last.weight} % of users on the new version, ${checkWords(last)}`;
}

const DECISIONS = { promoted: 'Promoted', rolledBack: 'Rolled back' } as const;

function runHtml(rehearsal: Rehearsal | undefined): string {
  if (rehearsal === undefined)
    return html`<p class="empty">None was rehearsed since this console started.</p>`;
  const { subject, release, speed, stage, moments, problem } = rehearsal;
  const { analysis } = subject.read;
  const facts = [
    html`<b>${release}</b>: ${RELEASES[release].is}`,
    html`<b>${subject.title}</b> at ${number(subject.traffic.requestsPerSecond)} requests/s`,
    html`<b>${speed}</b> times faster than life`,
  ];
  return html`<section aria-labelledby="stage" class="run ${stage}">
<h2 id="stage">${STAGES[stage]}</h2>
<p class="figures">!${facts.map((fact) => html`<span>!${fact}</span>`)}</p>
!${analysis === undefined ? '' : html`<p class="settings">${settings(analysis)}</p>`}
!${problem === undefined ? '' : html`<p class="banner" role="alert">${problem}</p>`}
!${verdict(rehearsal)}
!${
    moments.length === 0
      ? ''
      : html`<div class="scroll" tabindex="0" role="region" aria-label="The course as a drawing; the table says the same">!${rehearsalChart(moments, limitsOf(subject))}</div>
!${momentTable(moments)}`
  }
</section>`;
}

function limitsOf({ read: { analysis } }: Subject): Limits {
  const of = (counts: 'failed' | 'slow') => analysis?.metrics.find((metric) => metric.counts === counts);
  const failed = of('failed');
  return { successPercent: failed && 100 * (1 - failed.tolerated), p99: of('slow')?.maxMilliseconds };
}

/** What was foretold, and beside it what came. */
function verdict({ outcome, foretold, stage, moments }: Rehearsal): string {
  const rehearsed = outcome?.rehearsed;
  const waits = stage === 'preparing' || stage === 'running' ? 'not yet' : '–';
  const last = moments.at(-1);
  const rows: [string, string, string][] = [
    [
      'Decision',
      foretold === undefined
        ? 'the odds know nothing of such a release'
        : `rolled back in ${chance(foretold.rolledBack)} of cases`,
      rehearsed === undefined ? waits : DECISIONS[rehearsed.decision],
    ],
    [
      'Users’ requests failed',
      foretold === undefined
        ? '–'
        : `${number(foretold.failed.from)} to ${number(foretold.failed.to)} in 99 of 100 releases`,
      rehearsed === undefined
        ? last === undefined
          ? waits
          : `${last.failed} of ${count(last.requests, 'request')} so far`
        : `${rehearsed.users.failed} of ${count(rehearsed.users.requests, 'request')}`,
    ],
    [
      'Time, in life',
      foretold?.seconds === undefined ? '–' : duration(foretold.seconds),
      rehearsed === undefined ? waits : duration(rehearsed.seconds),
    ],
    [
      'P99 of users',
      '–',
      rehearsed === undefined
        ? waits
        : `${Math.round(rehearsed.users.p99)} ms (median ${Math.round(rehearsed.users.p50)} ms)`,
    ],
  ];
  const cells = rows.map(
    ([what, told, came]) => html`<tr><th scope="row">${what}</th><td>${told}</td><td>${came}</td></tr>`,
  );
  const why = Object.entries(rehearsed?.failures ?? {}).map(([reason, times]) => `${reason}: ${times} times`);
  return html`!${outcome === undefined ? '' : judgement(outcome.surprises, DECISIONS[outcome.rehearsed.decision])}
<div class="scroll" tabindex="0" role="region" aria-label="The verdict"><table class="verdict">
<thead><tr><td></td><th scope="col">Foretold</th><th scope="col">Rehearsed</th></tr></thead>
<tbody>!${cells}</tbody>
</table></div>
!${why.length === 0 ? '' : html`<p class="figures">Failed requests: ${why.join('; ')}</p>`}`;
}

function judgement(surprises: readonly string[], decision: string): string {
  if (surprises.length === 0) return html`<p class="fine">${decision}, as it should be.</p>`;
  return surprises.map((surprise) => html`<p class="warning">Not as it should be: ${surprise}.</p>`).join('');
}

function momentTable(moments: readonly Moment[]): string {
  const rows = moments.map(
    (moment) =>
      html`<tr><th scope="row">${moment.tick}</th><td>${moment.phase}</td><td class="n">${moment.weight} %</td><td>${checkWords(moment)}</td><td class="n">${moment.failedChecks}</td><td class="n">${number(moment.requests)}</td><td class="n">${moment.failed}</td></tr>
`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The course, tick by tick"><table>
<thead><tr><th scope="col">Tick</th><th scope="col">Phase</th><th scope="col" class="n">Weight</th><th scope="col">Check</th><th scope="col" class="n">Failed checks</th><th scope="col" class="n">Users’ requests</th><th scope="col" class="n">Failed</th></tr></thead>
<tbody>!${rows}</tbody>
</table></div>`;
}

function checkWords({ seen }: Moment): string {
  if (seen === undefined) return 'no check';
  const { passes, successPercent, p99, requests } = seen;
  const says = [
    successPercent === undefined ? 'no request' : `${successPercent.toFixed(1)} % succeeded`,
    ...(p99 === undefined ? [] : [`P99 ${Math.round(p99)} ms`]),
    `of ${count(requests, 'request')}`,
  ];
  return `${passes ? 'passed' : 'failed'}: ${says.join(', ')}`;
}
