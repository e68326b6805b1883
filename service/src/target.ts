import type { Part } from './contract/operation.ts';

/** What one process of the service does: everything, the pages, or one part of the API. */
export const TARGETS = ['all', 'web', 'auth', 'content', 'recommendations'] as const;

/** What one process of the service does. */
export type Target = (typeof TARGETS)[number];

/** The parts of the API that answer in this process. */
export function partsOf(target: Target): readonly Part[] {
  switch (target) {
    case 'all':
      return ['auth', 'content', 'recommendations'];
    case 'web':
      return [];
    default:
      return [target];
  }
}

/** Whether this process serves the pages. */
export function servesPages(target: Target): boolean {
  return target === 'all' || target === 'web';
}

/** Whether this process uses the database: the pages alone get by with the API. */
export function usesDatabase(target: Target): boolean {
  return partsOf(target).length > 0;
}
