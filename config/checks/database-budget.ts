import { appSettings } from '../per-ring.ts';
import type { AppSettings, Cluster, Platform, Topology } from '../schema.ts';
import type { Finding } from './cross-checks.ts';

/** How many services of an app hold connections, by how it is laid out. Conduit's pages hold none of their own. */
const SERVICES: Readonly<Record<Topology, number>> = {
  single: 1,
  split: 3,
  'single-to-split': 4,
  'split-to-single': 4,
};

/** By which a Deployment may pass its size while it replaces its pods. */
const SURGE = 0.25;

/**
 * Clusters whose apps could open more connections than their database server takes. At the worst moment all pods that
 * autoscaling allows are there, a release has as many again, and the first ones are being replaced by the last.
 *
 * @param platform one with no other mistake
 */
export function checkConnections(platform: Platform): Finding[] {
  return platform.clusters.flatMap((cluster, index): Finding[] => {
    const uses = cluster.apps.flatMap((app) => useOf(app, platform, cluster));
    const most = uses.reduce((sum, { connections }) => sum + connections, 0);
    const { maxConnections } = cluster.database;
    if (most <= maxConnections) return [];
    const says = `found ${maxConnections}; allowed: ${most} or more, for ${uses.map(({ text }) => text).join('; ')}. Or give the apps fewer "replicas.max" or a smaller "database.poolSize"`;
    return [{ path: ['clusters', index, 'database', 'maxConnections'], says }];
  });
}

/** What an app may open at once in a cluster, as a number and as a sum; nothing for one without a database. */
function useOf(app: string, platform: Platform, { ring }: Cluster): { connections: number; text: string }[] {
  const settings = appSettings(platform, app, ring);
  if (settings.database === undefined) return [];
  const each = settings.database.poolSize + 1;
  const { pods, text } = podsOf(settings);
  const services = SERVICES[settings.topology];
  const connections = services * pods * each;
  const times = services === 1 ? '' : `${services} services x `;
  return [{ connections, text: `${app}: ${times}${text} x (${each - 1} + 1) connections = ${connections}` }];
}

function podsOf({ replicas, release }: AppSettings): { pods: number; text: string } {
  const surge = Math.ceil(replicas.max * SURGE);
  if (release.strategy === 'rolling') {
    return { pods: replicas.max + surge, text: `(${replicas.max} pods + ${surge} while they are replaced)` };
  }
  return {
    pods: 2 * replicas.max + surge,
    text: `(2 x ${replicas.max} pods in a release + ${surge} while they are replaced)`,
  };
}
