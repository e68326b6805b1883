import { join } from 'node:path';
import type { Config } from '../../../config/load.ts';
import { ADD_ONS_PAGE, staleAddOnsPage } from '../docs/add-ons-page.ts';
import type { Compiled } from '../synth/compile.ts';
import type { Finding } from './finding.ts';
import { checkFresh } from './fresh.ts';
import { judge } from './judge.ts';

/**
 * Everything about the manifests that can be judged without a cluster: that `dist/` is what the code compiles to, and
 * that this is as it should be.
 *
 * @param root the repo's folder
 * @param config the checked config
 * @param compiled a fresh compile of it
 * @returns what is wrong, or nothing
 */
export function checkRepo(root: string, config: Config, compiled: Compiled): Finding[] {
  return [
    ...checkFresh(compiled.files, join(root, 'dist')),
    ...checkPage(root, config),
    ...judge(config, compiled),
  ];
}

/** The page on add-ons says what the code does. */
function checkPage(root: string, config: Config): Finding[] {
  if (staleAddOnsPage(root, config) === undefined) return [];
  return [{ where: ADD_ONS_PAGE, says: 'is not what the code says; run `npm run synth`' }];
}
