import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saveFigures } from '../../lib/figures.ts';
import { type Figures, QUESTIONS, type Question, type ServerName } from './bench.ts';
import { serviceTable } from './table.ts';

/** The measurements that the documentation shows and that later runs are held against. */
const RECORD = join(import.meta.dirname, 'record.json');

/** How much worse beside a floor a run may be before it counts as a loss; machines and their load differ. */
const TOLERANCE = 2;

/** Writes the measurements down: as data, and as the tables in `docs/performance.md`. */
export async function saveService(figures: Figures, how: string): Promise<void> {
  await writeFile(RECORD, `${JSON.stringify(figures, null, 2)}\n`);
  await saveFigures('docs/performance.md', 'npm run bench -- service --save', serviceTable(figures), how);
}

/**
 * Where we answer less often beside a floor than when it was written down, by more than machines differ.
 *
 * @returns a line for each loss
 */
export async function serviceLosses(figures: Figures): Promise<string[]> {
  const recorded = JSON.parse(await readFile(RECORD, 'utf8')) as Figures;
  return QUESTIONS.flatMap((question) =>
    (['joined', 'fixed'] as const).flatMap((floor) => loss(figures, recorded, question, floor)),
  );
}

function loss(now: Figures, before: Figures, question: Question, floor: ServerName): string[] {
  const [ratioNow, ratioBefore] = [now, before].map(({ loads }) => {
    const { ours, [floor]: theirs } = loads[question];
    return ours && theirs && ours.perSecond / theirs.perSecond;
  });
  if (ratioNow === undefined || ratioBefore === undefined || ratioNow * TOLERANCE >= ratioBefore) return [];
  return [
    `${question}: ${ratioNow.toFixed(2)} times the rate of the floor "${floor}", ${ratioBefore.toFixed(2)} when it was written down`,
  ];
}
