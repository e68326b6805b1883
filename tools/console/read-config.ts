import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Config } from '../../config/load.ts';
import { UserError } from '../lib/user-error.ts';

/** The config, and what is wrong with it now where it is an earlier one. */
export interface ConfigNow {
  readonly config: Config;
  readonly problem?: string;
}

/** What the thread answers that loads a config. */
export type Loaded = { readonly config: Config } | { readonly problem: string };

/**
 * Reads the config of a repo again and again. It is loaded only when one of its files changed, and in a thread of its
 * own, since a module is loaded once in a thread and we want its edits.
 */
export class ConfigReader {
  readonly #root: string;
  #stamp = '';
  #last: Loaded = { problem: '' };
  #good: Config | undefined;

  /** @param root the repo */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * The config there is now, or the last one that was right together with what is wrong now.
   *
   * @throws UserError when there never was a right one
   */
  async read(): Promise<ConfigNow> {
    const stamp = await this.#stampNow();
    if (stamp !== this.#stamp) {
      this.#last = await load(this.#root);
      this.#stamp = stamp;
    }
    if ('config' in this.#last) {
      this.#good = this.#last.config;
      return { config: this.#good };
    }
    if (this.#good === undefined) throw new UserError(this.#last.problem);
    return { config: this.#good, problem: this.#last.problem };
  }

  async #stampNow(): Promise<string> {
    const folder = join(this.#root, 'config');
    const names = (await readdir(folder)).filter(
      (name) => /\.(ts|yaml)$/.test(name) && !name.endsWith('.test.ts'),
    );
    const files = [
      ...names.map((name) => join(folder, name)),
      join(this.#root, 'apps', 'images.yaml'),
    ].sort();
    const stamps = files.map(async (file) => {
      try {
        const { mtimeMs, size } = await stat(file);
        return `${file} ${mtimeMs} ${size}`;
      } catch {
        return `${file} missing`;
      }
    });
    return (await Promise.all(stamps)).join('\n');
  }
}

function load(root: string): Promise<Loaded> {
  const { promise, resolve, reject } = Promise.withResolvers<Loaded>();
  const worker = new Worker(new URL('./load-config.ts', import.meta.url), { workerData: root });
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('the thread that loads the config ended without a word')));
  return promise;
}
