// Mistakes that a user would make, each with the very words in which it is refused: config/fixtures/<mistake>.yaml.
import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, glob, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { writeSampleConfig } from './testing/sample.ts';

/** One edit of a file. */
export interface Edit {
  /** The file as seen from the repo's root. */
  file: string;
  /** The text whose first occurrence is replaced. */
  find: string;
  replace: string;
}

/** One mistake, or several at once. */
export interface Fixture {
  /** The name of its file: `unknown-region`. */
  name: string;
  /** How it is made from the sample config in `config/testing/`. */
  edits: readonly Edit[];
  /** The message of the error it ends in: one line for each mistake, with no newline at its end. */
  says: string;
}

const FOLDER = join(import.meta.dirname, 'fixtures');

/** All fixtures, by name. */
export function readFixtures(): Fixture[] {
  return readdirSync(FOLDER)
    .sort()
    .map((file) => {
      const { edits, says } = parse(readFileSync(join(FOLDER, file), 'utf8')) as Omit<Fixture, 'name'>;
      return { name: basename(file, '.yaml'), edits, says: says.trimEnd() };
    });
}

/**
 * Makes a folder of which the config can be loaded: the sample config, copies of the modules it needs, and a link to
 * the repo's packages.
 *
 * @param repo the folder of the repo to copy from
 * @param root the folder to make; it may be there already
 */
export async function copyConfig(repo: string, root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  for await (const file of glob(['config/*.ts', 'config/checks/*.ts', 'package.json'], { cwd: repo })) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await copyFile(join(repo, file), join(root, file));
  }
  await writeSampleConfig(root);
  await symlink(join(repo, 'node_modules'), join(root, 'node_modules'));
}

/**
 * Makes the edits of a fixture.
 *
 * @param root the folder of a repo, or of its {@link copyConfig}: never the repo itself
 * @throws Error when the text of an edit is not there, since the fixture then shows nothing
 */
export async function applyFixture(fixture: Fixture, root: string): Promise<void> {
  for (const { file, find, replace } of fixture.edits) {
    const text = await readFile(join(root, file), 'utf8');
    if (!text.includes(find))
      throw new Error(`fixture ${fixture.name}: ${file} has no ${JSON.stringify(find)}`);
    await writeFile(
      join(root, file),
      text.replace(find, () => replace),
    );
  }
}
