import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type Known, NOTHING_KNOWN, whatIsKnown } from './checks/cross-checks.ts';
import { IMAGES_FILE, type Images, parseImages } from './checks/images.ts';
import { importDefault } from './checks/import-default.ts';
import { type ParsedPlatform, PLATFORM_FILE, parsePlatform } from './checks/parse-platform.ts';
import { soundParts } from './checks/sound.ts';
import { parseVersions, VERSIONS_FILE, type Versions } from './checks/versions.ts';
import { ConfigError, type Mistake } from './errors.ts';
import type { Platform } from './schema.ts';

/** All that a user says about the platform, judged and complete. */
export interface Config {
  platform: Platform;
  versions: Versions;
  images: Images;
}

/**
 * Reads and judges the config of a repo: `config/platform.ts` with what it imports, `config/versions.yaml` and
 * `apps/images.yaml`. It writes nothing. The platform is imported as a module, which Node does once in a process: to see
 * an edit of it, load in a new process. The YAML files are read anew each time.
 *
 * @param root the folder of the repo
 * @throws ConfigError with every mistake of every file, when there is one
 */
export async function loadConfig(root: string): Promise<Config> {
  // Where the config came from is told relative to the root, and Node tells it by the real path.
  const { platform, mistakes, known } = await loadPlatform(await realpath(root));
  const versions = await loadFile(root, VERSIONS_FILE, known, parseVersions);
  const images = await loadFile(root, IMAGES_FILE, known, parseImages);
  const all = [...mistakes, ...versions.mistakes, ...images.mistakes];
  if (platform === undefined || all.length > 0) throw new ConfigError(all);
  return { platform, versions: versions.versions, images: images.images };
}

/**
 * The config as it would be with other texts in its YAML files.
 *
 * @throws ConfigError with every mistake in them, when there is one
 */
export function withTexts({ platform }: Config, texts: { images: string; versions: string }): Config {
  const known = whatIsKnown(soundParts(platform, []));
  const versions = parseVersions(texts.versions, known);
  const images = parseImages(texts.images, known);
  const mistakes = [...versions.mistakes, ...images.mistakes];
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { platform, versions: versions.versions, images: images.images };
}

async function loadPlatform(root: string): Promise<ParsedPlatform> {
  const { value, mistake } = await importDefault(root, PLATFORM_FILE);
  return mistake === undefined ? parsePlatform(value) : { mistakes: [mistake], known: NOTHING_KNOWN };
}

/** Reads and judges one YAML file; when it is missing, that is the one mistake. */
async function loadFile<Parsed extends { mistakes: Mistake[] }>(
  root: string,
  file: string,
  known: Known,
  parse: (text: string, known: Known) => Parsed,
): Promise<Parsed> {
  try {
    return parse(await readFile(join(root, file), 'utf8'), known);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { ...parse('', known), mistakes: [{ file, path: '', says: 'is missing' }] };
  }
}
