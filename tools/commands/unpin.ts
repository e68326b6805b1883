import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { count } from '../lib/count.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { placeOf, unpinEdit } from '../lib/pins/edits.ts';
import { unpinMeans } from '../lib/pins/words.ts';
import { prepare, write } from '../lib/promote/apply.ts';
import { shortVersion } from '../lib/promote/runs.ts';
import { ROOT } from '../lib/repo.ts';

/** `npm run unpin`: lets go of an image that a pin holds. */
export function command(): Command {
  return new Command()
    .description(
      'Takes the pin of an app in a ring away, and puts the marker back where images arrive by themselves. Edits apps/images.yaml and dist/; commit and push them.',
    )
    .argument('<app>', 'the app')
    .requiredOption('--ring <name>', 'the ring')
    .action(unpin);
}

async function unpin(app: string, { ring }: { ring: string }): Promise<void> {
  const elapsed = stopwatch();
  const config = await loadConfig(ROOT);
  const place = placeOf(config, app, ring);
  const prepared = await prepare(ROOT, config, [unpinEdit(config, place)]);
  write(ROOT, prepared);
  console.log(
    `${app} in ${ring} is no longer pinned at ${shortVersion(place.reference)} (${place.pin?.reason})`,
  );
  if (place.pin?.skipAnalysis) console.log('Its releases are analysed again.');
  console.log(unpinMeans(place));
  for (const file of prepared.changed) console.log(`  changed ${file}`);
  console.log(`next: git commit -m "chore(${ring}): unpin ${app}" apps/images.yaml dist && git push`);
  console.error(`${count(prepared.changed.length, 'file')} changed, in ${elapsed()}`);
}
