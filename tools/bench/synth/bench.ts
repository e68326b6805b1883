import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SLIPWAY } from '../../lib/repo.ts';
import { compileChart, compileFiles } from '../../lib/synth/compile.ts';
import { type Cost, measure, median, type Program } from '../measure.ts';
import { helmProgram, installPeers, kustomizeProgram, stockProgram } from './peers.ts';
import { workload } from './workload.ts';

/** The programs that are compared. */
export const CONTENDERS = ['ours', 'floor', 'helm template', 'kubectl kustomize', 'cdk8s synth'] as const;
export type Contender = (typeof CONTENDERS)[number];

/** One row of the table: medians over the runs. */
export interface Row {
  services: number;
  /** CPU seconds; left out where a peer is not measured. */
  cpuSeconds: Partial<Record<Contender, number>>;
  /** Our peak memory. */
  memoryMegabytes: number;
}

export interface SynthBenchOptions {
  /** How many services to compile; one row each. */
  sizes: readonly number[];
  /** Runs of each program; the median counts. */
  runs: number;
  /** Told before each measurement. */
  progress(text: string): void;
}

/** Kustomize's cost grows faster than its overlays; past this it would take minutes. */
const MOST_OVERLAYS = 100;

/** Measures our compile and its peers on this machine, one after another. */
export async function benchSynth({ sizes, runs, progress }: SynthBenchOptions): Promise<Row[]> {
  const folder = join(SLIPWAY, 'bench');
  progress('installing the peers');
  const binaries = await installPeers(join(folder, 'bin'));
  const rows: Row[] = [];
  let runFolders = 0;
  for (const services of sizes) {
    const work = join(folder, String(services));
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    const [first] = workload(1);
    if (first === undefined) throw new Error('the workload is empty');
    const manifest = [...compileFiles([first]).files.values()][0]?.replace(/^# .*\n\n/, '') ?? '';
    const template = join(work, 'service.json');
    await writeFile(template, JSON.stringify(compileChart(first)));

    const own =
      (file: string, ...flags: string[]) =>
      (): Program => {
        // A folder of its own for each run: files that take the place of just deleted ones cost the disk more.
        const folder = join(work, `run-${runFolders++}`);
        return {
          command: [process.execPath, ...flags, join(import.meta.dirname, file), String(services), folder],
          cwd: work,
        };
      };
    const helm = await helmProgram(binaries, join(work, 'helm'), manifest, services);
    const stock = await stockProgram(join(work, 'stock'), services);
    const programs: Partial<Record<Contender, () => Program>> = {
      // With the flags of the npm script.
      ours: own('ours.mjs', '--max-semi-space-size=4', '--initial-old-space-size=128'),
      floor: own('floor.ts'),
      'helm template': () => helm,
      'cdk8s synth': () => stock,
    };
    if (services <= MOST_OVERLAYS) {
      const kustomize = await kustomizeProgram(binaries, join(work, 'kustomize'), manifest, services);
      programs['kubectl kustomize'] = () => kustomize;
    }
    const costs = new Map<Contender, Cost[]>();
    for (let run = 1; run <= runs; run++) {
      // Turn by turn, so that a slow minute of the machine is shared by all.
      for (const [name, program] of Object.entries(programs) as [Contender, () => Program][]) {
        progress(`${services} services, run ${run} of ${runs}: ${name}`);
        costs.set(name, [...(costs.get(name) ?? []), await measure(program())]);
      }
    }
    rows.push({
      services,
      cpuSeconds: Object.fromEntries(
        [...costs].map(([name, all]) => [name, median(all.map((cost) => cost.cpuSeconds))]),
      ),
      memoryMegabytes: median((costs.get('ours') ?? []).map(({ stdout }) => Number(stdout))),
    });
  }
  await rm(folder, { recursive: true, force: true });
  return rows;
}
