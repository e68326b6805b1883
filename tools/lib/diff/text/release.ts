import type { Bump } from '../report.ts';
import { visible } from './visible.ts';

/** How much of a digest tells it from others. */
const DIGEST = 12;

/** What got a new version, as short as its app allows: `conduit`, `shop: proxy`, `chart flagger`. */
export function releaseName({ what, folder, name }: Pick<Bump, 'what' | 'folder' | 'name'>): string {
  const short = visible(name.slice(name.lastIndexOf('/') + 1));
  if (what === 'chart') return `chart ${short}`;
  const app = visible(folder.slice(folder.lastIndexOf('/') + 1));
  return app === short ? app : `${app}: ${short}`;
}

/** From which version to which: `0.1.0 → 0.2.0-rc.3`. */
export function versions({ before, after, older }: Pick<Bump, 'before' | 'after' | 'older'>): string {
  return `${version(before)} → ${version(after)}${older ? ' (older)' : ''}`;
}

function version(text: string): string {
  return visible(text.replace(/(sha256:[0-9a-f]+)/, (digest) => digest.slice(0, 'sha256:'.length + DIGEST)));
}
