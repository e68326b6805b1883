import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notOneOf } from '../../../config/checks/refusal.ts';
import type { Platform } from '../../../config/schema.ts';
import { UserError } from '../user-error.ts';
import { filesUnder } from './publish.ts';

/** Which part of `dist/` to write. */
export interface Selection {
  /** Only this cluster. @default all */
  cluster?: string;
  /** Only this app, in every cluster or in the one. @default everything */
  app?: string;
}

/**
 * Leaves of a compile what was selected, and of `dist/` the rest as it is.
 *
 * @param files what was compiled: path in `dist/` to text
 * @param dist the folder
 * @returns what `dist/` is to hold
 */
export async function selected(
  files: ReadonlyMap<string, string>,
  dist: string,
  selection: Selection,
): Promise<Map<string, string>> {
  const isSelected = (path: string) => {
    const [cluster, layer, app] = path.split('/');
    if (selection.cluster !== undefined && cluster !== selection.cluster) return false;
    return selection.app === undefined || (layer === 'apps' && app === selection.app);
  };
  const kept = filesUnder(dist).filter((path) => !isSelected(path));
  const texts = await Promise.all(kept.map((path) => readFile(join(dist, path), 'utf8')));
  return new Map([
    ...kept.map((path, index): [string, string] => [path, texts[index] ?? '']),
    ...[...files].filter(([path]) => isSelected(path)),
  ]);
}

/** @throws UserError when the platform has no such cluster or app */
export function checkSelection({ clusters, apps }: Platform, { cluster, app }: Selection): void {
  const names = clusters.map(({ name }) => name);
  if (cluster !== undefined && !names.includes(cluster))
    throw new UserError(`--cluster: ${notOneOf(cluster, names)}`);
  if (app !== undefined && !(app in apps)) throw new UserError(`--app: ${notOneOf(app, Object.keys(apps))}`);
}
