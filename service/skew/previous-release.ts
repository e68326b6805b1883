/** The release before this one, out of the history: what runs beside this one while it goes out, or comes back. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** A release whose files can be run. */
export interface Checkout {
  readonly version: string;
  /** What it is started by. */
  readonly main: string;
  /** Removes the files. */
  remove(): void;
}

const SERVICE = join(import.meta.dirname, '..');
const FILE = 'service/previous-release.json';

/** What the file holds; whoever releases writes it, since tags are not in every clone. */
const schema = z.object({ version: z.string(), commit: z.string().regex(/^[\da-f]{40}$/) });

/**
 * Takes the service of the release before this one out of the history. It runs with the packages that this one has.
 *
 * @param record what `previous-release.json` holds
 * @throws when it isn't there: the clone may be shallow
 */
export function checkOutPreviousRelease(record: unknown = readRecord()): Checkout {
  const { version, commit } = schema.parse(record);
  const archive = archiveOf(commit);
  const folder = mkdtempSync(join(tmpdir(), 'conduit-previous-'));
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(packagesFolder(), join(folder, 'node_modules'), 'dir');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const found = JSON.parse(readFileSync(join(folder, 'service/package.json'), 'utf8')).version;
  if (found !== version) {
    remove();
    throw new Error(`${FILE}: version: found ${version}; the package of commit ${commit} is ${found}`);
  }
  return { version, main: join(folder, 'service/src/main.ts'), remove };
}

function readRecord(): unknown {
  return JSON.parse(readFileSync(join(SERVICE, 'previous-release.json'), 'utf8'));
}

function archiveOf(commit: string): Buffer {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', join(SERVICE, '..'), ...args], { maxBuffer: 2 ** 28, stdio: 'pipe' });
  try {
    git('cat-file', '-e', `${commit}^{commit}`);
  } catch (cause) {
    throw new Error(
      `${FILE}: commit: found ${commit}, which this clone lacks; allowed is a commit of its history (\`git fetch --unshallow\` brings what a shallow clone left out)`,
      { cause },
    );
  }
  return git('archive', commit, 'service');
}

/** The folder of the packages that this release has. */
export function packagesFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('express/package.json');
  return dirname(dirname(manifest));
}
