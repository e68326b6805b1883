import { type Ended, runProgram } from '../run-program.ts';
import { UserError } from '../user-error.ts';

/** What to compare with. */
export interface Base {
  /** As it was asked for, or the branch that was found: `origin/main`. */
  ref: string;
  /** The full name of the commit. */
  commit: string;
  /** Whether the commit is where HEAD left the branch, and not the branch's newest. */
  mergeBase: boolean;
}

/** Where a change most likely began, best first. */
const MAIN_BRANCHES = ['origin/main', 'main'];

/**
 * Finds the commit to compare with.
 *
 * @param ref a commit, branch or tag; nothing for where HEAD left the main branch
 * @throws UserError when there is none
 */
export async function resolveBase(root: string, ref?: string): Promise<Base> {
  if ((await git(root, ['rev-parse', '--git-dir'])).code !== 0)
    throw new UserError(`${root} is not in a git repository, so there is nothing to compare with`);
  if (ref !== undefined) {
    const commit = await commitOf(root, ref);
    if (commit === undefined)
      throw new UserError(
        `--base: found no commit ${JSON.stringify(ref)}; name a branch, a tag or a commit that git has here (git fetch?)`,
      );
    return { ref, commit, mergeBase: false };
  }
  for (const branch of MAIN_BRANCHES) {
    const newest = await commitOf(root, branch);
    if (newest === undefined) continue;
    const { code, stdout } = await git(root, ['merge-base', 'HEAD', branch]);
    const commit = stdout.toString().trim();
    if (code === 0) return { ref: branch, commit, mergeBase: commit !== newest };
    throw new UserError(
      `HEAD and ${branch} have no commit in common here (a shallow clone? git fetch --unshallow); or name one: --base REF`,
    );
  }
  throw new UserError(`found neither ${MAIN_BRANCHES.join(' nor ')}; name what to compare with: --base REF`);
}

async function commitOf(root: string, ref: string): Promise<string | undefined> {
  // No program takes one in an argument, and no commit has one in a name.
  if (ref.includes('\0')) return undefined;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const { code, stdout } = await git(root, args);
  return code === 0 ? stdout.toString().trim() : undefined;
}

/**
 * The files of a folder at a commit.
 *
 * @returns path in the folder to the name of its content
 */
export async function listFiles(root: string, commit: string, folder: string): Promise<Map<string, string>> {
  const { stdout } = await succeed(root, ['ls-tree', '-r', '-z', commit, '--', `${folder}/`]);
  const files = stdout.toString().split('\0').filter(Boolean);
  return new Map(
    files.flatMap((line): [string, string][] => {
      const [, mode, name, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      // Links and submodules hold no manifest.
      if (!mode?.startsWith('100') || name === undefined || path === undefined) return [];
      return [[path.slice(folder.length + 1), name]];
    }),
  );
}

/** A commit that was the head of a branch, and when it was made: milliseconds since 1970. */
export interface HeadCommit {
  commit: string;
  at: number;
}

/**
 * The commits that a branch has had as its head, newest first: of a merge, not those that were merged.
 *
 * @param limit how many
 * @throws UserError when the ref is no commit here
 */
export async function firstParents(root: string, ref: string, limit: number): Promise<HeadCommit[]> {
  const format = ['--no-patch', '--first-parent', '--format=%H %ct', `--max-count=${limit}`];
  const { stdout } = await succeed(root, ['log', ...format, '--end-of-options', ref, '--']);
  return stdout
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [commit = '', seconds] = line.split(' ');
      return { commit, at: Number(seconds) * 1000 };
    });
}

/**
 * The names of the contents of files, all from one process.
 *
 * @param files each as `<commit>:<path>`
 * @returns of each file that is there, its name
 */
export async function namesAt(root: string, files: readonly string[]): Promise<Map<string, string>> {
  if (files.length === 0) return new Map();
  const { stdout } = await succeed(root, ['cat-file', '--batch-check'], {
    input: `${files.join('\n')}\n`,
  });
  const lines = stdout.toString().split('\n');
  return new Map(
    files.flatMap((file, index): [string, string][] => {
      const [name = '', type] = (lines[index] ?? '').split(' ');
      return type === 'blob' ? [[file, name]] : [];
    }),
  );
}

/**
 * Contents by their names, all from one process.
 *
 * @param names what {@link listFiles} says
 */
export async function catFiles(root: string, names: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return new Map();
  const { stdout } = await succeed(root, ['cat-file', '--batch'], { input: `${wanted.join('\n')}\n` });
  const texts = new Map<string, string>();
  for (let at = 0; at < stdout.length; ) {
    // Each is told as `<name> blob <size>`, a line break, the content, a line break.
    const end = stdout.indexOf('\n', at);
    const [name = '', type, size] = stdout.toString('latin1', at, end).split(' ');
    if (type !== 'blob') throw new Error(`git cat-file: ${stdout.toString('utf8', at, end)}`);
    const start = end + 1;
    at = start + Number(size) + 1;
    texts.set(name, stdout.toString('utf8', start, at - 1));
  }
  return texts;
}

/**
 * Runs a git command that has to succeed.
 *
 * @param given what it reads, and variables of its environment besides those of this process
 * @throws UserError with what git said, when it does not
 */
export async function succeed(root: string, args: string[], given?: Given): Promise<Ended> {
  const outcome = await git(root, args, given);
  if (outcome.code !== 0) throw new UserError(`git ${args.join(' ')}: ${outcome.stderr.trim()}`);
  return outcome;
}

/** What a git command is given besides its arguments. */
export interface Given {
  input?: string;
  env?: Readonly<Record<string, string>>;
}

/**
 * Runs a git command, which may fail.
 *
 * @throws UserError when there is no git
 */
export function git(root: string, args: string[], { input = '', env }: Given = {}): Promise<Ended> {
  return runProgram('git', args, {
    cwd: root,
    env: { ...process.env, ...env },
    input,
    missing: 'found no git; it holds what to compare with',
  });
}
