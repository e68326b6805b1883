import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { succeed } from '../../diff/git.ts';
import { UserError } from '../../user-error.ts';
import { synthesize } from '../synthesize.ts';
import { readTemplates, type Template } from '../templates.ts';

/**
 * The templates of another commit, compiled from its own code with the packages that are installed now.
 *
 * @param root the repo's folder
 * @returns none where the commit had no cluster-infra/
 * @throws UserError when it does not compile
 */
export async function templatesAt(root: string, commit: string): Promise<Map<string, Template>> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-base-'));
  const repo = join(folder, 'repo');
  try {
    await mkdir(repo);
    // An index of its own: nothing here is checked out or staged.
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    await succeed(root, ['read-tree', commit], { env });
    await succeed(root, ['checkout-index', '--all', `--prefix=${repo}/`], { env });
    if (!existsSync(join(repo, 'cluster-infra/main.ts'))) return new Map();
    await symlink(join(root, 'node_modules'), join(repo, 'node_modules'));
    return await compiledTemplates(repo);
  } catch (error) {
    if (error instanceof UserError && error.message === DOES_NOT_COMPILE)
      throw new UserError(
        `--base: cluster-infra/ of ${commit.slice(0, 9)} does not compile with the packages of today`,
      );
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const DOES_NOT_COMPILE = 'cluster-infra/ does not compile: see `npm run infra:synth`';

/**
 * The templates of what a repo says now, whatever is in its cdk.out/.
 *
 * @throws UserError when it does not compile
 */
export async function compiledTemplates(root: string): Promise<Map<string, Template>> {
  const outdir = await mkdtemp(join(tmpdir(), 'slipway-templates-'));
  try {
    if (synthesize({ outdir, checks: false, root }) !== 0) throw new UserError(DOES_NOT_COMPILE);
    return await readTemplates(outdir);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}
