import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Manifest, manifests } from '../lib/dist/manifests.ts';

/** Reads the objects of a folder again and again, and parses only what changed since the last time. */
export class DistReader {
  readonly #folder: string;
  #known = new Map<string, { stamp: string; objects: Manifest[] }>();

  /** @param folder `dist/`; it may be missing, and then holds nothing */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Every object there is now. */
  async read(): Promise<Manifest[]> {
    const files = await this.#files();
    const known = new Map(
      await Promise.all(files.map(async (file) => [file, await this.#readFile(file)] as const)),
    );
    this.#known = new Map(
      [...known].flatMap(([file, entry]) => (entry === undefined ? [] : [[file, entry] as const])),
    );
    return [...this.#known.values()].flatMap(({ objects }) => objects);
  }

  async #files(): Promise<string[]> {
    try {
      const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  async #readFile(path: string): Promise<{ stamp: string; objects: Manifest[] } | undefined> {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const known = this.#known.get(path);
      if (known?.stamp === stamp) return known;
      const file = relative(this.#folder, path).split(sep).join('/');
      return { stamp, objects: manifests(new Map([[file, await readFile(path, 'utf8')]])) };
    } catch (error) {
      // A compile just took its place.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
