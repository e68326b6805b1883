import { styleText } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { count } from '../lib/count.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { repeated } from '../lib/options.ts';
import { progress } from '../lib/progress.ts';
import { ROOT } from '../lib/repo.ts';

interface Options {
  file: string[];
  rps?: number[];
  healthy: number;
  broken: number;
  slow: number;
  brokenSlow?: number;
  load?: number;
  loadSees?: number;
  matched: number;
  scrape: number;
  maxRolledBack?: number;
  maxPromoted?: number;
  suggest?: true;
  verify?: number | true;
  json?: true;
  markdown?: true;
  svg?: string;
}

/** `npm run plan`: how likely each canary stops a bad release, and a good one. */
export function command(): Command {
  return new Command()
    .description(
      'Says how likely each canary stops a bad release, and a good one, at its traffic: exactly, for every Canary in dist/, or in files. docs/canary.md explains it.',
    )
    .argument('[cluster...]', 'only the Canaries of these clusters (default: all)')
    .addOption(
      new Option(
        '--file <file>',
        'a file with Canaries instead of dist/, - for standard input; may be given more than once',
      )
        .argParser(repeated)
        .default([], 'dist/'),
    )
    .option(
      '--rps <number>',
      "users' requests a second; several with commas (default: the config's traffic)",
      rates,
    )
    .option('--healthy <share>', 'the share of requests in which a healthy release succeeds', share, 0.999)
    .option('--broken <share>', 'the share of requests in which a broken release succeeds', share, 0.95)
    .option(
      '--slow <share>',
      "the share of a healthy release's requests that take longer than the limit",
      share,
      0.001,
    )
    .option('--broken-slow <share>', 'the same of a broken release (default: as of a healthy one)', share)
    .option(
      '--load <number>',
      "the load tester's requests a second (default: what the Canary's hooks send)",
      zeroOrMore,
    )
    .option(
      '--load-sees <share>',
      'how much of what is wrong for users its requests show (default: 0, and 1 in blue/green)',
      share,
    )
    .option(
      '--scrape <seconds>',
      'how far readings of the counters are apart: a window sees so much less than its length',
      zeroOrMore,
      0,
    )
    .option('--matched <share>', 'the share of users that an A/B test matches', share, 0.1)
    .option(
      '--max-rolled-back <percent>',
      "how often a healthy release may be rolled back (default: the config's risk, or 5)",
      percentage,
    )
    .option(
      '--max-promoted <percent>',
      "how often a broken one may be promoted (default: the config's risk, or 5)",
      percentage,
    )
    .option('--suggest', 'search settings that keep to these two in the least time')
    .option(
      '--verify [releases]',
      'instead hold the odds of fifty made-up canaries against so many simulated releases of each (default: 100000)',
      releases,
    )
    .addOption(new Option('--markdown', 'for a comment on a pull request').conflicts('json'))
    .option('--json', 'for a program; tools/lib/canary/report/report.ts says what it holds')
    .option('--svg <folder>', 'also draw each canary: users over time, and the chance of promotion')
    .action(plan);
}

async function plan(clusters: string[], options: Options): Promise<void> {
  if (options.verify !== undefined) return verify(options.verify === true ? SIMULATED : options.verify);
  const elapsed = stopwatch();
  // What makes other commands start faster makes numbers slower.
  setFlagsFromString('--opt');
  const { gather } = await import('../lib/canary/report/gather.ts');
  const { reportOn } = await import('../lib/canary/report/report.ts');
  const subjects = await gather(options.file.length > 0 ? undefined : await loadConfig(ROOT), {
    clusters,
    files: options.file,
    requestsPerSecond: options.rps,
    maxRolledBack: options.maxRolledBack,
    maxPromoted: options.maxPromoted,
  });
  const { healthy, broken, slow, brokenSlow, load, loadSees, matched, scrape, suggest } = options;
  const { report, planned } = reportOn(subjects, {
    assumptions: {
      healthy: { failed: 1 - healthy, slow },
      broken: { failed: 1 - broken, slow: brokenSlow ?? slow },
    },
    loadPerSecond: load,
    loadSees,
    matched,
    scrapeSeconds: scrape,
    suggest: suggest === true,
    progress,
  });

  progress('');
  if (options.svg !== undefined) {
    const { savePlots } = await import('../lib/canary/plot/save.ts');
    for (const file of await savePlots(options.svg, planned)) console.error(`  drew ${file}`);
  }
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else if (options.markdown) {
    const { markdown } = await import('../lib/canary/report/markdown.ts');
    process.stdout.write(markdown(report));
  } else {
    const { terminal } = await import('../lib/canary/report/terminal.ts');
    process.stdout.write(terminal(report, (style, text) => styleText(COLOURS[style], text)));
  }
  const found = report.canaries.filter(({ refused, breaches }) => refused.length + breaches.length > 0);
  process.exitCode = found.length > 0 ? EXIT.found : EXIT.ok;
  const { summary } = await import('../lib/canary/report/terminal.ts');
  console.error(`${summary(report)}, in ${elapsed()}`);
}

/** Releases of each made-up canary that are simulated where no number is given. */
const SIMULATED = 100_000;

async function verify(number: number): Promise<void> {
  const elapsed = stopwatch();
  setFlagsFromString('--opt');
  const { compare, outside } = await import('../lib/canary/simulate/compare.ts');
  const { grid } = await import('../lib/canary/simulate/grid.ts');
  const all = grid().flatMap((one, index) => {
    const found = compare(one, number, index);
    const promoted = found[0];
    console.log(
      `${one.name}: promoted ${promoted?.exact.toFixed(6)}, simulated ${promoted?.simulated.toFixed(6)}`,
    );
    return found.map((comparison) => ({ ...comparison, name: one.name }));
  });
  const wrong = new Set(outside(all));
  for (const one of all.filter((comparison) => wrong.has(comparison))) {
    console.log(`${one.name}: ${one.what}: computed ${one.exact}, simulated ${one.simulated}`);
  }
  console.error(
    `${count(all.length, 'number')} of ${grid().length} canaries, ${count(number, 'release')} each: ${wrong.size === 0 ? 'all inside the band of chance' : `${wrong.size} outside of it`}, in ${elapsed()}`,
  );
  process.exitCode = wrong.size === 0 ? EXIT.ok : EXIT.found;
}

const COLOURS = {
  title: 'bold',
  faint: 'dim',
  good: 'green',
  bad: ['bold', 'red'],
  warning: 'yellow',
} as const satisfies Record<string, Parameters<typeof styleText>[0]>;

function share(text: string): number {
  return numberWithin(text, 0, 1, 'a share from 0 to 1, such as 0.999');
}

function percentage(text: string): number {
  return numberWithin(text, 0, 100, 'a percentage from 0 to 100');
}

function zeroOrMore(text: string): number {
  return numberWithin(text, 0, 1e6, 'a number from 0 to 1000000');
}

function rates(text: string): number[] {
  return text.split(',').map((one) => {
    const rate = numberWithin(
      one,
      0,
      1e6,
      'requests a second: a number over 0 and up to 1000000, or several with commas',
    );
    if (rate === 0) throw new InvalidArgumentError('allowed: requests a second over 0.');
    return rate;
  });
}

function releases(text: string): number {
  const number = numberWithin(text, 1, 1e9, 'a whole number of releases');
  if (!Number.isInteger(number)) throw new InvalidArgumentError('allowed: a whole number of releases.');
  return number;
}

function numberWithin(text: string, min: number, max: number, allowed: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!(number >= min && number <= max)) throw new InvalidArgumentError(`allowed: ${allowed}.`);
  return number;
}
