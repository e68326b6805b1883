import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../lib/repo.ts';

/** Where the figures stand for readers. */
const PAGE = join(ROOT, 'docs/performance.md');
const END = '<!-- end -->';

/**
 * Writes figures into their section of `docs/performance.md`, between the marks that name the command.
 *
 * @param bench the benchmark, as in `npm run bench -- <bench>`
 * @param figures a Markdown table
 * @param how what was done and when: `Medians of 5 runs on 2026-11-21`
 */
export async function saveFigures(bench: 'service' | 'synth', figures: string, how: string): Promise<void> {
  const begin = `<!-- npm run bench -- ${bench} --save -->`;
  const page = await readFile(PAGE, 'utf8');
  const [before, rest] = page.split(begin);
  if (rest === undefined) throw new Error(`docs/performance.md lacks the mark ${begin}`);
  const after = rest.slice(rest.indexOf(END) + END.length);
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  await writeFile(PAGE, `${before}${begin}\n\n${figures}\n\n${how}: ${machine}.\n\n${END}${after}`);
}
