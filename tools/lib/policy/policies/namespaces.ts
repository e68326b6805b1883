import type { Manifest } from '../../dist/manifests.ts';
import { type Cluster, GIVEN_NAMESPACES } from '../cluster.ts';
import { groupKind } from '../identify.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, text } from '../read.ts';
import { mend } from '../suggest.ts';

export const namespaces: Policy = {
  name: 'namespaces',
  reason: 'Flux fails a folder whose namespace is not there yet, and tries again only after a while.',
  check: inClusters((cluster) => {
    const makers = new Map<string, string[]>();
    for (const { file, object } of cluster.ofKind('Namespace')) {
      const name = object.metadata?.name ?? '';
      makers.set(name, [...(makers.get(name) ?? []), file].sort());
    }
    return cluster.manifests.flatMap((manifest) =>
      used(manifest).flatMap(({ namespace, path }) => judge(cluster, makers, manifest, namespace, path)),
    );
  }),
};

/** The namespaces that an object is in, or puts something into. */
function used({ object }: Manifest): { namespace: string; path: string }[] {
  const uses: { namespace: string; path: string }[] = [];
  const use = (namespace: unknown, path: string) => {
    if (typeof namespace === 'string' && !GIVEN_NAMESPACES.has(namespace)) uses.push({ namespace, path });
  };
  const kind = groupKind(object);
  // A Namespace is in none, whatever it says.
  if (kind === 'Namespace') return uses;
  use(object.metadata?.namespace, 'metadata.namespace');
  if (kind === 'helm.toolkit.fluxcd.io/HelmRelease' && at(object.spec, 'install', 'createNamespace') !== true)
    use(fields(object.spec).targetNamespace, 'spec.targetNamespace');
  return uses;
}

function judge(
  cluster: Cluster,
  makers: ReadonlyMap<string, readonly string[]>,
  manifest: Manifest,
  namespace: string,
  path: string,
): Breach[] {
  const files = makers.get(namespace);
  const name = JSON.stringify(namespace);
  if (files === undefined) {
    const known = [...makers.keys(), ...GIVEN_NAMESPACES];
    const fix = mend(namespace, known, 'make it with an AppNamespace');
    return [
      { at: manifest, path, wrong: `nothing in dist/${cluster.name} makes the namespace ${name}`, fix },
    ];
  }
  if (files.some((file) => standsBefore(cluster, file, manifest.file))) return [];
  const [first = ''] = files;
  const [waits] = ids(cluster, manifest.file);
  const [awaited] = ids(cluster, first);
  // That a folder is applied by nothing is told already.
  if (awaited === undefined || (waits === undefined && !isRoot(cluster, manifest.file))) return [];
  return [
    {
      at: manifest,
      path,
      wrong: `dist/${first} makes the namespace ${name}, and ${waits ?? 'the root sync'} does not wait for it`,
      fix:
        waits === undefined
          ? `make the namespace in dist/${cluster.name}/flux`
          : `let the Kustomization ${waits} depend on ${awaited}`,
    },
  ];
}

/** Whether what is in one file is there before Flux applies the other. */
function standsBefore(cluster: Cluster, made: string, user: string): boolean {
  if (folderOf(made) === folderOf(user) || isRoot(cluster, made)) return true;
  const makers = cluster.kustomizations.appliedBy(folderOf(made)).map(({ id }) => id);
  return cluster.kustomizations
    .appliedBy(folderOf(user))
    .some(
      ({ id }) =>
        makers.includes(id) || makers.some((maker) => cluster.kustomizations.waitsFor(id).has(maker)),
    );
}

function ids(cluster: Cluster, file: string): string[] {
  return cluster.kustomizations
    .appliedBy(folderOf(file))
    .map(({ manifest }) => text(manifest.object.metadata?.name) ?? '')
    .sort();
}

/** The FluxInstance applies `flux/` before any Kustomization in it. */
function isRoot(cluster: Cluster, file: string): boolean {
  return file.startsWith(`${cluster.name}/flux/`);
}

function folderOf(file: string): string {
  return `dist/${file.slice(0, file.lastIndexOf('/'))}`;
}
