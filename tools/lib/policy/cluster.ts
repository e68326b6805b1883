import type { Manifest } from '../dist/manifests.ts';
import { type Canary, canary, identitiesMadeFor } from './flagger.ts';
import { groupKind, key } from './identify.ts';
import { KUSTOMIZATION, KustomizationGraph, kustomization } from './kustomizations.ts';
import { PodIndex } from './pods.ts';
import { fields, text } from './read.ts';
import { type Workload, workload } from './workloads.ts';

/** The namespaces that Kubernetes and Flux bring. */
export const GIVEN_NAMESPACES: ReadonlySet<string> = new Set(['default', 'kube-system', 'flux-system']);

/** The objects of one cluster, indexed once for all policies. */
export class Cluster {
  readonly name: string;
  readonly manifests: readonly Manifest[];
  readonly workloads: readonly Workload[];
  readonly canaries: readonly Canary[];
  readonly kustomizations: KustomizationGraph;
  readonly pods: PodIndex;
  private readonly byKind: ReadonlyMap<string, readonly Manifest[]>;
  private readonly byKey: ReadonlyMap<string, readonly Manifest[]>;
  private readonly workloadsByKey: ReadonlyMap<string, readonly Workload[]>;
  private readonly canariesByTarget: ReadonlyMap<string, readonly Canary[]>;
  /** By kind, then by namespace; made when a kind is first asked for. */
  private readonly byNamespace = new Map<string, ReadonlyMap<string, readonly Manifest[]>>();
  private readonly flaggers = new Map<string, Canary>();
  private readonly unseen: ReadonlySet<string>;

  constructor(name: string, manifests: readonly Manifest[]) {
    this.name = name;
    this.manifests = manifests;
    this.byKind = Map.groupBy(manifests, ({ object }) => groupKind(object));
    this.byKey = Map.groupBy(manifests, keyOf);
    this.workloads = manifests.map(workload).filter((found) => found !== undefined);
    this.workloadsByKey = Map.groupBy(this.workloads, ({ manifest }) => keyOf(manifest));
    this.canaries = this.ofKind('flagger.app/Canary').map(canary);
    this.canariesByTarget = Map.groupBy(this.canaries, targetKey);
    for (const own of this.canaries) {
      const targets = this.workloadsByKey.get(targetKey(own)) ?? [];
      for (const made of identitiesMadeFor(own, targets)) {
        const other = this.flaggers.get(made);
        if (other === undefined || own.name < other.name) this.flaggers.set(made, own);
      }
    }
    this.kustomizations = new KustomizationGraph(this.ofKind(KUSTOMIZATION).map(kustomization));
    this.pods = new PodIndex(this.workloads, (own) => this.canariesOf(own).length > 0);
    this.unseen = namespacesOfHelm(this.ofKind('helm.toolkit.fluxcd.io/HelmRelease'));
  }

  /** The objects of a group and kind: `apps/Deployment`, `Service`. */
  ofKind(kind: string): readonly Manifest[] {
    return this.byKind.get(kind) ?? [];
  }

  /** The objects of that identity: one, or several by mistake. */
  find(kind: string, namespace: string | undefined, name: string | undefined): readonly Manifest[] {
    return this.byKey.get(key(kind, namespace, name)) ?? [];
  }

  /** The objects of a group and kind in a namespace. */
  inNamespace(kind: string, namespace: string): readonly Manifest[] {
    let own = this.byNamespace.get(kind);
    if (own === undefined) {
      own = Map.groupBy(this.ofKind(kind), ({ object }) => object.metadata?.namespace ?? '');
      this.byNamespace.set(kind, own);
    }
    return own.get(namespace) ?? [];
  }

  /** The names of a kind's objects in a namespace, for who looked for another. */
  names(kind: string, namespace: string | undefined): string[] {
    return this.ofKind(kind)
      .filter(({ object }) => object.metadata?.namespace === namespace)
      .map(({ object }) => object.metadata?.name ?? '');
  }

  /** The Canary for which Flagger makes an object of that identity. */
  madeByFlagger(kind: string, namespace: string | undefined, name: string | undefined): Canary | undefined {
    return this.flaggers.get(key(kind, namespace, name));
  }

  /** The Canaries whose target a workload is. */
  canariesOf({ manifest }: Workload): readonly Canary[] {
    return this.canariesByTarget.get(keyOf(manifest)) ?? [];
  }

  /**
   * Whether a namespace may hold pods and Services that no manifest shows: those of Kubernetes and Flux, or a Helm
   * chart's. What is missing among the manifests may be there.
   */
  holdsUnseen(namespace: string | undefined): boolean {
    return namespace !== undefined && (GIVEN_NAMESPACES.has(namespace) || this.unseen.has(namespace));
  }
}

/** The clusters of a compile. */
export function clusters(manifests: readonly Manifest[]): Cluster[] {
  return [...Map.groupBy(manifests, ({ cluster }) => cluster)].map(([name, own]) => new Cluster(name, own));
}

/** What tells an object from all others of its cluster: its kind, namespace and name. */
export function keyOf({ object }: Manifest): string {
  return key(groupKind(object), object.metadata?.namespace, object.metadata?.name);
}

function targetKey({ targetKind, namespace, target }: Canary): string {
  return key(targetKind, namespace, target);
}

function namespacesOfHelm(releases: readonly Manifest[]): Set<string> {
  return new Set(
    releases.map(
      ({ object }) => text(fields(object.spec).targetNamespace) ?? object.metadata?.namespace ?? '',
    ),
  );
}
