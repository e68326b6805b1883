import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
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
 * interrupted run leaves the old tree.
 *
 * @param compiled the files
 * @param folder the folder, made where it is missing
 * @param scratch a folder on the same disk for the tree while it is built
 */
export async function publish(
  { files }: Pick<Compiled, 'files'>,
  folder: string,
  scratch: string,
): Promise<Published> {
  const { changed, stale } = await difference(files, folder);
  const unchanged = files.size - changed.length;
  if (changed.length === 0 && stale.length === 0) return { written: [], removed: [], unchanged };

  const staged = join(scratch, `publish-${process.pid}`);
  const replaced = `${staged}-replaced`;
  await rm(staged, { recursive: true, force: true });
  const isChanged = new Set(changed);
  for (const path of new Set([...files.keys()].map(dirname)))
    await mkdir(join(staged, path), { recursive: true });
  await Promise.all(
    [...files].map(([path, text]) =>
      isChanged.has(path)
        ? writeFile(join(staged, path), text)
        : link(join(folder, path), join(staged, path)),
    ),
  );
  if (existsSync(folder)) await rename(folder, replaced);
  await rename(staged, folder);
  await rm(replaced, { recursive: true, force: true });
  return { written: changed, removed: stale, unchanged };
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
async function filesUnder(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
