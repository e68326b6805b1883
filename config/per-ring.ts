// What a platform says about one ring, once defaults and differences are put together.
import { OPTIONAL_ADD_ONS, type OptionalAddOn } from './add-ons.ts';
import type { AppSettings, Cluster, Edge, Platform } from './schema.ts';

/**
 * How an app runs in a ring: its settings, with the ring's own ones in place of the keys they give.
 *
 * @param app the name of an app of the platform
 * @param ring the name of a ring of the platform
 * @throws RangeError when the platform has no such app or ring
 */
export function appSettings(platform: Platform, app: string, ring: string): AppSettings {
  const found = Object.hasOwn(platform.apps, app) ? platform.apps[app] : undefined;
  if (found === undefined) throw new RangeError(`the platform has no app ${JSON.stringify(app)}`);
  findRing(platform, ring);
  const { suspend: _, ...own } = found.rings[ring] ?? {};
  const differences = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...found.settings, ...Object.fromEntries(differences) };
}

/** The name of the ring that a cluster is of; `undefined` when the platform has no such cluster. */
export function ringOfCluster({ clusters }: Platform, cluster: string): string | undefined {
  return clusters.find(({ name }) => name === cluster)?.ring;
}

/**
 * The DNS name under which a ring's apps are reached: `dev.slipway.example`.
 *
 * @param ring the name of a ring of the platform
 * @throws RangeError when the platform has no such ring
 */
export function ringDomain(platform: Platform, ring: string): string {
  return findRing(platform, ring).domain;
}

/**
 * Whether the clusters of a ring have an optional add-on: as the ring says, else as the platform does.
 *
 * @throws RangeError when the platform has no such ring
 */
export function hasAddOn(platform: Platform, ring: string, name: OptionalAddOn): boolean {
  return (findRing(platform, ring).addOns[name] ?? platform.addOns[name] ?? OPTIONAL_ADD_ONS[name]) === 'on';
}

/**
 * How the clusters of a ring are reached: by its own keys, else by the platform's.
 *
 * @throws RangeError when the platform has no such ring
 */
export function ringEdge(platform: Platform, ring: string): Edge & { access: 'public' | 'internal' } {
  const own = Object.entries(findRing(platform, ring).edge).filter(([, value]) => value !== undefined);
  return { access: 'public', ...platform.edge, ...Object.fromEntries(own) };
}

/**
 * Why Flux is to leave an app of a cluster as it is: the cluster's reason, or that of the app in the cluster's ring.
 *
 * @returns `undefined` when Flux syncs it
 */
export function suspension(platform: Platform, cluster: Cluster, app: string): string | undefined {
  return cluster.suspend ?? platform.apps[app]?.rings[cluster.ring]?.suspend;
}

/**
 * Whether the platform of a ring is small or highly available.
 *
 * @throws RangeError when the platform has no such ring
 */
export function ringSizing(platform: Platform, ring: string) {
  return findRing(platform, ring).sizing;
}

/** The label under which a version is reached that is tested before users reach it. */
export function previewSubdomain(subdomain: string): string {
  return `${subdomain}-preview`;
}

function findRing(platform: Platform, name: string) {
  const found = platform.rings.find((ring) => ring.name === name);
  if (found === undefined) throw new RangeError(`the platform has no ring ${JSON.stringify(name)}`);
  return found;
}
