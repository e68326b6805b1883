// Writes changed lines into the repo, and dist/ with them: all of it or nothing.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, withTexts } from '../../../config/load.ts';
import { judge } from '../check/judge.ts';
import { lines } from '../check/lines.ts';
import { count } from '../count.ts';
import { ADD_ONS_PAGE, staleAddOnsPage } from '../docs/add-ons-page.ts';
import { type Compiled, compile } from '../synth/compile.ts';
import { difference, publish } from '../synth/publish.ts';
import { UserError } from '../user-error.ts';
import { editLine, type NewLine } from './edit-line.ts';
import { FILES, type Kind } from './timeline.ts';

/** One line that changes. */
export interface Edit extends NewLine {
  kind: Kind;
  ring: string;
  name: string;
}

/** What edits come to, before anything is written. */
export interface Prepared {
  /** The config as it is to be. */
  config: Config;
  compiled: Compiled;
  /** The texts that change, by their files. */
  texts: ReadonlyMap<string, string>;
  /** Every file that changes, those of `dist/` among them; from the repo's root, sorted. */
  changed: readonly string[];
}

/**
 * Makes edits in memory, compiles what they lead to and judges it.
 *
 * @param root the repo's folder
 * @param config the checked config of it
 * @throws UserError when `dist/` is not what the code compiles to, so that a change would bring more along than it says; or
 *   when what it leads to breaks a rule
 */
export async function prepare(root: string, config: Config, edits: readonly Edit[]): Promise<Prepared> {
  const dist = join(root, 'dist');
  const stale = countDifference((await compile(config)).files, dist);
  if (stale > 0) {
    throw new UserError(
      `dist/ is not what the code compiles to (${count(stale, 'file')}): run \`npm run synth\` first, so that this changes only what it says`,
    );
  }
  const read = (kind: Kind) => readFileSync(join(root, FILES[kind]), 'utf8');
  const before = { image: read('image'), version: read('version') };
  const after = { ...before };
  for (const { kind, ring, name, ...line } of edits) after[kind] = editLine(after[kind], ring, name, line);
  const next = withTexts(config, { images: after.image, versions: after.version });
  const compiled = await compile(next);
  const findings = judge(next, compiled);
  if (findings.length > 0) {
    throw new UserError([...lines(findings), 'nothing was written'].join('\n'));
  }
  const kinds = (Object.keys(FILES) as Kind[]).filter((kind) => before[kind] !== after[kind]);
  const page = staleAddOnsPage(root, next);
  const texts = new Map([
    ...kinds.map((kind) => [FILES[kind], after[kind]] as const),
    ...(page === undefined ? [] : [[ADD_ONS_PAGE, page] as const]),
  ]);
  const { changed, stale: gone } = difference(compiled.files, dist);
  return {
    config: next,
    compiled,
    texts,
    changed: [...texts.keys(), ...[...changed, ...gone].map((path) => `dist/${path}`)].sort(),
  };
}

/**
 * Writes what was prepared. Each file is replaced as a whole, `dist/` last: after a crash in between, `npm run check` says
 * so and `npm run synth` mends it.
 */
export function write(root: string, { texts, compiled }: Prepared): void {
  for (const [file, text] of texts) {
    const path = join(root, file);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
  publish(compiled, join(root, 'dist'), join(root, '.slipway'));
}

function countDifference(files: ReadonlyMap<string, string>, dist: string): number {
  const { changed, stale } = difference(files, dist);
  return changed.length + stale.length;
}
