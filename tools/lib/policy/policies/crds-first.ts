import { helmCharts } from '../../chart-keys/helm-charts.ts';
import { type ChartRecords, type ChartVersion, readRecords } from '../../chart-keys/record.ts';
import { identity, type Manifest } from '../../dist/manifests.ts';
import { KINDS } from '../../schema/kinds.ts';
import type { Cluster } from '../cluster.ts';
import { groupKind, groupOf } from '../identify.ts';
import { isThisRepo, KUSTOMIZATION, type Kustomization } from '../kustomizations.ts';
import type { Breach, Policy } from '../policy.ts';
import { at, fields, text } from '../read.ts';

export const crdsFirst: Policy = {
  name: 'crds-first',
  reason:
    'Flux fails a whole folder for one object whose kind the cluster does not know yet, or whose controller is not there to take it.',
  check: ({ clusters }) => {
    const known = records();
    return clusters.flatMap((cluster) => judge(cluster, known));
  },
};

const DEPENDS_ON = 'spec.dependsOn';

let read: ChartRecords | undefined;

/** Read when the first compile is judged, and once. */
function records(): ChartRecords {
  read ??= readRecords();
  return read;
}

/** A HelmRelease, or whatever else brings something, with what is known of it. */
interface Bringer {
  manifest: Manifest;
  known: ChartVersion;
  values: unknown;
}

function judge(cluster: Cluster, known: ChartRecords): Breach[] {
  const bringers = [...charts(cluster, known), ...repositories(cluster, known)];
  const installers = byWhat(bringers, installed);
  const controllers = byWhat(bringers, ({ known: { controls = [] } }) => controls);
  for (const crd of cluster.ofKind('apiextensions.k8s.io/CustomResourceDefinition')) {
    const { group, names } = fields(crd.object.spec);
    const kind = `${text(group)}/${text(at(names, 'kind'))}`;
    installers.set(kind, [...(installers.get(kind) ?? []), crd]);
  }
  const breaches = [
    ...[...installers].flatMap(([kind, by]) => (by.length > 1 ? [ownedTwice(kind, by)] : [])),
    ...needed(cluster).flatMap(({ kind, manifest, appliedBy }) => {
      const wanted = installers.get(kind) ?? [];
      if (wanted.length === 0) return [unknown(kind, manifest)];
      const controls = controllers.get(groupOf(kind)) ?? [];
      return [
        ...wanted.flatMap((bringer) => order(cluster, kind, appliedBy, bringer, 'installs')),
        ...controls.flatMap((bringer) => order(cluster, kind, appliedBy, bringer, 'controls')),
      ];
    }),
  ];
  // A folder that waits for one chart waits for all kinds of that chart.
  return [...new Map(breaches.map((breach) => [keyOf(breach), breach])).values()];
}

/** What is mended by the same edit: an entry in `dependsOn`, or else each finding by itself. */
function keyOf({ at: where, path, wrong, fix }: Breach): string {
  const place = typeof where === 'string' ? where : identity(where.object);
  return path === DEPENDS_ON ? `${place} ${fix}` : `${place} ${wrong}`;
}

/** The charts of HelmReleases, as they were recorded; of a version that was not, as the newest that was. */
function charts(cluster: Cluster, known: ChartRecords): Bringer[] {
  return helmCharts(cluster.manifests).flatMap(({ manifest, chart, version, values }) =>
    bringer(known, chart, version, manifest, values),
  );
}

