import { execFile } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Copies a repo as it stands in its working tree: what git tracks and what it does not ignore. The packages are
 * linked, not copied.
 *
 * @param from the repo's folder
 * @param to the folder to make
 */
export async function copyRepo(from: string, to: string): Promise<void> {
  const git = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout } = await promisify(execFile)('git', git, { cwd: from, maxBuffer: 64 * 1024 * 1024 });
  for (const file of stdout.split('\0').filter(Boolean)) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    // A file that was removed and not yet committed is still listed.
    await cp(join(from, file), join(to, file)).catch((error) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  await symlink(join(from, 'node_modules'), join(to, 'node_modules'));
}
