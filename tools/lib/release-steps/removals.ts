// Which removals and renamings lose data, or leave behind what nobody manages any more, and what to do first.

import type { Finding } from '../check/finding.ts';
import { type DocumentReader, groupKind, isManifest, splitDocuments } from '../diff/documents.ts';
import { type JsonObject, stringAt, valueAt } from '../diff/fields/json.ts';
import type { FilePair } from '../diff/read-dist.ts';

/** One cluster on both sides of a change. */
export interface ClusterChange {
  cluster: string;
  /** The files that differ. */
  pairs: readonly FilePair[];
  /** The texts of all files, the others too. */
  texts: Readonly<Record<'before' | 'after', readonly string[]>>;
}

const KUSTOMIZATION = 'kustomize.toolkit.fluxcd.io/Kustomization';

/** Leaves an object where it is when it goes from the repo. */
const KEEP = { key: 'kustomize.toolkit.fluxcd.io/prune', value: 'disabled' };

/** What in a chart's values, or in a StatefulSet, asks for volumes. */
const VOLUMES = /^\s*(?:volumeClaimTemplates?|volumeClaimTemplateSpec|storageSpec|persistence):/m;

/**
 * A cluster that goes as a whole. Its Flux, which finds its folder gone, stops there; but while its stacks are destroyed,
 * whatever goes from it is deleted with all it made, unless it is suspended.
 */
export function judgeCluster({ cluster, texts }: ClusterChange, reader: DocumentReader): Finding[] {
  if (texts.before.length === 0 || texts.after.length > 0) return [];
  const synced = objectsIn(texts.before, /^kind: Kustomization$/m, reader).filter(
    (object) => isOurs(object) && valueAt(object, 'spec', 'suspend') !== true,
  );
  if (synced.length === 0) return [];
  return [
    finding(
      `dist/${cluster}`,
      `${cluster} goes while its Flux still syncs it (${synced.length} Kustomizations)`,
      `\`suspend: 'is being removed'\` in its record in config/clusters.ts; wait until its Flux has applied that, move its data to where it is to live on, and destroy its stacks`,
    ),
  ];
}

/** What goes in a cluster that stays. */
export function judgeRemovals(change: ClusterChange, reader: DocumentReader): Finding[] {
  const { pairs } = change;
  const side = (name: 'before' | 'after') =>
    pairs.flatMap(({ path, [name]: text = '' }) =>
      objectsIn([text], /^kind: (?:Kustomization|Namespace|PersistentVolumeClaim)$/m, reader).map(
        (object) => ({
          file: path,
          object,
        }),
      ),
    );
  const after = side('after').map(({ object }) => object);
  const gone = side('before').filter(
    ({ object }) => !after.some((other) => identity(other) === identity(object)),
  );
  return gone.flatMap(({ file, object }) => {
    if (groupKind(object) === KUSTOMIZATION)
      return isOurs(object) ? judgeKustomization(file, object, change, reader) : [];
    return judgeData(file, object, change, reader);
  });
}

/** A Kustomization that goes, and takes along all that it applied. */
function judgeKustomization(
  file: string,
  object: JsonObject,
  { texts }: ClusterChange,
  reader: DocumentReader,
): Finding[] {
  const name = stringAt(object, 'metadata', 'name') ?? '';
  if (valueAt(object, 'spec', 'suspend') === true) {
    const wrong = `Kustomization/${name} goes while it is suspended: Flux would leave behind all that it applied, and nobody would manage it any more`;
    return [finding(`dist/${file}`, wrong, 'take its `suspend` away, and wait until Flux has synced it')];
  }
  const path = stringAt(object, 'spec', 'path');
  const heir = objectsIn(texts.after, /^kind: Kustomization$/m, reader).find(
    (other) => isOurs(other) && stringAt(other, 'spec', 'path') === path,
  );
  if (heir === undefined) return [];
  const wrong = `Kustomization/${name} goes, and Flux deletes what it applied, though Kustomization/${stringAt(heir, 'metadata', 'name')} applies the same folder`;
  return [{ where: `dist/${file}`, says: `${wrong}; keep its name [release-steps]` }];
}

