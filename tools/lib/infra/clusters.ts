import { closest } from 'fastest-levenshtein';
import type { Cluster, Platform } from '../../../config/schema.ts';
import { UserError } from '../user-error.ts';

/**
 * The cluster that a person named.
 *
 * @throws UserError when the config has no such cluster
 */
export function findCluster({ clusters }: Platform, name: string): Cluster {
  const found = clusters.find((cluster) => cluster.name === name);
  if (found) return found;
  const names = clusters.map((cluster) => cluster.name);
  throw new UserError(
    `found no cluster ${JSON.stringify(name)} in config/clusters.ts; allowed: ${names.join(', ')}; did you mean ${closest(name, names)}?`,
  );
}
