import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saveFigures } from '../../lib/figures.ts';
import { CONTENDERS, type Contender, type Row } from './bench.ts';
import { synthTable } from './table.ts';

/** The measurements that the documentation shows and that later runs are held against. */
const RECORD = join(import.meta.dirname, 'record.json');

/** How much worse beside a peer a run may be before it counts as a loss; machines and their load differ. */
const TOLERANCE = 2;

/** Writes the measurements down: as data, and as the table in `docs/performance.md`. */
export async function saveSynth(rows: readonly Row[], runs: number, date: Date): Promise<void> {
  await writeFile(RECORD, `${JSON.stringify(rows, null, 2)}\n`);
  await saveFigures(
    'docs/performance.md',
    'npm run bench -- synth --save',
    synthTable(rows),
    `Medians of ${runs} runs on ${date.toISOString().slice(0, 10)}`,
  );
}

/**
 * Where we are slower beside a peer than when it was written down, by more than machines differ.
 *
 * @returns a line for each loss
 */
export async function synthLosses(rows: readonly Row[]): Promise<string[]> {
  const recorded = JSON.parse(await readFile(RECORD, 'utf8')) as Row[];
  return rows.flatMap((row) => {
    const before = recorded.find(({ services }) => services === row.services);
    return before === undefined ? [] : CONTENDERS.flatMap((peer) => loss(row, before, peer));
  });
}

function loss(now: Row, before: Row, peer: Contender): string[] {
  const [ratioNow, ratioBefore] = [ratio(now, peer), ratio(before, peer)];
  if (peer === 'ours' || ratioNow === undefined || ratioBefore === undefined) return [];
  if (ratioNow <= TOLERANCE * ratioBefore) return [];
  return [
    `${now.services} services: ${ratioNow.toFixed(2)} times the cost of ${peer}, ${ratioBefore.toFixed(2)} when it was written down`,
  ];
}

/** Our cost in units of the peer's. */
function ratio({ cpuSeconds }: Row, peer: Contender): number | undefined {
  const { ours } = cpuSeconds;
  const theirs = cpuSeconds[peer];
  return ours === undefined || theirs === undefined ? undefined : ours / theirs;
}
