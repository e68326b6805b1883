import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { count } from '../lib/count.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { pinEdit, placeOf } from '../lib/pins/edits.ts';
import { findImage } from '../lib/pins/find-image.ts';
import { rollbackMeans } from '../lib/pins/words.ts';
import { prepare, write } from '../lib/promote/apply.ts';
import { ringHistory, shortVersion } from '../lib/promote/runs.ts';
import { move } from '../lib/promote/table.ts';
import { HISTORY, readTimeline } from '../lib/promote/timeline.ts';
import { ROOT } from '../lib/repo.ts';

interface Options {
  ring: string;
  to: string;
  reason: string;
  now?: boolean;
}

/** `npm run rollback`: an image that a ring ran before, and a pin that keeps it there. */
export function command(): Command {
  return new Command()
    .description(
      'Puts an image that a ring ran before back into it, with a pin in place of the marker, so that nothing moves it until `npm run unpin`. Edits apps/images.yaml and dist/; commit and push them, and Flux does the rest.',
    )
    .argument('<app>', 'the app')
    .requiredOption('--ring <name>', 'the ring')
    .requiredOption('--to <version>', 'the version to go back to, or the whole reference of the image')
    .requiredOption('--reason <text>', 'why, for whoever comes next: it stands beside the image', reason)
    .option('--now', 'without analysis: Flagger replaces what serves as soon as the pods are ready')
    .action(rollback);
}

async function rollback(app: string, options: Options): Promise<void> {
  const elapsed = stopwatch();
  const config = await loadConfig(ROOT);
  const place = placeOf(config, app, options.ring);
  const points = await readTimeline(ROOT, 'HEAD', HISTORY);
  const { runs } = ringHistory(points, 'image', options.ring, app);
  const to = findImage(runs, options.to, `${app} in ${options.ring}`);
  const skipAnalysis = options.now === true;

  const prepared = await prepare(ROOT, config, [
    pinEdit(place, to, { reason: options.reason, skipAnalysis }),
  ]);
  write(ROOT, prepared);
  const what = place.reference === to ? `stays at ${shortVersion(to)}` : move(place.reference, to);
  console.log(`${app} in ${options.ring}: ${what}, pinned: ${options.reason}`);
  if (place.reference !== to) {
    for (const line of rollbackMeans(config, place, to, skipAnalysis)) console.log(line);
  }
  for (const file of prepared.changed) console.log(`  changed ${file}`);
  if (prepared.changed.length > 0) {
    const message = `fix(${options.ring}): ${app} back to ${shortVersion(to)}`;
    console.log(`next: git commit -m "${message}" apps/images.yaml dist && git push`);
  }
  console.error(`${count(prepared.changed.length, 'file')} changed, in ${elapsed()}`);
}

function reason(text: string): string {
  const line = text.trim();
  if (line === '' || /[\r\n]/.test(line)) throw new InvalidArgumentError('allowed: one line that says why.');
  // Flux would take it for a marker.
  if (line.includes('$imagepolicy'))
    throw new InvalidArgumentError('allowed: any text without "$imagepolicy".');
  return line;
}
