import type { AddOn } from '../../flux/add-on.ts';
import { flaggerMetrics } from '../../flux/add-ons/flagger-metrics.ts';
import { imageAlerts } from '../../flux/add-ons/image-alerts.ts';
import { meshMetrics } from '../../flux/add-ons/mesh-metrics.ts';
import { automatesImages } from '../image-automation.ts';
import type { AddOnContext } from './context.ts';

/** What measures, shows and wakes. */
export function observabilityAddOns({ config, cluster, prometheusUrl, runbooks }: AddOnContext): AddOn[] {
  return [
    meshMetrics(),
    flaggerMetrics({ prometheusUrl }),
    ...(automatesImages(config.platform, cluster) ? [imageAlerts({ runbooks })] : []),
  ];
}
