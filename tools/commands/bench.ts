import { setFlagsFromString } from 'node:v8';
import { Command, InvalidArgumentError } from 'commander';
import { benchSynth } from '../bench/synth/bench.ts';
import { saveSynth, synthLosses } from '../bench/synth/record.ts';
import { synthTable } from '../bench/synth/table.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { wholeNumber } from '../lib/options.ts';
import { progress } from '../lib/progress.ts';

/** `npm run bench`: how fast we are beside our peers, as ratios from one run on one machine. */
export function command(): Command {
  const bench = new Command()
    .description('Measures speed beside peers, in one run on this machine, and prints ratios.')
    .helpCommand(false);
  bench
    .command('synth')
    .description('the compile, beside cdk8s, helm and kustomize')
    .option('--services <list>', 'how many services, one row each', sizes, [1, 10, 100, 1000])
    .option('--runs <number>', 'runs of each program; the median counts', wholeNumber(), 3)
    .option('--json', 'print JSON')
    .option('--save', 'write the figures into docs/performance.md, to hold later runs against')
    .option('--check', 'exit with 1 when we are twice as slow beside a peer as when it was last written down')
    .action(synth);
  bench
    .command('service')
    .description('the service, beside Express with next to nothing in it')
    .option('--articles <number>', 'articles in the database', wholeNumber(), 1000)
    .option(
      '--many <number>',
      'also the cost of pages with this many articles; 0 leaves it out',
      wholeNumber(0),
      100_000,
    )
    .option('--connections <number>', 'clients that ask at once', wholeNumber(), 50)
    .option('--rounds <number>', 'rounds; the median of each measurement counts', wholeNumber(), 3)
    .option('--seconds <number>', 'length of each measurement', wholeNumber(), 5)
    .option('--json', 'print JSON')
    .option('--save', 'write the figures into docs/performance.md, to hold later runs against')
    .option('--check', 'exit with 1 when we are half as fast beside a floor as when it was last written down')
    .action(service);
  bench
    .command('plan')
    .description('the odds of a hundred canaries, and what a slider waits for')
    .option('--rounds <number>', 'rounds; the median counts', wholeNumber(), 5)
    .option('--json', 'print JSON')
    .action(plan);
  bench
    .command('infra')
    .description('the CloudFormation templates of all clusters, compiled and judged')
    .option('--runs <number>', 'runs of each; the median counts', wholeNumber(), 3)
    .option('--check', 'exit with 1 when it takes longer than it may')
    .action(infra);
  return bench;
}

async function infra({ runs, check }: { runs: number; check?: true }): Promise<void> {
  const elapsed = stopwatch();
  const { benchInfra, infraLosses, infraTable } = await import('../bench/infra/bench.ts');
  const figures = await benchInfra(runs, progress);
  progress('');
  console.log(`${infraTable(figures)}\n`);
  report(check ? infraLosses(figures) : []);
  console.error(`${runs} runs of each, in ${elapsed()}`);
}

/** It computes for seconds, as a page does: what makes short commands start faster would only slow it down. */
async function plan({ rounds, json }: { rounds: number; json?: true }): Promise<void> {
  const elapsed = stopwatch();
  setFlagsFromString('--opt');
  const { benchPlan } = await import('../bench/plan/bench.ts');
  const rows = benchPlan(rounds);
  if (json) console.log(JSON.stringify(rows, null, 2));
  else {
    console.log('| requests/s | a hundred plans | a slider, of the slowest |\n| --- | --- | --- |');
    for (const { requestsPerSecond, hundred, slider } of rows) {
      console.log(`| ${requestsPerSecond} | ${hundred.toFixed(0)} ms | ${slider.toFixed(1)} ms |`);
    }
  }
  console.error(`${rows.length} rates, medians of ${rounds} rounds, in ${elapsed()}`);
}

interface SynthOptions {
  services: number[];
  runs: number;
  json?: true;
  save?: true;
  check?: true;
}

async function synth(options: SynthOptions): Promise<void> {
  const elapsed = stopwatch();
  const rows = await benchSynth({
    sizes: options.services,
    runs: options.runs,
    progress,
  });
  progress('');
  console.log(options.json ? JSON.stringify(rows, null, 2) : `${synthTable(rows)}\n`);
  if (options.save) await saveSynth(rows, options.runs, new Date());
  report(options.check ? await synthLosses(rows) : []);
  console.error(`${rows.length} sizes, ${options.runs} runs each, in ${elapsed()}`);
}

interface ServiceOptions {
  articles: number;
  many: number;
  connections: number;
  rounds: number;
  seconds: number;
  json?: true;
  save?: true;
  check?: true;
}

async function service(options: ServiceOptions): Promise<void> {
  const elapsed = stopwatch();
  const { benchService } = await import('../bench/service/bench.ts');
  const { saveService, serviceLosses } = await import('../bench/service/record.ts');
  const { serviceTable } = await import('../bench/service/table.ts');
  const { articles, many, connections, rounds, seconds } = options;
  const figures = await benchService({
    articles,
    ...(many > 0 && { many }),
    connections,
    rounds,
    seconds,
    progress,
  });
  progress('');
  console.log(options.json ? JSON.stringify(figures, null, 2) : `${serviceTable(figures)}\n`);
  const how = `${connections} connections, medians of ${rounds} rounds of ${seconds} s each on ${new Date().toISOString().slice(0, 10)}`;
  if (options.save) await saveService(figures, how);
  report(options.check ? await serviceLosses(figures) : []);
  console.error(`${how}, in ${elapsed()}`);
}

/** The sizes of a list, such as `1,10,100`. */
function sizes(text: string): number[] {
  const numbers = text.split(',').map(Number);
  if (numbers.every((number) => Number.isSafeInteger(number) && number >= 1)) return numbers;
  throw new InvalidArgumentError('allowed: whole numbers of 1 or more, with commas between.');
}

function report(losses: readonly string[]): void {
  for (const loss of losses) console.error(loss);
  if (losses.length > 0) process.exitCode = EXIT.found;
}
