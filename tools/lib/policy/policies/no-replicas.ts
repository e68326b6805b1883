import { keyOf } from '../cluster.ts';
import { AUTOSCALER, referredKind } from '../flagger.ts';
import { key } from '../identify.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, text } from '../read.ts';

export const noReplicas: Policy = {
  name: 'no-replicas',
  reason: 'Each time Flux applies a number of replicas it undoes what the autoscaler, or Flagger, has set.',
  check: inClusters((cluster) => {
    const rulers = new Map<string, string>();
    const rule = (target: string, ruler: string) => {
      const other = rulers.get(target);
      if (other === undefined || ruler < other) rulers.set(target, ruler);
    };
    for (const { targetKind, namespace, target, name } of cluster.canaries)
      rule(key(targetKind, namespace, target), `Canary ${name}`);
    for (const { object } of cluster.ofKind(AUTOSCALER)) {
      const { scaleTargetRef } = fields(object.spec);
      const target = key(
        referredKind(scaleTargetRef),
        object.metadata?.namespace,
        text(at(scaleTargetRef, 'name')),
      );
      rule(target, `HorizontalPodAutoscaler ${object.metadata?.name}`);
    }
    return cluster.manifests.flatMap((manifest): Breach[] => {
      const ruler = rulers.get(keyOf(manifest));
      if (ruler === undefined || fields(manifest.object.spec).replicas === undefined) return [];
      return [{ at: manifest, path: 'spec.replicas', wrong: `is ruled by ${ruler}`, fix: 'leave it out' }];
    });
  }),
};
