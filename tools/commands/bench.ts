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
  return bench;
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
    progress: (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  console.log(options.json ? JSON.stringify(rows, null, 2) : `${synthTable(rows)}\n`);
  if (options.save) await saveSynth(rows, Number(options.runs), new Date());
  const losses = options.check ? await synthLosses(rows) : [];
  for (const loss of losses) console.error(loss);
  if (losses.length > 0) process.exitCode = EXIT.found;
  console.error(`${rows.length} sizes, ${options.runs} runs each, in ${elapsed()}`);
}
