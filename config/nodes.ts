// What a cluster's record says of its nodes, once defaults are put in.
import { ARCHITECTURES } from './checks/nodes.ts';
import { ringSizing } from './per-ring.ts';
import type { Cluster, Platform } from './schema.ts';

/** The nodes of a cluster. What each key means is said where it is written: config/checks/nodes.ts. */
export type Nodes = { [Key in keyof Cluster['nodes']]-?: NonNullable<Cluster['nodes'][Key]> };

/** Nobody is at the end of a week when a node's exchange goes wrong, and few users are there at night. */
const MAINTENANCE: Nodes['maintenance'] = { days: ['tue', 'wed', 'thu'], from: '02:00', hours: 4 };

/**
 * The nodes of a cluster, with every default filled in.
 *
 * @param platform one with no mistake
 */
export function clusterNodes(platform: Platform, { nodes, ring }: Cluster): Nodes {
  const isHighlyAvailable = ringSizing(platform, ring) === 'highly-available';
  return {
    maxCpu: nodes.maxCpu ?? (isHighlyAvailable ? 64 : 16),
    spot: nodes.spot ?? !isHighlyAvailable,
    architectures: nodes.architectures ?? [...ARCHITECTURES],
    maintenance: nodes.maintenance ?? MAINTENANCE,
  };
}
