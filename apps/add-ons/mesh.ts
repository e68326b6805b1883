import type { AddOn } from '../../flux/add-on.ts';
import type { AddOnContext } from './context.ts';

/** The mesh, and the certificates it lives on. */
export function meshAddOns(_: AddOnContext): AddOn[] {
  return [];
}
