import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { difference } from '../synth/publish.ts';
import type { Finding } from './finding.ts';

/** `dist/` is byte for byte what the code compiles to. */
export function checkFresh(files: ReadonlyMap<string, string>, dist: string): Finding[] {
  const { changed, stale } = difference(files, dist);
  return [
    ...changed.map((path) => ({
      where: `dist/${path}`,
      says: `${existsSync(join(dist, path)) ? 'is not what the code compiles to' : 'is missing'}; run \`npm run synth\``,
    })),
    ...stale.map((path) => ({
      where: `dist/${path}`,
      says: 'no chart makes it any more; run `npm run synth`',
    })),
  ];
}
