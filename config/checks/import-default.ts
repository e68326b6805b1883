import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mistake } from '../errors.ts';
import { ownPlaces } from './stack.ts';

/**
 * Imports a module that a user writes.
 *
 * @param root the folder of the repo, by its real path
 * @param file the module as seen from there
 * @returns its default export, or the mistake that keeps it, or what it imports, from running
 */
export async function importDefault(
  root: string,
  file: string,
): Promise<{ value?: unknown; mistake?: Mistake }> {
  try {
    return { value: (await importFrom(root, file)).default };
  } catch (error) {
    if (!existsSync(join(root, file))) return { mistake: { file, path: '', says: 'is missing' } };
    const place = placeOf(root, error) ?? (await brokenNeighbour(root, file, error)) ?? file;
    return { mistake: { file: place, path: '', says: `can't be run: ${reasonOf(root, error)}` } };
  }
}

function importFrom(root: string, file: string): Promise<{ default?: unknown }> {
  return import(pathToFileURL(join(root, file)).href);
}

/** Where in the repo an error came from, `config/clusters.ts:17`, by its stack; the line is not always known. */
function placeOf(root: string, error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // A module that isn't there is named before the one that wants it, which is the one to mend.
  const trace = error.message.split(' imported from ')[1] ?? error.stack ?? '';
  const here = relative(root, import.meta.filename);
  return ownPlaces(root, trace).find((place) => !place.startsWith(here));
}

/** Some errors don't say where they come from, such as a name that is declared twice: the module that fails alone, too. */
async function brokenNeighbour(root: string, file: string, error: unknown): Promise<string | undefined> {
  if (!(error instanceof SyntaxError)) return undefined;
  const folder = dirname(file);
  const neighbours = (await readdir(join(root, folder)))
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== file);
  for (const neighbour of neighbours) {
    const failure: unknown = await importFrom(root, neighbour).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (failure !== undefined && reasonOf(root, failure) === reasonOf(root, error)) return neighbour;
  }
  return undefined;
}

/** Why, in one line and with paths as seen from the root: Node's own report has a stack and an excerpt of the code. */
function reasonOf(root: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [line = ''] = message.replaceAll(`${root}/`, '').split('\n');
  return `${line}${meantModule(root, error)}`;
}

/** Of an import without its `.ts`, or with `.js` in its place: the module that was meant. */
function meantModule(root: string, error: unknown): string {
  const { code, url } = (error ?? {}) as { code?: unknown; url?: unknown };
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT';
  if (!isMissing || typeof url !== 'string') return '';
  const file = `${fileURLToPath(url).replace(/\.js$/, '')}.ts`;
  return existsSync(file) ? `; did you mean '${relative(root, file)}'?` : '';
}
