import type { Subject } from '../canary/report/subject.ts';
import { saveFigures } from '../figures.ts';
import { RELEASES } from './releases.ts';
import type { Outcome } from './session.ts';

/** Where the figures stand, and the command that measures them. */
const PAGE = 'docs/reliability.md';
const COMMAND = 'npm run rehearse -- --save';

/** Writes down how releases went: a line for each kind. */
export async function saveRehearsals(
  outcomes: readonly Outcome[],
  { times, speed }: { times: number; speed: number },
  { traffic, read }: Subject,
  date: Date,
): Promise<void> {
  const load = read.analysis?.loadTest?.requestsPerSecond ?? 0;
  const how = `${times} of each, ${speed} times as fast as life, of which users ask ${traffic.requestsPerSecond} and the load tester ${load} times a second, on ${date.toISOString().slice(0, 10)}`;
  await saveFigures(PAGE, COMMAND, rehearsalTable(outcomes), how);
}

/** How releases went, and beside it what was foretold of each. */
function rehearsalTable(outcomes: readonly Outcome[]): string {
  const rows = [...Map.groupBy(outcomes, ({ release }) => release)].map(([release, same]) => {
    const promoted = same.filter(({ rehearsed }) => rehearsed.decision === 'promoted').length;
    const failed = same.map(({ rehearsed }) => rehearsed.users.failed);
    const requests = same.reduce((sum, { rehearsed }) => sum + rehearsed.users.requests, 0);
    const foretold = same[0]?.foretold;
    const p99 = Math.max(...same.map(({ rehearsed }) => rehearsed.users.p99));
    return [
      `${release}: ${RELEASES[release].is}`,
      `${promoted} promoted, ${same.length - promoted} rolled back`,
      `${Math.min(...failed)} to ${Math.max(...failed)}, of ${requests.toLocaleString('en-US')} in all`,
      `${Math.round(p99)} ms`,
      foretold === undefined
        ? 'nothing'
        : `rolled back in ${(100 * foretold.rolledBack).toFixed(1)} %, ${foretold.failed.from} to ${foretold.failed.to} failed`,
      String(same.filter(({ surprises }) => surprises.length > 0).length),
    ];
  });
  const head = [
    'release',
    'decision',
    'failed requests of users, each',
    'slowest P99',
    'foretold',
    'otherwise than it should be',
  ];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
