// What the console shows, as plain data: put together from the config and from the objects in dist/.
import { showPin } from '../../config/checks/images.ts';
import type { Config } from '../../config/load.ts';
import type { Ring } from '../../config/schema.ts';
import type { Manifest } from '../lib/dist/manifests.ts';
import { compareVersions } from '../lib/version.ts';

/** The fleet at one moment. */
export interface Fleet {
  readonly rings: readonly Ring[];
  /** How each app stands, ring by ring. */
  readonly apps: readonly Track[];
  /** How each add-on stands, ring by ring. */
  readonly addOns: readonly Track[];
  readonly clusters: readonly ClusterView[];
}

/** One thing's way through the rings, in their order. */
export interface Track {
  readonly name: string;
  readonly stations: readonly Station[];
}

/** How a ring's version stands to that of the next ring that has one. */
export type Standing = 'ahead' | 'same' | 'behind' | 'different';

/** What a ring has of a track. */
export interface Station {
  readonly ring: string;
  /** Absent where the ring has none. */
  readonly version?: string;
  /** The full reference of the image, for apps. */
  readonly reference?: string;
  /** How it moves on: by image automation, by a person's yes, or not, as it is pinned. Only for apps. */
  readonly moves?: 'automatic' | 'approval' | 'pinned';
  /** Why it is pinned, and whether its releases are not analysed, as its comment says it. */
  readonly pin?: string;
  /** Against the next ring that has a version; absent for the last one. */
  readonly standing?: Standing;
}

/** One cluster. */
export interface ClusterView {
  readonly name: string;
  /** Absent for a folder in dist/ that the config does not name: it has yet to be compiled away. */
  readonly ring?: string;
  readonly region?: string;
  readonly account?: string;
  readonly zones?: readonly string[];
  /** Why Flux leaves all of it as it is. */
  readonly suspend?: string;
  readonly layers: readonly Layer[];
  /** What the root sync applies itself: sources, Kustomizations, image automation. */
  readonly root: readonly ObjectView[];
  readonly objects: number;
}

/** One Flux Kustomization: a folder, and what must be ready before it. */
export interface Layer {
  readonly name: string;
  readonly group: 'platform' | 'apps';
  /** From the repo's root: `dist/dev-eu-west-1/apps/conduit`. */
  readonly path: string;
  readonly dependsOn: readonly string[];
  /** What the folder installs: the version of its Helm chart, or the tag of its image. */
  readonly version?: string;
  /** Whether Flux leaves it as it is. */
  readonly isSuspended: boolean;
  readonly objects: readonly ObjectView[];
}

/** One object of Kubernetes. */
export interface ObjectView {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** From the repo's root. */
  readonly file: string;
}

/**
 * Puts the fleet together.
 *
 * @param config the checked config
 * @param manifests every object in dist/
 */
export function buildFleet(config: Config, manifests: readonly Manifest[]): Fleet {
  const { platform, versions } = config;
  const byCluster = Map.groupBy(manifests, ({ cluster }) => cluster);
  const names = [...new Set([...platform.clusters.map(({ name }) => name), ...byCluster.keys()])];
  const addOns = [...new Set(Object.values(versions).flatMap((ring) => Object.keys(ring ?? {})))];
  return {
    rings: platform.rings,
    apps: Object.keys(platform.apps).map((name) => ({
      name,
      stations: withStandings(platform.rings.map((ring) => imageStation(config, name, ring))),
    })),
    addOns: addOns.map((name) => ({
      name,
      stations: withStandings(
        platform.rings.map((ring) => {
          const version = (versions as Record<string, Record<string, string>>)[ring.name]?.[name];
          return { ring: ring.name, ...(version !== undefined && { version }) };
        }),
      ),
    })),
    clusters: names.map((name) => buildCluster(config, name, byCluster.get(name) ?? [])),
  };
}

/** Splits `host/path:tag@digest`; an image without a tag shows as its digest's beginning. */
export function imageTag(reference: string): string {
  const [tagged = '', digest = ''] = reference.split('@');
  const colon = tagged.lastIndexOf(':');
  return colon > tagged.lastIndexOf('/') ? tagged.slice(colon + 1) : digest.slice(0, 19);
}

function imageStation({ images }: Config, app: string, ring: Ring): Station {
  const image = images[ring.name]?.[app];
  if (image === undefined) return { ring: ring.name };
  const { reference, policy, pin } = image;
  const free = ring.promotion === 'approval' ? 'approval' : policy === undefined ? 'pinned' : 'automatic';
  const moves = pin === undefined ? free : 'pinned';
  return {
    ring: ring.name,
    version: imageTag(reference),
    reference,
    moves,
    ...(pin && { pin: showPin(pin) }),
  };
}

