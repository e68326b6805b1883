import type { Manifest } from '../dist/manifests.ts';
import { groupKind } from '../policy/identify.ts';
import { at, items, text } from '../policy/read.ts';
import type { Published } from './collisions.ts';

/** The DNS names that clusters publish. */
export function hosts(manifests: readonly Manifest[]): Published[] {
  return manifests.flatMap(({ cluster, object }) =>
    groupKind(object) === 'networking.k8s.io/Ingress'
      ? items(at(object.spec, 'rules')).flatMap((rule) => {
          const host = text(at(rule, 'host'));
          return host === undefined ? [] : [{ cluster, host }];
        })
      : [],
  );
}
