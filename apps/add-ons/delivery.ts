import type { AddOn } from '../../flux/add-on.ts';
import { flagger } from '../../flux/add-ons/flagger.ts';
import type { AddOnContext } from './context.ts';

/** What releases a new version. */
export function deliveryAddOns({ versions, cluster, prometheusUrl }: AddOnContext): AddOn[] {
  return [flagger({ versions, cluster: cluster.name, prometheusUrl })];
}
