import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Migrations in a bundle: where the sources have them. */
const MIGRATIONS = 'src/database/migrations';

/** One that no database takes. */
const BROKEN = 'ALTER TABLE no_such_table ADD COLUMN broken integer;\n';

/**
 * Builds the service as its image has it.
 *
 * @param root the repo
 * @param folder where to; it is emptied before
 */
export async function buildBundle(root: string, folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, ['build.ts', folder], { cwd: join(root, 'service') });
}

/** Copies a bundle, with a migration more that fails. */
export async function withBrokenMigration(bundle: string, folder: string): Promise<void> {
  await cp(bundle, folder, { recursive: true });
  const migrations = join(folder, MIGRATIONS);
  await mkdir(migrations, { recursive: true });
  const last = (await readdir(migrations)).sort().at(-1) ?? '0000';
  const number = String(Number.parseInt(last, 10) + 1).padStart(4, '0');
  await writeFile(join(migrations, `${number}_broken.sql`), BROKEN);
}
