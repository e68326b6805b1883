import type { ClusterChanges, Flag } from '../report.ts';
import { variablesInText } from './variables.ts';

/**
 * What is to be said of a cluster that comes or goes.
 *
 * @param texts its files after the change
 */
export function clusterFlags(change: ClusterChanges['change'], texts: readonly string[]): Flag[] {
  if (change === 'added') {
    const names = [...new Set(texts.flatMap(variablesInText))].map((name) => `\${${name}}`);
    return [
      {
        kind: 'infra-first',
        severity: 'warning',
        label: 'new cluster: deploy infra first',
        says: `a new cluster: deploy infra first, since its stacks bring Flux${names.length === 0 ? '' : ` and the values of ${names.join(', ')}`}`,
      },
    ];
  }
  if (change === 'removed') {
    return [
      {
        kind: 'cluster',
        severity: 'warning',
        label: 'cluster no longer synced',
        says: 'its folder is gone, so its Flux finds nothing to apply and stops there: everything in the cluster stays as it is until its stacks are destroyed',
      },
    ];
  }
  return [];
}
