import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Known, NOTHING_KNOWN } from './cross-checks.ts';
import { ConfigError, type Mistake } from './errors.ts';
import { IMAGES_FILE, type Images, parseImages } from './images.ts';
import { parsePlatform } from './parse-platform.ts';
import type { Platform } from './schema.ts';
import { parseVersions, VERSIONS_FILE, type Versions } from './versions.ts';

const PLATFORM_FILE = 'config/platform.ts';

/** All that a user says about the platform, judged and complete. */
export interface Config {
  platform: Platform;
  versions: Versions;
  images: Images;
}

/**
 * Reads and judges the config of a repo: `config/platform.ts` with what it imports, `config/versions.yaml` and
 * `apps/images.yaml`. It writes nothing. The platform is imported as a module, which Node does once in a process: to see
 * an edit of it, load in a new process.
 *
 * @param root the folder of the repo
 * @throws ConfigError with every mistake of every file, when there is one
 */
export async function loadConfig(root: string): Promise<Config> {
  const { platform, mistakes, known } = await loadPlatform(await realpath(root));
  const versions = await loadFile(root, VERSIONS_FILE, known, parseVersions);
  const images = await loadFile(root, IMAGES_FILE, known, parseImages);
  const all = [...mistakes, ...versions.mistakes, ...images.mistakes];
  if (
    platform === undefined ||
    versions.versions === undefined ||
    images.images === undefined ||
    all.length > 0
  ) {
    throw new ConfigError(all);
  }
  return { platform, versions: versions.versions, images: images.images };
}

async function loadPlatform(
  root: string,
): Promise<{ platform?: Platform; mistakes: Mistake[]; known: Known }> {
  try {
    const module: { default?: unknown } = await import(pathToFileURL(join(root, PLATFORM_FILE)).href);
    return parsePlatform(module.default);
  } catch (error) {
    return { mistakes: [importMistake(root, error)], known: NOTHING_KNOWN };
  }
}

/** Where a config module broke and why, in one line: Node's own report has a stack and an excerpt of the code. */
function importMistake(root: string, error: unknown): Mistake {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' };
  const frame = (stack ?? '').split('\n').find((text) => text.includes(`${root}/config/`));
  const [file = PLATFORM_FILE] =
    /config\/[\w./-]+\.ts(:\d+)?/.exec(frame?.slice(frame.indexOf(root) + root.length) ?? '') ?? [];
  const says = message.replaceAll(`${root}/`, '').split('\n')[0] ?? '';
  return { file, path: '', says: `can't be run: ${says}` };
}

/** Reads and judges one YAML file; that it is missing is a mistake as well. */
async function loadFile<Parsed extends { mistakes: Mistake[] }>(
  root: string,
  file: string,
  known: Known,
  parse: (text: string, known: Known) => Parsed,
): Promise<Partial<Parsed> & { mistakes: Mistake[] }> {
  try {
    return parse(await readFile(join(root, file), 'utf8'), known);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { mistakes: [{ file, path: '', says: 'is missing' }] } as Partial<Parsed> & {
      mistakes: Mistake[];
    };
  }
}
