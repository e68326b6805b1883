import type { IKustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1/Kustomization';
import type { Manifest } from '../dist/manifests.ts';
import type { Finding } from './finding.ts';

/**
 * In each cluster, what a Kustomization waits for exists and waits for nothing that waits for it, and the folder it
 * applies holds something. Every other folder is applied by one.
 */
export function checkGraph(manifests: readonly Manifest[]): Finding[] {
  const byCluster = Map.groupBy(manifests, ({ cluster }) => cluster);
  return [...byCluster].flatMap(([cluster, own]) => checkCluster(cluster, own));
}

function checkCluster(cluster: string, manifests: readonly Manifest[]): Finding[] {
  const graph = new Map<string, string[]>();
  const folders = new Map<string, number>();
  for (const { file } of manifests) {
    const folder = file.slice(0, file.lastIndexOf('/'));
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  const applied = new Set([`${cluster}/flux`]);
  const findings: Finding[] = [];
  for (const { file, object } of manifests) {
    if (object.kind !== 'Kustomization') continue;
    const { metadata, spec } = object as IKustomization;
    const folder = (spec?.path ?? '').replace('./dist/', '');
    if (!folders.has(folder))
      findings.push({
        where: `dist/${file}`,
        says: `${metadata?.name} applies ${spec?.path}, which holds nothing`,
      });
    applied.add(folder);
    graph.set(
      metadata?.name ?? '',
      (spec?.dependsOn ?? []).map(({ name }) => name),
    );
  }
  for (const folder of folders.keys()) {
    if (!applied.has(folder)) findings.push({ where: `dist/${folder}`, says: 'no Kustomization applies it' });
  }
  const where = `dist/${cluster}/flux/kustomizations.yaml`;
  for (const [name, dependencies] of graph) {
    for (const dependency of dependencies) {
      if (!graph.has(dependency))
        findings.push({ where, says: `${name} depends on ${dependency}, which is not there` });
    }
  }
  const cycle = findCycle(graph);
  if (cycle) findings.push({ where, says: `wait for each other: ${cycle.join(' -> ')}` });
  return findings;
}

/** A way through the graph that ends where it began, if there is one. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}
