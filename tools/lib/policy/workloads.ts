import type { Manifest } from '../dist/manifests.ts';
import { groupKind } from './identify.ts';
import { at, type Fields, fields, items } from './read.ts';
import type { Labels } from './selector.ts';

/** An object that makes pods, and what they are made of. */
export interface Workload {
  manifest: Manifest;
  /** Group and kind: `apps/Deployment`. */
  kind: string;
  namespace: string;
  name: string;
  /** The labels of its pods. */
  labels: Labels;
  /** The pods' spec. */
  spec: Fields;
  /** Where that spec stands: `spec.template.spec`. */
  path: string;
  /** All containers, those that start before the others among them. */
  containers: readonly Container[];
}

export interface Container {
  fields: Fields;
  /** Where it stands: `spec.template.spec.containers[0]`. */
  path: string;
  /** Whether it runs as long as the pod does: a plain container, or a sidecar. */
  stays: boolean;
}

/** Where each kind keeps its pods' template. */
const TEMPLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ['Pod', []],
  ['ReplicationController', ['spec', 'template']],
  ['apps/Deployment', ['spec', 'template']],
  ['apps/StatefulSet', ['spec', 'template']],
  ['apps/DaemonSet', ['spec', 'template']],
  ['apps/ReplicaSet', ['spec', 'template']],
  ['batch/Job', ['spec', 'template']],
  ['batch/CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
]);

/** The pods that an object makes, if it makes any that can be seen. */
export function workload(manifest: Manifest): Workload | undefined {
  const { object } = manifest;
  const kind = groupKind(object);
  const keys = TEMPLATES.get(kind);
  if (keys === undefined) return undefined;
  const template = fields(at(object, ...keys));
  const path = [...keys, 'spec'].join('.');
  const spec = fields(template.spec);
  return {
    manifest,
    kind,
    namespace: object.metadata?.namespace ?? '',
    name: object.metadata?.name ?? '',
    labels: fields(at(template, 'metadata', 'labels')),
    spec,
    path,
    containers: [
      ...containersOf(spec, path, 'containers', () => true),
      ...containersOf(spec, path, 'initContainers', ({ restartPolicy }) => restartPolicy === 'Always'),
      ...containersOf(spec, path, 'ephemeralContainers', () => false),
    ],
  };
}

function containersOf(
  spec: Fields,
  path: string,
  list: string,
  stays: (container: Fields) => boolean,
): Container[] {
  return items(spec[list]).map((item, index) => ({
    fields: fields(item),
    path: `${path}.${list}[${index}]`,
    stays: stays(fields(item)),
  }));
}
