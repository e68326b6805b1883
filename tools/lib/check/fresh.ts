import { difference } from '../synth/publish.ts';
import type { Finding } from './finding.ts';

/** `dist/` is byte for byte what the code compiles to. */
export function checkFresh(files: ReadonlyMap<string, string>, dist: string): Finding[] {
  const { changed, stale } = difference(files, dist);
  return [
    ...changed.map((path) => ({
      where: `dist/${path}`,
      says: 'is not what the code compiles to; run `npm run synth`',
    })),
    ...stale.map((path) => ({
      where: `dist/${path}`,
      says: 'no chart makes it any more; run `npm run synth`',
    })),
  ];
}
