import { Command } from 'commander';
import { notOneOf } from '../../config/checks/refusal.ts';
import { loadConfig } from '../../config/load.ts';
import { gather } from '../lib/canary/report/gather.ts';
import type { Subject } from '../lib/canary/report/subject.ts';
import { count } from '../lib/count.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { wholeNumber } from '../lib/options.ts';
import { DEFAULT_SPEED, refuseTooMuch } from '../lib/rehearse/limits.ts';
import { RELEASE_NAMES, type ReleaseName } from '../lib/rehearse/releases.ts';
import { momentLine, outcomeLines } from '../lib/rehearse/report.ts';
import { saveRehearsals } from '../lib/rehearse/save.ts';
import { type Outcome, openSession } from '../lib/rehearse/session.ts';
import { ROOT } from '../lib/repo.ts';
import { UserError } from '../lib/user-error.ts';
import { listenForInterrupt } from '../local/interrupt.ts';

interface Options {
  cluster?: string;
  speed: number;
  rps?: number;
  load?: number;
  times: number;
  json?: true;
  save?: true;
}

/** `npm run rehearse`: releases on this machine, with real processes and real requests. */
export function command(): Command {
  return new Command()
    .description(
      "Releases conduit on this machine as its Canary says: two versions as processes, PostgreSQL, users' requests through a weighted split, and Flagger's own decisions, faster than life. Says what users saw, and what the plan had foretold.",
    )
    .argument(
      '[release...]',
      `which releases: ${RELEASE_NAMES.join(', ')}, or all (default: good and failing)`,
    )
    .option('--cluster <name>', 'whose Canary of conduit (default: the first in dist/)')
    .option('--speed <number>', 'how much faster than life', wholeNumber(), DEFAULT_SPEED)
    .option(
      '--rps <number>',
      "users' requests a second, in life (default: the config's traffic)",
      wholeNumber(),
    )
    .option(
      '--load <number>',
      "the load tester's requests a second, in life (default: what the Canary's hooks send)",
      wholeNumber(),
    )
    .option('--times <number>', 'how often each release', wholeNumber(), 1)
    .option('--save', 'write what was measured into docs/reliability.md')
    .option('--json', 'print the outcomes as JSON')
    .action(run);
}

async function run(words: string[], options: Options): Promise<void> {
  const elapsed = stopwatch();
  const releases = namesOf(words);
  const subject = await subjectOf(options);
  refuseTooMuch(subject, options.speed);
  const interrupt = listenForInterrupt(() => process.exit(130));
  const { signal } = interrupt;
  const session = await openSession({
    root: ROOT,
    subject,
    speed: options.speed,
    signal,
  });
  const outcomes: Outcome[] = [];
  try {
    for (const release of releases) {
      for (let time = 0; time < options.times; time += 1) {
        if (!options.json) console.log(`${subject.title}, ${release}:`);
        const outcome = await session.rehearse(release, (moment) => {
          if (!options.json) console.log(momentLine(moment));
        });
        outcomes.push(outcome);
        if (!options.json) for (const line of outcomeLines(outcome)) console.log(line);
      }
    }
  } catch (error) {
    // Whatever was waited for ends with an error of its own.
    if (!signal.aborted) throw error;
    console.error('broken off');
    process.exitCode = EXIT.unable;
    return;
  } finally {
    await session.close();
    interrupt.ignore();
  }
  if (options.json)
    console.log(
      JSON.stringify({ version: 1, canary: subject.title, speed: options.speed, outcomes }, null, 2),
    );
  if (options.save) await saveRehearsals(outcomes, options, subject, new Date());
  const wrong = outcomes.filter(({ surprises }) => surprises.length > 0).length;
  console.error(
    `${count(outcomes.length, 'release')} rehearsed, ${wrong} not as they should be, in ${elapsed()}`,
  );
  process.exitCode = wrong === 0 ? EXIT.ok : EXIT.found;
}

function namesOf(words: readonly string[]): ReleaseName[] {
  if (words.length === 0) return ['good', 'failing'];
  if (words.includes('all')) return [...RELEASE_NAMES];
  for (const word of words) {
    if (!RELEASE_NAMES.includes(word as ReleaseName)) {
      throw new UserError(`<release>: ${notOneOf(word, [...RELEASE_NAMES, 'all'])}`);
    }
  }
  return words as ReleaseName[];
}

/** The Canary of conduit, which is what can be started here. */
async function subjectOf({ cluster, rps, load }: Options): Promise<Subject> {
  const subjects = await gather(await loadConfig(ROOT), {
    clusters: cluster === undefined ? [] : [cluster],
    files: [],
    requestsPerSecond: rps === undefined ? undefined : [rps],
  });
  const subject = subjects.find(({ read }) => read.namespace === 'conduit');
  if (subject === undefined)
    throw new UserError('dist/ holds no Canary of conduit, which is what can be started here');
  const { analysis } = subject.read;
  if (load === undefined || analysis?.loadTest === undefined) return subject;
  const loadTest = { ...analysis.loadTest, requestsPerSecond: load };
  return { ...subject, read: { ...subject.read, analysis: { ...analysis, loadTest } } };
}
