import type { Gates, ReleaseStrategy } from '../charts/release-strategy.ts';
import type { Config } from '../config/load.ts';
import { appSettings, previewSubdomain, ringDomain } from '../config/per-ring.ts';
import type { Cluster, Release } from '../config/schema.ts';
import type { AppContext } from './app.ts';
import { servicePlatform } from './service-platform.ts';

/**
 * What an app is told of a cluster.
 *
 * @param config the checked config
 * @param name the name of an app that the cluster runs
 */
export function appContext({ platform, images }: Config, cluster: Cluster, name: string): AppContext {
  const image = images[cluster.ring]?.[name];
  const app = platform.apps[name];
  // The config's checks have seen to both.
  if (image === undefined || app === undefined) throw new Error(`no image of ${name} in ${cluster.ring}`);
  const { replicas, cpu, memory, release, topology, database } = appSettings(platform, name, cluster.ring);
  const domain = ringDomain(platform, cluster.ring);
  return {
    name,
    image,
    host: `${app.subdomain}.${domain}`,
    settings: {
      replicas,
      cpu,
      memory,
      release: releaseStrategy(
        release,
        `${previewSubdomain(app.subdomain)}.${domain}`,
        image.pin?.skipAnalysis,
      ),
    },
    topology,
    poolSize: database?.poolSize,
    region: cluster.region,
    platform: servicePlatform(cluster, platform),
  };
}

/**
 * A release as the config has it, for a web service.
 *
 * @param previewHost the DNS name of a version that is tested before users reach it, where one is asked for
 * @param skipAnalysis whether a pin says that its image is not to be judged
 */
export function releaseStrategy(
  release: Release,
  previewHost: string,
  skipAnalysis = false,
): ReleaseStrategy {
  if (release.strategy === 'rolling') return release;
  // The config's checks have seen that no more than one of them is a person's.
  const gates = release.gates as Gates | undefined;
  const hurry = skipAnalysis && { skipAnalysis };
  if (release.strategy === 'canary') return { ...release, gates, ...hurry };
  const { preview } = release;
  return { ...release, gates, ...hurry, preview: preview && { ...preview, host: previewHost } };
}
