import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A line that was set. */
export interface SetLine {
  /** The file, from the root, with `/`. */
  file: string;
  /** Counted from one. */
  line: number;
}

/** What Flux's checkout of the repo does not hold. */
const NOT_IN_GIT = new Set(['.git', '.slipway', 'node_modules']);

/** Files that the automation reads: by their ending, or a kustomization by its exact name. */
const READ = /\.ya?ml$|(?:^|\/)Kustomization$/;

/** A value with its setter marker: what stands before it, quotes, the value, the marker with policy and part. */
const MARKED_LINE =
  /^(\s*(?:- )*(?:[^\s#][^#]*: )?)(["']?)([^\s"']+)\2 # \{"\$imagepolicy": "([^":]+:[^":]+)(?::(tag|name|digest))?"\}$/;

/**
 * Sets images in a folder as Flux's image automation does: each value that carries the marker of a policy becomes
 * that policy's image, or its tag, name or digest where the marker asks for one. Nothing else changes, since the
 * files are written in the form that Flux's re-encoding leaves alone.
 *
 * @param root the folder, as Flux would check it out
 * @param updates `namespace:name` of each policy to the full reference of the image it chose
 * @returns the lines that changed
 */
export async function applyImageUpdates(
  root: string,
  updates: ReadonlyMap<string, string>,
): Promise<SetLine[]> {
  const set: SetLine[] = [];
  for (const path of await automatedFiles(root)) {
    const text = await readFile(path, 'utf8');
    if (!text.includes('"$imagepolicy"')) continue;
    const file = relative(root, path).split(sep).join('/');
    const lines = text.split('\n').map((line, index) => {
      const changed = setLine(line, updates);
      if (changed !== line) set.push({ file, line: index + 1 });
      return changed;
    });
    const changed = lines.join('\n');
    if (changed !== text) await writeFile(path, changed);
  }
  return set;
}

/** One line with its marked value set, or as it was. */
export function setLine(line: string, updates: ReadonlyMap<string, string>): string {
  const match = MARKED_LINE.exec(line);
  if (!match) return line;
  const [, before = '', quote = '', value = '', policy = '', part] = match;
  const image = updates.get(policy);
  if (image === undefined) return line;
  return `${before}${quote}${partOf(image, part)}${quote}${line.slice(before.length + value.length + 2 * quote.length)}`;
}

function partOf(image: string, part: string | undefined): string {
  if (part === undefined) return image;
  const [tagged = '', digest = ''] = image.split('@');
  const colon = tagged.lastIndexOf(':');
  return { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest }[part] ?? '';
}

async function automatedFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return NOT_IN_GIT.has(entry.name) ? [] : automatedFiles(path);
      return entry.isFile() && READ.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat().sort();
}
