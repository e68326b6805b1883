import type { AddOn } from '../../flux/add-on.ts';
import type { AddOnContext } from './context.ts';

/** How users get in. */
export function edgeAddOns(_: AddOnContext): AddOn[] {
  return [];
}
