import type { Resource } from '../../../../charts/custom-resource.ts';
import type { Canary } from '../flagger.ts';
import { groupKind } from '../identify.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';

/** The annotation with which Flux makes an object that is not there, and leaves one that is there alone. */
const APPLY = 'kustomize.toolkit.fluxcd.io/ssa';

export const flaggerOwned: Policy = {
  name: 'flagger-owned',
  reason:
    'What Flagger makes for a Canary it also changes; were Flux to apply it too, the two would undo each other.',
  check: inClusters((cluster) =>
    cluster.manifests.flatMap((manifest): Breach[] => {
      const { object } = manifest;
      const { namespace, name } = object.metadata ?? {};
      const canary = cluster.madeByFlagger(groupKind(object), namespace, name);
      if (canary === undefined) return [];
      if (!isApex(object, canary))
        return [
          { at: manifest, wrong: `is made by Flagger for the Canary ${canary.name}`, fix: 'leave it out' },
        ];
      if (object.metadata?.annotations?.[APPLY] === 'IfNotPresent') return [];
      return [
        {
          at: manifest,
          path: 'metadata.annotations',
          wrong: `Flagger sets the selector for the Canary ${canary.name}, and Flux would set it back`,
          fix: `annotate it ${APPLY}: IfNotPresent`,
        },
      ];
    }),
  ),
};

/** The Service for all requests: Flagger takes one that is there, and gives it back when the Canary goes. */
function isApex({ kind, metadata }: Resource, canary: Canary): boolean {
  return kind === 'Service' && metadata?.name === canary.services[0];
}
