import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './repo.ts';

const END = '<!-- end -->';

/**
 * Writes figures into their section of a page, between the marks that name the command.
 *
 * @param page the file, from the repo's root: `docs/performance.md`
 * @param command what measures them: `npm run bench -- synth --save`
 * @param figures a Markdown table
 * @param how what was done and when: `Medians of 5 runs on 2026-11-21`
 */
export async function saveFigures(
  page: string,
  command: string,
  figures: string,
  how: string,
): Promise<void> {
  const file = join(ROOT, page);
  const begin = `<!-- ${command} -->`;
  const [before, rest] = (await readFile(file, 'utf8')).split(begin);
  if (rest === undefined) throw new Error(`${page} lacks the mark ${begin}`);
  const after = rest.slice(rest.indexOf(END) + END.length);
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  await writeFile(file, `${before}${begin}\n\n${figures}\n\n${how}: ${machine}.\n\n${END}${after}`);
}
