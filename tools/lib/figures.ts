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
 * @throws Error when the page lacks a mark; it stays as it is then
 */
export async function saveFigures(
  page: string,
  command: string,
  figures: string,
  how: string,
): Promise<void> {
  const file = join(ROOT, page);
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  const section = withSection(await readFile(file, 'utf8'), command, `${figures}\n\n${how}: ${machine}.`);
  if (section === undefined) throw new Error(`${page} lacks the marks <!-- ${command} --> and ${END}`);
  await writeFile(file, section);
}

/**
 * A page with another text in the section of a command. All else stays, sections of other commands among it.
 *
 * @returns `undefined` when a mark is missing
 */
export function withSection(page: string, command: string, text: string): string | undefined {
  const mark = `<!-- ${command} -->`;
  const begin = page.indexOf(mark);
  const end = page.indexOf(END, begin);
  if (begin === -1 || end === -1) return undefined;
  return `${page.slice(0, begin)}${mark}\n\n${text}\n\n${page.slice(end)}`;
}
