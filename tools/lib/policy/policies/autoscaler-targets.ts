import { AUTOSCALER, referredKind } from '../flagger.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, text } from '../read.ts';
import { mend } from '../suggest.ts';

export const autoscalerTargets: Policy = {
  name: 'autoscaler-targets',
  reason: 'An autoscaler of nothing is quiet about it, and what it was meant for stays at its smallest.',
  check: inClusters((cluster) =>
    cluster.ofKind(AUTOSCALER).flatMap((manifest): Breach[] => {
      const namespace = manifest.object.metadata?.namespace;
      const { scaleTargetRef } = fields(manifest.object.spec);
      const kind = referredKind(scaleTargetRef);
      const name = text(at(scaleTargetRef, 'name')) ?? '';
      if (cluster.find(kind, namespace, name).length > 0 || cluster.holdsUnseen(namespace)) return [];
      return [
        {
          at: manifest,
          path: 'spec.scaleTargetRef',
          wrong: `the namespace ${JSON.stringify(namespace)} has no ${kind} ${JSON.stringify(name)}`,
          fix: mend(name, cluster.names(kind, namespace), 'make it'),
        },
      ];
    }),
  ),
};
