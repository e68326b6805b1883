import { bumpsIn, follows } from './bumps.ts';
import { type DocumentReader, groupKind, isManifest, isReleaseFile, splitDocuments } from './documents.ts';
import { compare } from './fields/compare.ts';
import { canonical, type JsonObject, stringAt } from './fields/json.ts';
import { automationFlags } from './flags/automation.ts';
import { Cluster } from './flags/cluster.ts';
import { helmFlags } from './flags/helm.ts';
import { immutableFlags } from './flags/immutable.ts';
import { movedFlags } from './flags/moved.ts';
import { removalFlags } from './flags/removal.ts';
import { configFlags, restartFlags } from './flags/restart.ts';
import { scalerFlags } from './flags/scaler.ts';
import { variableFlags, variablesInText } from './flags/variables.ts';
import { clusterFlags } from './flags/whole-cluster.ts';
import type { TwoDists } from './read-dist.ts';
import type { Bump, ClusterChanges, FileChange, ObjectChange } from './report.ts';
import { hideSecrets } from './secrets.ts';

/** One document of a file and where it stands. */
interface Document {
  /** The file, in the cluster's folder. */
  path: string;
  folder: string;
  text: string;
}

/** One object and where it stands. */
interface Placed {
  object: JsonObject;
  folder: string;
}

/**
 * What changes in one cluster.
 *
 * @param cluster its name, which is its folder in `dist/`
 * @param files its files on both sides, their paths in its folder
 * @returns nothing when nothing does, whatever the names of its files
 */
export function compareCluster(
  cluster: string,
  { changed, unchanged }: TwoDists,
  reader: DocumentReader,
): ClusterChanges | undefined {
  const before = [...unchanged.values(), ...changed.flatMap((file) => file.before ?? [])];
  const after = [...unchanged.values(), ...changed.flatMap((file) => file.after ?? [])];
  const change = before.length === 0 ? 'added' : after.length === 0 ? 'removed' : 'changed';
  const known = new Set([
    ...[...unchanged].flatMap(([path, text]) => (isSubstituted(path) ? variablesInText(text) : [])),
    ...changed.flatMap((file) => (isSubstituted(file.path) ? variablesInText(file.before ?? '') : [])),
  ]);
  const whole = new Cluster(reader, { before, after });

  const documents = withoutEqual(
    changed.flatMap(({ path, before: text }) => documentsOf(path, text)),
    changed.flatMap(({ path, after: text }) => documentsOf(path, text)),
  );
  const old = objectsOf(documents.before, reader);
  const next = objectsOf(documents.after, reader);
  const bumps: Bump[] = [];
  const objects: ObjectChange[] = [];
  for (const [key, placed] of next.objects) {
    const from = old.objects.get(key);
    const one = from
      ? changedObject(from, placed, whole, known)
      : addedObject(placed, known, change === 'added');
    if (one === undefined) continue;
    objects.push(one);
    bumps.push(...bumpsIn(placed.object, placed.folder, one.fields));
  }
  for (const [key, placed] of old.objects) {
    if (!next.objects.has(key)) {
      const flags = change === 'removed' ? [] : removalFlags(placed.object, whole);
      objects.push({ change: 'removed', ...describe(placed), fields: [], flags });
    }
  }
  const others = new Set([...old.others, ...next.others]);
  const files = changed
    .filter(({ path, ...texts }) => others.has(path) && texts.before !== texts.after)
    .map(
      ({ path, before: text, after: nextText }): FileChange => ({
        path,
        change: text === undefined ? 'added' : nextText === undefined ? 'removed' : 'changed',
        ...(text === undefined ? {} : { before: text }),
        ...(nextText === undefined ? {} : { after: nextText }),
      }),
    );

  const flags = [...clusterFlags(change, after), ...automationFlags(documents)];
  if (objects.length + files.length + flags.length === 0) return undefined;
  const unique = [...new Map(bumps.map((bump) => [canonical(bump), bump])).values()];
  return {
    cluster,
    change,
    bumps: unique,
    objects: objects
      .map((one) => ({
        ...one,
        fields: one.fields.map((field) => {
          const bump = unique.find(
            (candidate) => candidate.folder === one.folder && follows(candidate, field.before, field.after),
          );
          return field.change === 'changed' && bump ? { ...field, follows: bump.name } : field;
        }),
      }))
      .sort((a, b) => (a.folder < b.folder ? -1 : a.folder > b.folder ? 1 : 0)),
    files: files.map((file) => {
      const bump = unique.find(
        ({ folder, ...rest }) =>
          folder === folderOf(file.path) && follows({ folder, ...rest }, file.before, file.after),
      );
      return bump ? { ...file, follows: bump.name } : file;
    }),
    flags,
  };
}

