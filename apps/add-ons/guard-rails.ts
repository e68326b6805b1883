import type { AddOn } from '../../flux/add-on.ts';
import type { AddOnContext } from './context.ts';

/** What nobody may do, and who makes room for whom. */
export function guardRailsAddOns(_: AddOnContext): AddOn[] {
  return [];
}