/** Repositories of others that a Kustomization applies something of. */
function repositories(cluster: Cluster, known: ChartRecords): Bringer[] {
  return cluster.ofKind(KUSTOMIZATION).flatMap((manifest) => {
    const { sourceRef } = fields(manifest.object.spec);
    const own = manifest.object.metadata?.namespace;
    if (isThisRepo(sourceRef, own)) return [];
    const { name, namespace } = fields(sourceRef);
    const [source] = cluster.find(
      'source.toolkit.fluxcd.io/GitRepository',
      text(namespace) ?? own,
      text(name),
    );
    const { url, ref } = fields(source?.object.spec);
    const repository = text(url)
      ?.replace(/(\.git)?\/*$/, '')
      .split('/')
      .at(-1);
    return bringer(known, repository ?? '', text(at(ref, 'tag')) ?? '', manifest, {});
  });
}

function bringer(
  records: ChartRecords,
  name: string,
  version: string,
  manifest: Manifest,
  values: unknown,
): Bringer[] {
  const { versions = {} } = records.get(name) ?? {};
  const known = versions[version.replace(/^v/, '')] ?? Object.values(versions).at(-1);
  return known === undefined ? [] : [{ manifest, known, values }];
}

/** The kinds that it installs: those of its templates where its values say so, those of its folder unless Flux skips it. */
function installed({ manifest, known, values }: Bringer): readonly string[] {
  const { crds = [], crdsWhen, crdsByDefault = false } = known;
  const isOn =
    crdsWhen === undefined
      ? at(manifest.object.spec, 'install', 'crds') !== 'Skip'
      : (at(values, ...crdsWhen.split('.')) ?? crdsByDefault) === true;
  return isOn ? crds : [];
}

function byWhat(
  bringers: readonly Bringer[],
  what: (bringer: Bringer) => readonly string[],
): Map<string, Manifest[]> {
  const found = new Map<string, Manifest[]>();
  for (const bringer of bringers) {
    for (const item of what(bringer)) found.set(item, [...(found.get(item) ?? []), bringer.manifest]);
  }
  return found;
}

/** The kinds that are neither Kubernetes' nor Flux's own, each once for the Kustomization that applies it. */
function needed(cluster: Cluster): { kind: string; manifest: Manifest; appliedBy: Kustomization }[] {
  const found = new Map<string, { kind: string; manifest: Manifest; appliedBy: Kustomization }>();
  for (const manifest of cluster.manifests) {
    const { object } = manifest;
    if (!isCustom(object.apiVersion, object.kind)) continue;
    const kind = groupKind(object);
    for (const appliedBy of cluster.kustomizations.appliedBy(folderOf(manifest))) {
      const key = `${appliedBy.id} ${kind}`;
      const known = found.get(key);
      if (known === undefined || place(manifest) < place(known.manifest))
        found.set(key, { kind, manifest, appliedBy });
    }
  }
  return [...found.values()];
}

function place({ file, object }: Manifest): string {
  return `${file} ${identity(object)}`;
}

/** Whether a kind is there only when something installs it. Kinds that nobody knows are the schemas' to refuse. */
function isCustom(apiVersion: string, kind: string): boolean {
  const types = KINDS[`${apiVersion}/${kind}`]?.types;
  return types !== undefined && !types.startsWith('kubernetes-models/') && !types.includes('/flux-cd/');
}

function ownedTwice(kind: string, by: readonly Manifest[]): Breach {
  const [first, second] = by;
  const owner = `${first?.object.kind} ${first?.object.metadata?.name}`;
  return {
    at: second ?? '',
    wrong: `installs ${kind}, which ${owner} installs too`,
    fix: 'let one of them leave it out',
  };
}

function unknown(kind: string, manifest: Manifest): Breach {
  return {
    at: manifest,
    path: 'kind',
    wrong: `nothing in the cluster is known to install ${kind}`,
    fix: 'install what does, and record its CRDs: npm run chart:keys -- --help',
  };
}

/** Whether what applies an object waits for what applies the one that brings its kind. */
function order(
  cluster: Cluster,
  kind: string,
  by: Kustomization,
  bringer: Manifest,
  does: 'installs' | 'controls',
): Breach[] {
  const waits = cluster.kustomizations.waitsFor(by.id);
  const first = cluster.kustomizations.appliedBy(folderOf(bringer));
  const what = `${bringer.object.kind} ${bringer.object.metadata?.name}`;
  return first.flatMap(({ id, manifest }): Breach[] => {
    const name = manifest.object.metadata?.name ?? '';
    if (id === by.id) {
      const wrong = `applies ${kind} together with ${what}, which ${does} that kind`;
      return [{ at: by.manifest, wrong, fix: 'move it into a folder of its own that waits for this one' }];
    }
    if (waits.has(id)) return [];
    const wrong = `applies ${kind} and does not wait for ${name}, whose ${what} ${does} that kind`;
    return [{ at: by.manifest, path: DEPENDS_ON, wrong, fix: `add ${JSON.stringify(name)}` }];
  });
}

/** The folder of a manifest, from the repo's root. */
function folderOf({ file }: Manifest): string {
  return `dist/${file.slice(0, file.lastIndexOf('/'))}`;
}
