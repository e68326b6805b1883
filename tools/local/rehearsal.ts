import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import type { Config } from '../../config/load.ts';
import { copyRepo } from '../lib/copy-repo.ts';
import { applyImageUpdates } from '../lib/flux/apply-image-updates.ts';
import { difference } from '../lib/synth/publish.ts';
import { UserError } from '../lib/user-error.ts';

/** What a rehearsed release has shown. */
export interface Rehearsal {
  /** How many images moved on, one for each app and ring that takes them by itself. */
  readonly images: number;
  /** How many lines image automation set. */
  readonly lines: number;
  /** How many files a fresh compile then left as they were: all there are. */
  readonly files: number;
}

/**
 * Rehearses a release in a copy of the repo: sets new images as Flux's image automation would, in one commit, then
 * compiles in a process of its own. That must not change a byte of `dist/`; else the commit would not be one that CI
 * accepts, and the next compile would undo it.
 *
 * @param root the repo
 * @param config its checked config
 * @param signal breaks it off
 * @throws UserError naming what the compile changed, or the image that was not set everywhere
 */
export async function rehearseRelease(root: string, config: Config, signal: AbortSignal): Promise<Rehearsal> {
  const updates = newImages(config);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-rehearsal-'));
  try {
    const copy = join(folder, 'repo');
    await copyRepo(root, copy).catch((error: Error) => {
      throw new UserError(
        `the repo can't be copied, which takes git and a checkout of it: ${error.message.trim()}`,
      );
    });
    const set = await applyImageUpdates(copy, updates);
    const dist = join(copy, 'dist');
    const committed = await readTree(dist);
    requireSet(
      updates,
      await readFile(join(copy, 'apps', 'images.yaml'), 'utf8'),
      [...committed.values()].join(),
    );
    signal.throwIfAborted();
    await compileIn(copy, signal);
    const { changed, stale } = difference(committed, dist);
    const wrong = [...changed, ...stale];
    if (wrong.length > 0) {
      throw new UserError(
        `a compile after image automation changed what it had committed:\n${wrong.map((file) => `  dist/${file}`).join('\n')}`,
      );
    }
    return { images: updates.size, lines: set.length, files: committed.size };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The next image of every app in every ring that takes images by itself, by its policy. */
function newImages({ images }: Config): Map<string, string> {
  const all = Object.values(images).flatMap((ring) => Object.values(ring));
  return new Map(
    all.flatMap(({ policy, reference }) => (policy === undefined ? [] : [[policy, nextImage(reference)]])),
  );
}

/** An image that could have been pushed after this one: its tag's last number raised, with a digest. */
export function nextImage(reference: string): string {
  const [tagged = reference] = reference.split('@');
  const next = tagged.replace(/(\d+)(?!.*\d)/, (number) => String(Number(number) + 1));
  return `${next}@sha256:${createHash('sha256').update(next).digest('hex')}`;
}

/** Without this the rehearsal would also pass when nothing had been set at all. */
function requireSet(updates: ReadonlyMap<string, string>, images: string, dist: string): void {
  for (const [policy, image] of updates) {
    if (!images.includes(image))
      throw new UserError(`image automation found no line of ${policy} in apps/images.yaml`);
    if (!dist.includes(image)) throw new UserError(`image automation found no line of ${policy} in dist/`);
  }
}

async function compileIn(root: string, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'tools', 'slipway.mjs'), 'synth'], {
    cwd: root,
    env: { ...process.env, CDK8S_OUTDIR: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(signal.aborted ? signal.reason : error));
    child.once('close', resolve);
  });
  if (code !== 0) throw new UserError(`a compile after image automation failed:\n${said.join('').trim()}`);
}

async function readTree(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (path: string) =>
    [relative(folder, path).split(sep).join('/'), await readFile(path, 'utf8')] as const;
  return new Map(await Promise.all(paths.map(read)));
}
