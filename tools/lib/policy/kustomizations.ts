import type { Manifest } from '../dist/manifests.ts';
import { at, fields, items, text } from './read.ts';

/** The kind of Flux's Kustomizations; kustomize's own files are of another group. */
export const KUSTOMIZATION = 'kustomize.toolkit.fluxcd.io/Kustomization';

/** A Flux Kustomization: what it applies and what it waits for. */
export interface Kustomization {
  manifest: Manifest;
  /** `namespace/name`. */
  id: string;
  /** The folder of this repo that it applies, from the root without `./`. @default it applies another source */
  folder: string | undefined;
  /** The ids of those it waits for. */
  dependsOn: readonly string[];
  /** Whether it substitutes variables: from the cluster's own ConfigMap, and which it brings itself. */
  substitutes: { fromCluster: boolean; own: ReadonlySet<string> };
}

/** The ConfigMap with what the CDK knows. */
const CLUSTER_CONFIG_MAP = 'cluster-vars';

export function kustomization(manifest: Manifest): Kustomization {
  const { metadata, spec } = manifest.object;
  const { path, dependsOn, postBuild, sourceRef } = fields(spec);
  const namespace = metadata?.namespace ?? '';
  return {
    manifest,
    id: `${namespace}/${metadata?.name ?? ''}`,
    folder: isThisRepo(sourceRef, namespace) ? folderOf(text(path) ?? '') : undefined,
    dependsOn: items(dependsOn).map(
      (entry) => `${text(at(entry, 'namespace')) ?? namespace}/${text(at(entry, 'name')) ?? ''}`,
    ),
    substitutes: {
      fromCluster: items(at(postBuild, 'substituteFrom')).some(
        (from) => at(from, 'kind') === 'ConfigMap' && at(from, 'name') === CLUSTER_CONFIG_MAP,
      ),
      own: new Set(Object.keys(fields(at(postBuild, 'substitute')))),
    },
  };
}

/** The source of this repo is made by the FluxInstance, in the namespace of Flux. */
export function isThisRepo(sourceRef: unknown, namespace: string | undefined): boolean {
  const { kind, name, namespace: own } = fields(sourceRef);
  return kind === 'GitRepository' && name === 'flux-system' && (own ?? namespace) === 'flux-system';
}

function folderOf(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** Which Kustomizations apply what, and which wait for which. */
export class KustomizationGraph {
  readonly all: readonly Kustomization[];
  private readonly byId: ReadonlyMap<string, readonly Kustomization[]>;
  private readonly byFolder: ReadonlyMap<string | undefined, readonly Kustomization[]>;
  private readonly reached = new Map<string, ReadonlySet<string>>();

  constructor(all: readonly Kustomization[]) {
    this.all = all;
    this.byId = Map.groupBy(all, ({ id }) => id);
    this.byFolder = Map.groupBy(all, ({ folder }) => folder);
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /** Those that apply a folder, from the repo's root: each applies the folders in its own as well. */
  appliedBy(folder: string): readonly Kustomization[] {
    const found: Kustomization[] = [];
    for (let path = folder; ; path = path.slice(0, path.lastIndexOf('/'))) {
      found.push(...(this.byFolder.get(path) ?? []));
      if (!path.includes('/')) return found.concat(path === '' ? [] : (this.byFolder.get('') ?? []));
    }
  }

  /** Those that one waits for, by way of others too. */
  waitsFor(id: string): ReadonlySet<string> {
    const known = this.reached.get(id);
    if (known) return known;
    const reached = new Set<string>();
    const next = [id];
    for (let current = next.pop(); current !== undefined; current = next.pop()) {
      for (const dependency of (this.byId.get(current) ?? []).flatMap(({ dependsOn }) => dependsOn)) {
        if (reached.has(dependency)) continue;
        reached.add(dependency);
        next.push(dependency);
      }
    }
    this.reached.set(id, reached);
    return reached;
  }
}
