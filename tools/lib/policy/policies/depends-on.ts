import { findCycle } from '../../check/graph.ts';
import type { Manifest } from '../../dist/manifests.ts';
import type { Cluster } from '../cluster.ts';
import { KUSTOMIZATION } from '../kustomizations.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, items, text } from '../read.ts';
import { mend } from '../suggest.ts';

export const dependsOn: Policy = {
  name: 'depends-on',
  reason: 'What waits for something that never comes is never applied, and Flux only says that it waits.',
  check: inClusters((cluster) =>
    [KUSTOMIZATION, 'helm.toolkit.fluxcd.io/HelmRelease'].flatMap((kind) => judge(cluster, kind)),
  ),
};

function judge(cluster: Cluster, kind: string): Breach[] {
  const named = Map.groupBy(cluster.ofKind(kind), idOf);
  const graph = new Map<string, string[]>();
  const missing: Breach[] = [];
  for (const [id, manifests] of [...named].sort(([a], [b]) => (a < b ? -1 : 1))) {
    graph.set(id, []);
    for (const manifest of manifests) {
      for (const [index, dependency] of dependencies(manifest).entries()) {
        graph.get(id)?.push(dependency.id);
        if (named.has(dependency.id)) continue;
        missing.push({
          at: manifest,
          path: `spec.dependsOn[${index}]`,
          wrong: `waits for ${dependency.name}, which is not there`,
          fix: mend(dependency.name, cluster.names(kind, dependency.namespace), 'make it'),
        });
      }
    }
    graph.get(id)?.sort();
  }
  const cycle = findCycle(graph) ?? [];
  const way = cycle.map((id) => id.slice(id.indexOf('/') + 1)).join(' -> ');
  const waiting = (named.get(cycle[0] ?? '') ?? []).filter((manifest) =>
    dependencies(manifest).some(({ id }) => id === cycle[1]),
  );
  return [
    ...missing,
    ...waiting.map((manifest) => ({
      at: manifest,
      path: 'spec.dependsOn',
      wrong: `waits for itself: ${way}`,
      fix: 'take one of these away',
    })),
  ];
}

function idOf({ object }: Manifest): string {
  return `${object.metadata?.namespace ?? ''}/${object.metadata?.name ?? ''}`;
}

function dependencies({ object }: Manifest): { id: string; namespace: string; name: string }[] {
  return items(fields(object.spec).dependsOn).map((entry) => {
    const namespace = text(at(entry, 'namespace')) ?? object.metadata?.namespace ?? '';
    const name = text(at(entry, 'name')) ?? '';
    return { id: `${namespace}/${name}`, namespace, name };
  });
}
