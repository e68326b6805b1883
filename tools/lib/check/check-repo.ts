import { join } from 'node:path';
import type { Config } from '../../../config/load.ts';
import type { Compiled } from '../synth/compile.ts';
import type { Finding } from './finding.ts';
import { checkFresh } from './fresh.ts';
import { checkGraph } from './graph.ts';
import { checkMarkers } from './markers.ts';
import { checkObjects } from './objects.ts';

/**
 * Everything about the manifests that can be judged without a cluster.
 *
 * @param root the repo's folder
 * @param config the checked config
 * @param compiled a fresh compile of it
 * @returns what is wrong, or nothing
 */
export async function checkRepo(
  root: string,
  config: Config,
  { files, manifests }: Compiled,
): Promise<Finding[]> {
  return [
    ...(await checkFresh(files, join(root, 'dist'))),
    ...checkMarkers(config, files, manifests),
    ...checkGraph(manifests),
    ...checkObjects(manifests),
  ];
}
