import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { takeLock } from '../lock.ts';
import type { Compiled } from './compile.ts';

/** What publishing changed; paths are relative to the folder. */
export interface Published {
  written: string[];
  removed: string[];
  unchanged: number;
}

/**
 * Makes a folder hold exactly what was compiled. Files that already hold it are not touched; where nothing differs
 * nothing at all is written. The new tree is built aside and takes the folder's place as a whole, so that an
 * interrupted run leaves the old tree; killed between the two renames that this takes, the next run puts it back.
 *
 * @param compiled the files
 * @param folder the folder, made where it is missing
 * @param scratch a folder on the same disk for the tree while it is built
 * @throws UserError while another run publishes through the same scratch folder
 */
export async function publish(
  { files }: Pick<Compiled, 'files'>,
  folder: string,
  scratch: string,
): Promise<Published> {
  const lock = takeLock(
    join(scratch, 'publish.lock'),
    ({ pid }) =>
      `another compile publishes into ${folder} right now, as process ${pid}; try again when it has ended`,
  );
  try {
    const staged = join(scratch, 'publish-new');
    const replaced = join(scratch, 'publish-old');
    await recover(folder, replaced);
    const { changed, stale } = await difference(files, folder);
    if (changed.length > 0 || stale.length > 0) {
      await stage(files, new Set(changed), folder, staged);
      if (existsSync(folder)) await rename(folder, replaced);
      await rename(staged, folder);
      await rm(replaced, { recursive: true, force: true });
    }
    return { written: changed, removed: stale, unchanged: files.size - changed.length };
  } finally {
    lock.release();
  }
}

/** Puts the old tree back where a run was killed just as it had taken it away; removes it where the new one stands. */
async function recover(folder: string, replaced: string): Promise<void> {
  if (!existsSync(replaced)) return;
  if (existsSync(folder)) await rm(replaced, { recursive: true, force: true });
  else await rename(replaced, folder);
}

/** Builds the new tree: changed files are written, the others are the same file under a second name. */
async function stage(
  files: ReadonlyMap<string, string>,
  changed: ReadonlySet<string>,
  folder: string,
  staged: string,
): Promise<void> {
  await rm(staged, { recursive: true, force: true });
  for (const path of new Set([...files.keys()].map(dirname)))
    await mkdir(join(staged, path), { recursive: true });
  await Promise.all(
    [...files].map(([path, text]) =>
      changed.has(path) ? writeFile(join(staged, path), text) : link(join(folder, path), join(staged, path)),
    ),
  );
}

/** The files whose bytes differ or are missing in a folder, and those in it that should not be there; both sorted. */
export async function difference(
  files: ReadonlyMap<string, string>,
  folder: string,
): Promise<{ changed: string[]; stale: string[] }> {
  const present = new Set(await filesUnder(folder));
  const differs = async ([path, text]: [string, string]) =>
    !present.has(path) || (await readFile(join(folder, path), 'utf8')) !== text;
  const entries = [...files];
  const flags = await Promise.all(entries.map(differs));
  return {
    changed: entries
      .filter((_, index) => flags[index])
      .map(([path]) => path)
      .sort(),
    stale: [...present].filter((path) => !files.has(path)).sort(),
  };
}

/** Every file under a folder, as paths with `/` relative to it. */
export async function filesUnder(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
