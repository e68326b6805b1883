import type { Chart } from 'cdk8s';
import type { Config } from '../config/load.ts';
import type { Cluster, Platform, Ring } from '../config/schema.ts';
import { ImageSource, type RegistryAccess, RingAutomation, RingPolicy } from '../flux/image-automation.ts';
import { PULL_SECRET } from '../flux/names.ts';

/**
 * Flux watches the images of our own apps and keeps the rings that take images by themselves on the newest. Where no
 * cluster of a ring runs an app there is nothing to keep, and an automation that selects no policy would be an error.
 */
export function imageAutomation(chart: Chart, { platform, images }: Config): void {
  const automated = platform.rings.filter((ring) => ring.promotion === 'automatic');
  const runs = (app: string, ring: Ring) =>
    platform.clusters.some((cluster) => cluster.ring === ring.name && cluster.apps.includes(app));
  const isOurs = (app: string) =>
    Object.values(images).some((ring) => ring[app]?.reference.startsWith(`${platform.registry}/${app}:`));
  const apps = Object.keys(platform.apps).filter(isOurs);
  for (const app of apps) {
    const rings = automated.filter((ring) => runs(app, ring));
    if (rings.length > 0) {
      new ImageSource(chart, app, { image: `${platform.registry}/${app}`, access: registryAccess(platform) });
    }
    for (const ring of rings) {
      new RingPolicy(chart, policyName(app, ring), { app, ring: ring.name, images: ring.images });
    }
  }
  for (const ring of automated.filter((ring) => apps.some((app) => runs(app, ring)))) {
    new RingAutomation(chart, `images-${ring.name}`, { ring: ring.name, branch: platform.git.branch });
  }
}

/** Whether it is the one cluster that writes new images into the repo. */
export function automatesImages({ imageAutomation }: Platform, { name }: Cluster): boolean {
  return name === imageAutomation.cluster;
}

function registryAccess({ registryAccess: access }: Platform): RegistryAccess {
  return access === 'pull-secret' ? { pullSecret: PULL_SECRET } : access;
}

function policyName(app: string, ring: Ring): string {
  return `${app}-${ring.name}`;
}
