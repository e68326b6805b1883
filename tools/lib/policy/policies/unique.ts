import type { Manifest } from '../../dist/manifests.ts';
import { keyOf } from '../cluster.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';

export const unique: Policy = {
  name: 'unique',
  reason: 'Of two manifests for one object each undoes the other, as often as Flux applies them.',
  check: inClusters(({ manifests }) => {
    // What has no name is no object of the cluster but a file for kustomize.
    const named = manifests.filter(({ object }) => object.metadata?.name !== undefined);
    return [...Map.groupBy(named, keyOf).values()].flatMap((same): Breach[] => {
      if (same.length < 2) return [];
      const [first, ...others] = same.sort((a, b) => (place(a) < place(b) ? -1 : 1));
      return others.map((manifest) => ({
        at: manifest,
        wrong: `stands in ${first ? place(first) : ''} too`,
        fix: 'keep one',
      }));
    });
  }),
};

function place({ file, construct }: Manifest): string {
  return `dist/${file}${construct ? ` (${construct})` : ''}`;
}
