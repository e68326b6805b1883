import { clusterAddOns } from '../../../apps/add-ons/cluster-add-ons.ts';
import type { Config } from '../../../config/load.ts';
import type { StatusContext } from '../../../config/status-context.ts';
import type { Kind } from './timeline.ts';

/**
 * The Kustomizations that apply an app, or the chart of an add-on, in a ring: one for each cluster that runs it, and more
 * where one chart serves several add-ons.
 *
 * @param name of the app, or of the chart in `config/versions.yaml`
 */
export function placesOf(config: Config, kind: Kind, ring: string, name: string): StatusContext[] {
  const clusters = config.platform.clusters.filter((cluster) => cluster.ring === ring);
  if (kind === 'image') {
    return clusters
      .filter(({ apps }) => apps.includes(name))
      .map((cluster) => ({ cluster: cluster.name, kustomization: name }));
  }
  return clusters.flatMap((cluster) =>
    clusterAddOns(config, cluster)
      .filter(({ charts }) => charts?.includes(name))
      .map((addOn) => ({ cluster: cluster.name, kustomization: addOn.name })),
  );
}
