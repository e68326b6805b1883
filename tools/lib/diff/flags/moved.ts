import type { Flag } from '../report.ts';

/** An object changes hands between two Kustomizations. */
export function movedFlags(from: string, to: string): Flag[] {
  return [
    {
      kind: 'moved',
      severity: 'warning',
      label: `moves from ${from}`,
      says: `moves from ${from} to ${to}: if Flux prunes the one before it applies the other, it is deleted and made again`,
    },
  ];
}
