import { styleText } from 'node:util';
import type { Moment } from './rehearsal.ts';
import { RELEASES } from './releases.ts';
import type { Outcome } from './session.ts';

const WORDS = { promoted: 'promoted', rolledBack: 'rolled back' } as const;

/** A tick in one line: `  20 %  99.8 % of 132 well, P99 41 ms`. */
export function momentLine({ phase, weight, failedChecks, seen }: Moment): string {
  const bar = '█'.repeat(Math.round(weight / 5)).padEnd(20, '░');
  const what =
    seen === undefined
      ? phase.toLowerCase()
      : `${seen.successPercent === undefined ? 'no request' : `${seen.successPercent.toFixed(1)} % well`}${seen.p99 === undefined ? '' : `, P99 ${Math.round(seen.p99)} ms`}, of ${seen.requests} requests${seen.passes ? '' : styleText('red', `: failed check ${failedChecks}`)}`;
  return `  ${bar} ${String(weight).padStart(3)} %  ${what}`;
}

/** How a release went, and beside it what the plan had foretold. */
export function outcomeLines({ release, rehearsed, foretold, surprises }: Outcome): string[] {
  const { decision, users, failures, seconds } = rehearsed;
  const why = Object.entries(failures).map(([reason, times]) => `${reason}, ${times} times`);
  const mark = surprises.length === 0 ? styleText('green', '✔') : styleText('red', '✘');
  const told =
    foretold === undefined
      ? 'the odds know nothing of such a release'
      : `foretold: rolled back in ${percent(foretold.rolledBack)} of cases, ${foretold.failed.from} to ${foretold.failed.to} failed requests in 99 of 100${foretold.seconds === undefined ? '' : `, after ${duration(foretold.seconds)}`}`;
  return [
    `${mark} ${release} (${RELEASES[release].is}): ${WORDS[decision]} after ${duration(seconds)}; ${users.failed} of ${users.requests} requests failed; median ${users.p50.toFixed(0)} ms, P99 ${users.p99.toFixed(0)} ms`,
    `  ${told}`,
    ...(why.length > 0 ? [`  failed requests: ${why.join('; ')}`] : []),
    ...surprises.map((surprise) => styleText('red', `  not as it should be: ${surprise}`)),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.0005 ? 3 : 1)} %`;
}

function duration(seconds: number): string {
  return seconds < 100 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}
