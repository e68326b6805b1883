import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Mistake } from '../errors.ts';

/**
 * Imports a config module.
 *
 * @param root the folder of the repo, by its real path
 * @param file the module as seen from there
 * @returns its default export, or the mistake that keeps it or a module of its folder from running
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

/** Where in the config an error came from, `config/clusters.ts:17`, by its stack; the line is not always known. */
function placeOf(root: string, error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // A module that isn't there is named before the one that wants it, which is the one to mend.
  const trace = error.message.split(' imported from ')[1] ?? error.stack ?? '';
  const places = trace
    .split('\n')
    .flatMap((line) => line.split(`${root}/config/`)[1]?.match(/^[\w./-]+\.ts(:\d+)?/)?.[0] ?? []);
  const place = places.find((name) => !name.startsWith(`checks/${basename(import.meta.filename)}`));
  return place === undefined ? undefined : `config/${place}`;
}

/** Some errors don't say where they come from, such as a name that is declared twice: the module that fails alone, too. */
async function brokenNeighbour(root: string, file: string, error: unknown): Promise<string | undefined> {
  if (!(error instanceof SyntaxError)) return undefined;
  const neighbours = (await readdir(join(root, 'config')))
    .map((name) => `config/${name}`)
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
  return message.replaceAll(`${root}/`, '').split('\n')[0] ?? '';
}