/** A volume that goes, or a namespace with volumes in it. */
function judgeData(
  file: string,
  object: JsonObject,
  { texts }: ClusterChange,
  reader: DocumentReader,
): Finding[] {
  if (valueAt(object, 'metadata', 'annotations', KEEP.key) === KEEP.value) return [];
  const name = stringAt(object, 'metadata', 'name') ?? '';
  const [kind, what, why] =
    stringAt(object, 'kind') === 'Namespace'
      ? ['Namespace', name, volumesOf(name, texts.before, reader)]
      : ['PersistentVolumeClaim', `${stringAt(object, 'metadata', 'namespace')}/${name}`, 'its data'];
  if (why === undefined) return [];
  return [
    finding(
      `dist/${file}`,
      `${kind}/${what} goes, and ${why} with it`,
      `give it the annotation \`${KEEP.key}: ${KEEP.value}\`, and wait until Flux has applied that: it then stays in the cluster until somebody deletes it by hand, when its data is elsewhere`,
    ),
  ];
}

/** What in a namespace has volumes, in words; nothing where nothing has. */
function volumesOf(namespace: string, texts: readonly string[], reader: DocumentReader): string | undefined {
  const holders = texts
    .filter((text) => text.includes(`namespace: ${namespace}`))
    .flatMap(splitDocuments)
    .filter((document) => /^kind: PersistentVolumeClaim$/m.test(document) || VOLUMES.test(document))
    .map((document) => reader.read(document))
    .filter((value) => isManifest(value))
    .filter((object) => stringAt(object, 'metadata', 'namespace') === namespace)
    .map((object) => `${stringAt(object, 'kind')}/${stringAt(object, 'metadata', 'name')}`);
  return holders.length === 0 ? undefined : `the volumes of ${holders.join(', ')}`;
}

/** A Kustomization of a folder of `dist/`, and not one of somebody else's repository. */
function isOurs(object: JsonObject): boolean {
  return (
    groupKind(object) === KUSTOMIZATION && (stringAt(object, 'spec', 'path') ?? '').startsWith('./dist/')
  );
}

/**
 * A ring that goes, or gets another name. Its clusters and apps are not new for that: what they run, and where users reach
 * it, must be the same after it.
 *
 * @param gone the rings that were there before the change and are not after it
 */
export function judgeRings(gone: readonly string[], changes: readonly ClusterChange[]): Finding[] {
  if (gone.length === 0) return [];
  return changes.flatMap(({ cluster, pairs, texts }) => {
    if (texts.before.length === 0 || texts.after.length === 0) return [];
    const moved = pairs.filter(({ path, before, after }) => {
      const isApp = path.startsWith(`${cluster}/apps/`);
      return isApp && before !== undefined && after !== undefined && runs(before) !== runs(after);
    });
    return moved.map(({ path }) =>
      finding(
        `dist/${path}`,
        `${gone.join(', ')} goes from the rings, and in the same change ${cluster} gets another image or address`,
        'the ring under its new name, with the images of the old one and its `domain`, and its clusters in it',
      ),
    );
  });
}

/** The images and hosts in a file, without what automation knows them by. */
function runs(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^\s*(?:- )?(?:image|host): /.test(line))
    .map((line) => line.replace(/ # .*$/, ''))
    .join('\n');
}

function objectsIn(texts: readonly string[], kind: RegExp, reader: DocumentReader): JsonObject[] {
  return texts
    .filter((text) => kind.test(text))
    .flatMap(splitDocuments)
    .filter((document) => kind.test(document))
    .map((document) => reader.read(document))
    .filter((value) => isManifest(value));
}

function identity(object: JsonObject): string {
  const { metadata } = object;
  return [groupKind(object), stringAt(metadata, 'namespace'), stringAt(metadata, 'name')].join(' ');
}

function finding(where: string, wrong: string, first: string): Finding {
  return { where, says: `${wrong}. Make two commits: 1. ${first}; 2. this change [release-steps]` };
}
