import { canonical } from '../fields/json.ts';
import type { Bump, ClusterChanges, FileChange, Flag, ObjectChange, ObjectField, Report } from '../report.ts';

/** Something, and the clusters that it is the same for. */
export interface Shared<T> {
  clusters: string[];
  it: T;
}

/** What changes in the same clusters. */
export interface Section {
  clusters: string[];
  objects: ObjectChange[];
  files: FileChange[];
  /** What else there is to know. */
  notes: string[];
}

/** A bump, and what it makes its app do. */
export interface Release extends Bump {
  effects: string[];
}

/** What stands in for a cluster's own name in a value that is otherwise the same in several. */
const OWN_NAME = '<cluster>';

/** The same things of several clusters, each once. */
function share<T>(entries: readonly { cluster: string; it: T }[]): Shared<T>[] {
  const groups = Map.groupBy(entries, ({ cluster, it }) => canonical(withoutOwnName(it, cluster)));
  return [...groups.values()].map((same) => {
    const clusters = [...new Set(same.map(({ cluster }) => cluster))];
    const [first] = same;
    if (first === undefined) throw new Error('a group of nothing');
    return { clusters, it: clusters.length > 1 ? withoutOwnName(first.it, first.cluster) : first.it };
  });
}

/** Where values of manifests stand in a report; everywhere else a cluster's name would be a coincidence. */
const VALUES = new Set(['before', 'after', 'path']);

function withoutOwnName<T>(it: T, cluster: string): T {
  const escaped = cluster.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const own = new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'g');
  const replace = (value: unknown, isValue: boolean): unknown => {
    if (typeof value === 'string') return isValue ? value.replaceAll(own, OWN_NAME) : value;
    if (Array.isArray(value)) return value.map((item) => replace(item, isValue));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, replace(inner, isValue || VALUES.has(key))]),
    );
  };
  return replace(it, false) as T;
}

/** The new versions, with what they make apps do. */
export function releases({ clusters }: Report): Shared<Release>[] {
  return share(
    clusters.flatMap(({ cluster, bumps, objects }) =>
      bumps.map((bump) => {
        const moved = objects.filter(
          ({ folder, fields }) =>
            folder === bump.folder && fields.some(({ follows }) => follows === bump.name),
        );
        const effects = [...new Set(moved.flatMap(({ flags }) => flags.map(({ label }) => label)))];
        return { cluster, it: { ...bump, effects } };
      }),
    ),
  );
}

/** The dangers, or the warnings, each with what it is about. */
export function alerts(
  { clusters }: Report,
  severity: Flag['severity'],
): Shared<{ about?: Pick<ObjectChange, 'kind' | 'namespace' | 'name'>; says: string }>[] {
  return share(
    clusters.flatMap(({ cluster, flags, objects }) => [
      ...flags.filter((flag) => flag.severity === severity).map(({ says }) => ({ cluster, it: { says } })),
      ...objects.flatMap(({ kind, namespace, name, flags: own }) =>
        own
          .filter((flag) => flag.severity === severity)
          .map(({ says }) => ({
            cluster,
            it: { about: { kind, name, ...(namespace === undefined ? {} : { namespace }) }, says },
          })),
      ),
    ]),
  );
}

/** One thing that a section may tell: a field of an object, an object as a whole, a file, or a remark. */
type Entry =
  | { what: 'field'; object: ObjectChange; field: ObjectField }
  | { what: 'object'; object: ObjectChange; of: ClusterChanges['change'] }
  | { what: 'file'; file: FileChange }
  | { what: 'note'; note: string };

/** Everything else, by the clusters in which it is the same; what only follows from a release is left out. */
export function sections({ clusters }: Report): Section[] {
  const shared = share(
    clusters.flatMap((changes) => entries(changes).map((it) => ({ cluster: changes.cluster, it }))),
  );
  const flags = new Map(
    clusters.flatMap(({ cluster, objects }) =>
      objects.map((object) => [`${cluster} ${identity(object)}`, object.flags] as const),
    ),
  );
  const bySet = new Map<string, Section>();
  const withFields = new Map<string, ObjectChange>();
  for (const { clusters: names, it } of shared) {
    const key = canonical(names);
    const section = bySet.get(key) ?? { clusters: names, objects: [], files: [], notes: [] };
    bySet.set(key, section);
    if (it.what === 'note') section.notes.push(it.note);
    else if (it.what === 'file') section.files.push(it.file);
    else if (it.what === 'object') section.objects.push(it.object);
    else {
      const id = identity(it.object);
      const own = withFields.get(`${key} ${id}`);
      if (own) own.fields.push(it.field);
      else {
        const inAll = common(names.map((name) => flags.get(`${name} ${id}`) ?? []));
        const object = { ...it.object, fields: [it.field], flags: inAll };
        withFields.set(`${key} ${id}`, object);
        section.objects.push(object);
      }
    }
  }
  // What concerns the most clusters first.
  return [...bySet.values()].sort((a, b) => b.clusters.length - a.clusters.length);
}

function entries({ change, objects, files, flags }: ClusterChanges): Entry[] {
  return [
    ...objects.flatMap((object): Entry[] => {
      if (object.fields.length === 0) return [{ what: 'object', object, of: change }];
      const bare = { ...object, fields: [], flags: [] };
      const fields = object.fields.filter(({ follows }) => follows === undefined);
      return fields.map((field) => ({ what: 'field', object: bare, field }));
    }),
    ...files.filter(({ follows }) => follows === undefined).map((file): Entry => ({ what: 'file', file })),
    ...flags
      .filter(({ severity }) => severity === 'info')
      .map(({ says }): Entry => ({ what: 'note', note: says })),
  ];
}

/** The flags that an object has in every cluster: a field's section says no more than what holds in all of it. */
function common([first = [], ...rest]: Flag[][]): Flag[] {
  return first.filter((flag) => rest.every((own) => own.some(({ label }) => label === flag.label)));
}

function identity({ apiVersion, kind, namespace, name, folder }: ObjectChange): string {
  return JSON.stringify([apiVersion, kind, namespace ?? null, name, folder]);
}
