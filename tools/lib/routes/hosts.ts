import type { Cluster } from '../policy/cluster.ts';
import { at, items, text } from '../policy/read.ts';
import type { Published } from './collisions.ts';

/** The DNS names that a cluster publishes. */
export function hosts(cluster: Cluster): Published[] {
  return cluster
    .ofKind('networking.k8s.io/Ingress')
    .flatMap(({ object }) => items(at(object.spec, 'rules')))
    .flatMap((rule) => {
      const host = text(at(rule, 'host'));
      return host === undefined ? [] : [{ cluster: cluster.name, host }];
    });
}
