// Puts a change on a branch of its own, without touching the working tree.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, succeed } from '../diff/git.ts';
import { UserError } from '../user-error.ts';
import type { Prepared } from './apply.ts';

/** What became of a branch: a new commit, none since it said the same already, or nothing is left for it to say. */
export interface Branched {
  is: 'new' | 'same' | 'emptied';
  /** The commit that the branch points to. */
  commit: string;
}

/**
 * Makes a branch say a change, as one commit on HEAD. Where merging the branch as it is comes to the same, nothing is made:
 * so one who pushes it at each run pushes only when there is something new. Where there is nothing to say any more, a branch
 * that says something is put back to HEAD.
 *
 * @param root the repo's folder
 * @param branch its name; what it holds is replaced
 * @returns nothing when there is nothing to say and no branch
 * @throws UserError when the working tree holds changes that are not committed, which would get lost on the way, or the
 *   branch is checked out
 */
export async function commitOnBranch(
  root: string,
  branch: string,
  prepared: Prepared,
  message: string,
): Promise<Branched | undefined> {
  const ref = `refs/heads/${branch}`;
  if ((await git(root, ['check-ref-format', ref])).code !== 0) {
    throw new UserError(`--branch: ${JSON.stringify(branch)} is no name of a branch`);
  }
  if ((await git(root, ['diff', '--quiet', 'HEAD'])).code !== 0) {
    throw new UserError('--branch: the working tree holds changes that are not committed; commit them first');
  }
  if ((await text(root, ['symbolic-ref', '--quiet', 'HEAD']).catch(() => '')) === ref) {
    throw new UserError(`--branch: ${branch} is checked out; name another one, or leave --branch out`);
  }
  const tree = await treeOf(root, prepared);
  const { code, stdout } = await git(root, ['rev-parse', '--verify', '--quiet', ref]);
  const tip = code === 0 ? stdout.toString().trim() : undefined;
  if (tip !== undefined) {
    const merged = await git(root, ['merge-tree', '--write-tree', 'HEAD', tip]);
    if (merged.code === 0 && merged.stdout.toString().trim() === tree) return { is: 'same', commit: tip };
  }
  const isEmpty = prepared.changed.length === 0;
  if (isEmpty && tip === undefined) return undefined;
  const commit = isEmpty
    ? await text(root, ['rev-parse', 'HEAD'])
    : await text(root, ['commit-tree', tree, '-p', 'HEAD', '-m', message]);
  await succeed(root, ['update-ref', ref, commit]);
  return { is: isEmpty ? 'emptied' : 'new', commit };
}

/** Writes what HEAD would be with the change into git's store. @returns the name of the tree */
async function treeOf(root: string, { texts, compiled, changed }: Prepared): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-index-'));
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  try {
    await succeed(root, ['read-tree', 'HEAD'], { env });
    for (const path of changed) {
      const content = texts.get(path) ?? compiled.files.get(path.replace(/^dist\//, ''));
      if (content === undefined) {
        await succeed(root, ['update-index', '--force-remove', '--', path], { env });
        continue;
      }
      const blob = await text(root, ['hash-object', '-w', '--stdin'], content);
      await succeed(root, ['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { env });
    }
    const { stdout } = await succeed(root, ['write-tree'], { env });
    return stdout.toString().trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function text(root: string, args: string[], input?: string): Promise<string> {
  const { stdout } = await succeed(root, args, input === undefined ? {} : { input });
  return stdout.toString().trim();
}
