import { compareCluster } from './compare-cluster.ts';
import { DocumentReader } from './documents.ts';
import type { Base } from './git.ts';
import type { TwoDists } from './read-dist.ts';
import type { Report } from './report.ts';

/** The clusters that `dist/` holds on either side, by name. */
export function clusterNames({ changed, unchanged }: TwoDists): string[] {
  const paths = [...unchanged.keys(), ...changed.map(({ path }) => path)];
  return [...new Set(paths.map(clusterOf))].sort();
}

/**
 * What changes, cluster by cluster.
 *
 * @param base where the side before comes from
 * @param dists both sides of `dist/`
 */
export function compareDists(base: Base, { changed, unchanged }: TwoDists): Report {
  const reader = new DocumentReader();
  const report: Report = { version: 1, base, clusters: [], unchanged: [] };
  const changedBy = Map.groupBy(changed, ({ path }) => clusterOf(path));
  const unchangedBy = Map.groupBy(unchanged, ([path]) => clusterOf(path));
  for (const cluster of clusterNames({ changed, unchanged })) {
    const own = (path: string) => path.slice(path.indexOf('/') + 1);
    const files = {
      changed: (changedBy.get(cluster) ?? []).map((file) => ({ ...file, path: own(file.path) })),
      unchanged: new Map((unchangedBy.get(cluster) ?? []).map(([path, text]) => [own(path), text])),
    };
    const changes = files.changed.length === 0 ? undefined : compareCluster(cluster, files, reader);
    if (changes) report.clusters.push(changes);
    else report.unchanged.push(cluster);
  }
  return report;
}

/** A file right in `dist/` belongs to no cluster. */
function clusterOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '.';
}
