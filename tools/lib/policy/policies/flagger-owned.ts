import { groupKind } from '../identify.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';

export const flaggerOwned: Policy = {
  name: 'flagger-owned',
  reason:
    'What Flagger makes for a Canary it also changes; were it in dist/ too, the two would undo each other.',
  check: inClusters((cluster) =>
    cluster.manifests.flatMap((manifest): Breach[] => {
      const { object } = manifest;
      const { namespace, name } = object.metadata ?? {};
      const canary = cluster.madeByFlagger(groupKind(object), namespace, name);
      if (canary === undefined) return [];
      return [
        { at: manifest, wrong: `is made by Flagger for the Canary ${canary.name}`, fix: 'leave it out' },
      ];
    }),
  ),
};
