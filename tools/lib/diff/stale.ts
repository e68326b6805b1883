import { loadConfig } from '../../../config/load.ts';
import { count } from '../count.ts';
import { compile } from '../synth/compile.ts';
import { difference } from '../synth/publish.ts';

/**
 * What to say to somebody who has changed the code and not compiled it: a diff of `dist/` would show nothing of it.
 *
 * @param root the folder of the repo
 * @param dist its `dist/`
 * @returns one line, or nothing when `dist/` is what the code compiles to
 */
export async function staleness(root: string, dist: string): Promise<string | undefined> {
  try {
    const { files } = await compile(await loadConfig(root));
    const { changed, stale } = difference(files, dist);
    const wrong = changed.length + stale.length;
    if (wrong === 0) return undefined;
    return `dist/ is not what the code compiles to (${count(wrong, 'file')}): run \`npm run synth\` first to see here what the code makes`;
  } catch {
    // Whatever is wrong with the code, synth says it in full.
    return 'the code does not compile, so this may not be what it makes: `npm run synth` says what is wrong';
  }
}
