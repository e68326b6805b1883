import { ringDomain, ringOfCluster } from '../../../../config/per-ring.ts';
import { traceRoutes } from '../../routes/trace.ts';
import type { Breach, Policy } from '../policy.ts';

export const routes: Policy = {
  name: 'routes',
  reason:
    'A route that breaks on its way is found by users first; one that goes past the split shows no release to anybody.',
  check({ config: { platform }, clusters }) {
    const breaches = clusters.flatMap((cluster) => {
      const ring = ringOfCluster(platform, cluster.name);
      return traceRoutes(cluster, ring && ringDomain(platform, ring)).flatMap((route) => route.breaches);
    });
    // What is wrong with the edge breaks every route, and is said once.
    return [...new Map(breaches.map((breach) => [keyOf(breach), breach])).values()];
  },
};

function keyOf({ at, path, wrong }: Breach): string {
  const place = typeof at === 'string' ? at : `${at.file} ${JSON.stringify(at.object.metadata)}`;
  return `${place} ${path} ${wrong}`;
}
