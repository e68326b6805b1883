import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { catFiles, listFiles } from './git.ts';

/** One file of `dist/` on both sides, by its path in there; a side that lacks it is `undefined`. */
export interface FilePair {
  path: string;
  before?: string;
  after?: string;
}

/** `dist/` at a commit and in the working tree. */
export interface TwoDists {
  /** The files that differ. */
  changed: FilePair[];
  /** The others: path to text. */
  unchanged: Map<string, string>;
}

/**
 * Reads `dist/` on both sides. What git knows to be equal is not read from git.
 *
 * @param root the repo's folder
 * @param commit what to compare with
 * @param clusters only these; none for all
 */
export async function readDists(
  root: string,
  commit: string,
  clusters: readonly string[],
): Promise<TwoDists> {
  const wanted = (path: string) => clusters.length === 0 || clusters.includes(path.split('/', 1)[0] ?? '');
  const listed = await listFiles(root, commit, 'dist');
  const before = new Map([...listed].filter(([path]) => wanted(path)));
  const after = await readFolder(join(root, 'dist'), wanted);
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== blobHash(after.get(path), before.get(path)))
    .sort();
  const differs = new Set(changed);
  const texts = await catFiles(
    root,
    changed.flatMap((path) => before.get(path) ?? []),
  );
  return {
    changed: changed.map((path) => ({
      path,
      before: texts.get(before.get(path) ?? ''),
      after: after.get(path)?.toString(),
    })),
    unchanged: new Map(
      [...after].filter(([path]) => !differs.has(path)).map(([path, text]) => [path, text.toString()]),
    ),
  };
}

/** The name that git would give a file's content, by the kind of hash that its repository uses. */
function blobHash(content: Buffer | undefined, other: string | undefined): string | undefined {
  if (content === undefined) return undefined;
  const hash = createHash(other?.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}

async function readFolder(folder: string, wanted: (path: string) => boolean): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    // Without the folder every object is gone, which is for the comparison to tell.
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(wanted);
  const files = new Map<string, Buffer>();
  // A few at a time: a large dist/ holds more files than a process may have open.
  const BATCH = 64;
  for (let index = 0; index < paths.length; index += BATCH) {
    const batch = paths.slice(index, index + BATCH);
    const texts = await Promise.all(batch.map((path) => readFile(join(folder, path))));
    for (const [at, path] of batch.entries()) files.set(path, texts[at] ?? Buffer.alloc(0));
  }
  return files;
}