function withStandings(stations: readonly Station[]): Station[] {
  return stations.map((station, index) => {
    const next = stations.slice(index + 1).find(({ version }) => version !== undefined);
    if (station.version === undefined || next?.version === undefined) return station;
    return { ...station, standing: standing(station.version, next.version) };
  });
}

function standing(version: string, next: string): Standing {
  const order = compareVersions(version, next);
  if (order === undefined) return 'different';
  return order === 0 ? 'same' : order > 0 ? 'ahead' : 'behind';
}

function buildCluster({ platform }: Config, name: string, manifests: readonly Manifest[]): ClusterView {
  const record = platform.clusters.find((cluster) => cluster.name === name);
  const byFolder = Map.groupBy(manifests, ({ file }) => file.slice(0, file.lastIndexOf('/')));
  const root = byFolder.get(`${name}/flux`) ?? [];
  const charts = chartVersions(root);
  const layers = root
    .filter(({ object }) => isFluxKustomization(object))
    .map(({ object }) => buildLayer(object as FluxKustomization, name, byFolder, charts));
  const { ring, region, account, zones, suspend } = record ?? {};
  return {
    name,
    ...(record && { ring, region, account, zones }),
    ...(suspend !== undefined && { suspend }),
    layers,
    root: root.map(objectView),
    objects: manifests.filter(({ object }) => !isPlainKustomization(object)).length,
  };
}

interface FluxKustomization {
  metadata?: { name?: string };
  spec?: { path?: string; suspend?: boolean; dependsOn?: { name?: string }[] };
}

function isFluxKustomization({ apiVersion, kind }: Manifest['object']): boolean {
  return kind === 'Kustomization' && (apiVersion?.startsWith('kustomize.toolkit.fluxcd.io/') ?? false);
}

/** The file `kustomization.yaml` tells kustomize what to do; nobody applies it. */
function isPlainKustomization({ apiVersion, kind }: Manifest['object']): boolean {
  return kind === 'Kustomization' && (apiVersion?.startsWith('kustomize.config.k8s.io/') ?? false);
}

function buildLayer(
  { metadata, spec }: FluxKustomization,
  cluster: string,
  byFolder: ReadonlyMap<string, Manifest[]>,
  charts: ReadonlyMap<string, string>,
): Layer {
  const path = (spec?.path ?? '').replace(/^\.\//, '').replace(/\/$/, '');
  const manifests = (byFolder.get(path.replace(/^dist\//, '')) ?? []).filter(
    ({ object }) => !isPlainKustomization(object),
  );
  const name = metadata?.name ?? '';
  const version = installedVersion(name, manifests, charts);
  return {
    name,
    group: path.startsWith(`dist/${cluster}/apps/`) ? 'apps' : 'platform',
    path,
    dependsOn: (spec?.dependsOn ?? []).flatMap(({ name }) => name ?? []),
    ...(version !== undefined && { version }),
    isSuspended: spec?.suspend === true,
    objects: manifests.map(objectView),
  };
}

function objectView({ file, object }: Manifest): ObjectView {
  const { kind = '', metadata = {} } = object;
  const { name = '', namespace } = metadata;
  return { kind, name, ...(namespace && { namespace }), file: `dist/${file}` };
}

/** The versions of the Helm charts that the cluster's sources offer, by the source's name. */
function chartVersions(root: readonly Manifest[]): Map<string, string> {
  return new Map(
    root.flatMap(({ object }) => {
      const tag = (object.spec as { ref?: { tag?: string } } | undefined)?.ref?.tag;
      return object.kind === 'OCIRepository' && tag !== undefined ? [[object.metadata?.name ?? '', tag]] : [];
    }),
  );
}

interface HelmReleaseSpec {
  chartRef?: { name?: string };
  chart?: { spec?: { version?: string } };
}

interface WorkloadSpec {
  template?: { spec?: { containers?: { image?: string }[] } };
}

/** The version that stands for a folder: that of the chart or workload of its name, or of the only one there is. */
function installedVersion(
  name: string,
  manifests: readonly Manifest[],
  charts: ReadonlyMap<string, string>,
): string | undefined {
  const versions = new Map<string, string>();
  for (const { object } of manifests) {
    const own = object.metadata?.name ?? '';
    const spec = (object.spec ?? {}) as HelmReleaseSpec & WorkloadSpec;
    if (object.kind === 'HelmRelease') {
      const version = spec.chart?.spec?.version ?? charts.get(spec.chartRef?.name ?? '');
      if (version !== undefined) versions.set(own, version);
    }
    const image = object.kind === 'Deployment' ? spec.template?.spec?.containers?.[0]?.image : undefined;
    if (image !== undefined) versions.set(own, imageTag(image));
  }
  const all = [...new Set(versions.values())];
  return versions.get(name) ?? (all.length === 1 ? all[0] : undefined);
}