/** What one Kustomization applies: `apps/conduit`, and `flux` for the root's. */
export function folderOf(path: string): string {
  const parts = path.split('/').slice(0, -1);
  return parts[0] === 'flux' ? 'flux' : parts.slice(0, 2).join('/');
}

/** Nothing puts values into what the root applies. */
function isSubstituted(path: string): boolean {
  return folderOf(path) !== 'flux';
}

function documentsOf(path: string, text: string | undefined): Document[] {
  if (text === undefined) return [];
  const texts = isYaml(path) ? splitDocuments(text) : [text];
  return texts.map((one) => ({ path, folder: folderOf(path), text: one }));
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/.test(path);
}

/** The documents that the other side doesn't have word for word in the same folder: the others need no reading. */
function withoutEqual(before: readonly Document[], after: readonly Document[]) {
  const key = ({ folder, text }: Document) => `${folder}\n${text}`;
  const rest = (own: readonly Document[], other: readonly Document[]) => {
    const counts = new Map<string, number>();
    for (const document of other) counts.set(key(document), (counts.get(key(document)) ?? 0) + 1);
    return own.filter((document) => {
      const count = counts.get(key(document)) ?? 0;
      counts.set(key(document), count - 1);
      return count <= 0;
    });
  };
  return { before: rest(before, after), after: rest(after, before) };
}

/** The objects by what identifies them in a cluster, and the files that hold something else. */
function objectsOf(documents: readonly Document[], reader: DocumentReader) {
  const objects = new Map<string, Placed>();
  const others = new Set<string>();
  for (const { path, folder, text } of documents) {
    const object = isYaml(path) ? reader.read(text) : undefined;
    if (!isManifest(object)) {
      if (!isReleaseFile(object)) others.add(path);
      continue;
    }
    const { metadata } = object;
    const identity = [
      groupKind(object),
      stringAt(metadata, 'namespace') ?? '',
      stringAt(metadata, 'name') ?? '',
    ];
    let key = identity.join(' ');
    // Two of the same are a mistake, which `npm run check` finds; here neither may vanish.
    while (objects.has(key)) key += ' again';
    objects.set(key, { object, folder });
  }
  return { objects, others };
}

function addedObject(placed: Placed, known: ReadonlySet<string>, isNewCluster: boolean): ObjectChange {
  const flags = isNewCluster || placed.folder === 'flux' ? [] : variableFlags(placed.object, known);
  return { change: 'added', ...describe(placed), fields: [], flags };
}

function changedObject(
  from: Placed,
  to: Placed,
  cluster: Cluster,
  known: ReadonlySet<string>,
): ObjectChange | undefined {
  const fields = compare(from.object, to.object);
  const moved = from.folder !== to.folder;
  if (fields.length === 0 && !moved) return undefined;
  const changed = { before: from.object, after: to.object, fields };
  const immutable = immutableFlags(changed);
  // Where the apply fails, nothing restarts.
  const effects = immutable.some(({ kind }) => kind === 'immutable')
    ? []
    : [
        ...restartFlags(changed, cluster),
        ...configFlags(changed, cluster),
        ...helmFlags(changed),
        ...scalerFlags(changed, cluster),
      ];
  return {
    change: 'changed',
    ...describe(to),
    ...(moved ? { movedFrom: from.folder } : {}),
    fields: hideSecrets(to.object, fields),
    flags: [
      ...immutable,
      ...effects,
      ...(to.folder === 'flux' ? [] : variableFlags(to.object, known)),
      ...(moved ? movedFlags(from.folder, to.folder) : []),
    ],
  };
}

function describe({ object, folder }: Placed) {
  const namespace = stringAt(object, 'metadata', 'namespace');
  return {
    apiVersion: stringAt(object, 'apiVersion') ?? '',
    kind: stringAt(object, 'kind') ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    name: stringAt(object, 'metadata', 'name') ?? '',
    folder,
  };
}
