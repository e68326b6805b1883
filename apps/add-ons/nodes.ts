import type { AddOn } from '../../flux/add-on.ts';
import type { AddOnContext } from './context.ts';

/** What nodes, volumes and load balancers come from, and the secrets of apps. */
export function nodesAddOns(_: AddOnContext): AddOn[] {
  return [];
}
