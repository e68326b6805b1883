import type { FieldChange } from './fields/compare.ts';
import type { Base } from './git.ts';

/**
 * What a change does to each cluster. `npm run diff -- --json` prints this, with the clusters, objects and fields
 * always in the same order. Fields may be added to it; those that are here keep their meaning while `version` is 1.
 */
export interface Report {
  version: 1;
  /** What `dist/` of the working tree was compared with. */
  base: Base;
  /** The clusters in which something changes, by name. */
  clusters: ClusterChanges[];
  /** The names of the clusters in which nothing does. */
  unchanged: string[];
}

/** What changes in one cluster. */
export interface ClusterChanges {
  cluster: string;
  /** `added` and `removed` are for a cluster's whole folder. */
  change: 'added' | 'removed' | 'changed';
  /** New versions of images and charts. */
  bumps: Bump[];
  objects: ObjectChange[];
  /** Files that hold no objects for Kubernetes, such as kustomize's own. */
  files: FileChange[];
  /** What is to be said of the cluster as a whole. */
  flags: Flag[];
}

/** One image or chart in another version, within one app or add-on. */
export interface Bump {
  what: 'image' | 'chart';
  /** The folder in the cluster's: `apps/conduit`. */
  folder: string;
  /** The image without tag and digest, or the chart. */
  name: string;
  /** Tag, digest or both, as they stand: `0.1.0`, `0.1.0@sha256:…`. */
  before: string;
  after: string;
  /** Whether the version after is the older one, where that can be told. */
  older: boolean;
}

/** One object that is not what it was. Its kind's group, kind, namespace and name are the same on both sides. */
export interface ObjectChange {
  change: 'added' | 'removed' | 'changed';
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  /** The folder in the cluster's, which is what one Kustomization applies: `apps/conduit`. */
  folder: string;
  /** The folder it stood in before, where that is another. */
  movedFrom?: string;
  /** What changed in it; empty for an object that was added or removed. A Secret's values are not told. */
  fields: ObjectField[];
  flags: Flag[];
}

/** A field, and the bump that it only follows: {@link Bump.name}. */
export interface ObjectField extends FieldChange {
  follows?: string;
}

/** One file without objects. */
export interface FileChange {
  /** In the cluster's folder. */
  path: string;
  change: 'added' | 'removed' | 'changed';
  before?: string;
  after?: string;
  /** The bump that it only follows: {@link Bump.name}. */
  follows?: string;
}

/** What follows from a change. */
export interface Flag {
  kind: FlagKind;
  /** `danger`: users or data suffer, or nothing is applied. `warning`: something is to be done or known first. */
  severity: 'danger' | 'warning' | 'info';
  /** In a few words: `starts a canary`. */
  label: string;
  /** In a sentence. */
  says: string;
  /** The workloads that it happens to. @default the object itself */
  of?: string[];
}

export type FlagKind =
  | 'automation'
  | 'canary'
  | 'cluster'
  | 'data'
  | 'downtime'
  | 'helm'
  | 'immutable'
  | 'infra-first'
  | 'later'
  | 'moved'
  | 'outage'
  | 'removal'
  | 'replaced'
  | 'restart';

/** The kind, and the name with its namespace: `Deployment conduit/conduit`. */
export function objectTitle({
  kind,
  namespace,
  name,
}: Pick<ObjectChange, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
