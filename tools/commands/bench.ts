import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { benchSynth } from '../bench/synth/bench.ts';
import { saveSynth, synthLosses } from '../bench/synth/record.ts';
import { synthTable } from '../bench/synth/table.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';

/** `npm run bench`: how fast we are beside our peers, as ratios from one run on one machine. */
export function command(): Command {
  const bench = new Command()
    .description('Measures speed beside peers, in one run on this machine, and prints ratios.')
    .helpCommand(false);
  bench
    .command('synth')
    .description('the compile, beside cdk8s, helm and kustomize')
    .option('--services <list>', 'how many services, one row each', '1,10,100,1000')
    .option('--runs <number>', 'runs of each program; the median counts', '3')
    .option('--json', 'print JSON')
    .option('--save', 'write the figures into docs/performance.md, to hold later runs against')
    .option('--check', 'exit with 1 when we are twice as slow beside a peer as when it was last written down')
    .action(synth);
  bench
    .command('service')
    .description('the service, beside Express with next to nothing in it')
    .option('--articles <number>', 'articles in the database', '1000')
    .option('--many <number>', 'also the cost of pages with this many articles; 0 leaves it out', '100000')
    .option('--connections <number>', 'clients that ask at once', '50')
    .option('--rounds <number>', 'rounds; the median of each measurement counts', '3')
    .option('--seconds <number>', 'length of each measurement', '5')
    .option('--json', 'print JSON')
    .option('--save', 'write the figures into docs/performance.md, to hold later runs against')
    .option('--check', 'exit with 1 when we are half as fast beside a floor as when it was last written down')
    .action(service);
  bench
    .command('plan')
    .description('the odds of a hundred canaries, and what a slider waits for')
    .option('--rounds <number>', 'rounds; the median counts', '5')
    .option('--json', 'print JSON')
    .action(plan);
  bench
    .command('infra')
    .description('the CloudFormation templates of all clusters, compiled and judged')
    .option('--runs <number>', 'runs of each; the median counts', '3')
    .option('--check', 'exit with 1 when it takes longer than it may')
    .action(infra);
  return bench;
}

async function infra({ runs, check }: { runs: string; check?: true }): Promise<void> {
  const elapsed = stopwatch();
  const { benchInfra, infraLosses, infraTable } = await import('../bench/infra/bench.ts');
  const figures = await benchInfra(Number(runs), progress);
  progress('');
  console.log(`${infraTable(figures)}\n`);
  report(check ? infraLosses(figures) : []);
  console.error(`${runs} runs of each, in ${elapsed()}`);
}

/** It computes for seconds, as a page does: what makes short commands start faster would only slow it down. */
async function plan({ rounds, json }: { rounds: string; json?: true }): Promise<void> {
  const elapsed = stopwatch();
  setFlagsFromString('--opt');
  const { benchPlan } = await import('../bench/plan/bench.ts');
  const rows = benchPlan(Number(rounds));
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
  services: string;
  runs: string;
  json?: true;
  save?: true;
  check?: true;
}

async function synth(options: SynthOptions): Promise<void> {
  const elapsed = stopwatch();
  const rows = await benchSynth({
    sizes: options.services.split(',').map(Number),
    runs: Number(options.runs),
    progress,
  });
  progress('');
  console.log(options.json ? JSON.stringify(rows, null, 2) : `${synthTable(rows)}\n`);
  if (options.save) await saveSynth(rows, Number(options.runs), new Date());
  report(options.check ? await synthLosses(rows) : []);
  console.error(`${rows.length} sizes, ${options.runs} runs each, in ${elapsed()}`);
}

interface ServiceOptions {
  articles: string;
  many: string;
  connections: string;
  rounds: string;
  seconds: string;
  json?: true;
  save?: true;
  check?: true;
}

async function service(options: ServiceOptions): Promise<void> {
  const elapsed = stopwatch();
  const { benchService } = await import('../bench/service/bench.ts');
  const { saveService, serviceLosses } = await import('../bench/service/record.ts');
  const { serviceTable } = await import('../bench/service/table.ts');
  const many = Number(options.many);
  const figures = await benchService({
    articles: Number(options.articles),
    ...(many > 0 && { many }),
    connections: Number(options.connections),
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    progress,
  });
  progress('');
  console.log(options.json ? JSON.stringify(figures, null, 2) : `${serviceTable(figures)}\n`);
  const { connections, rounds, seconds } = options;
  const how = `${connections} connections, medians of ${rounds} rounds of ${seconds} s each on ${new Date().toISOString().slice(0, 10)}`;
  if (options.save) await saveService(figures, how);
  report(options.check ? await serviceLosses(figures) : []);
  console.error(`${how}, in ${elapsed()}`);
}

/** Shows what is being measured, on a terminal; empty text clears it away. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function report(losses: readonly string[]): void {
  for (const loss of losses) console.error(loss);
  if (losses.length > 0) process.exitCode = EXIT.found;
}
