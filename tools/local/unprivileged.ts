import { execFileSync, type SpawnOptions, spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../lib/user-error.ts';

/** How to start a program that refuses to run as root: PostgreSQL does. */
export interface Launcher {
  /** What stands before the program's own command line. */
  readonly prefix: readonly string[];
  /** The user and group to start it as, where they are not ours. */
  readonly identity: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** Gives a folder and all it holds to the user whom the program will find itself to be. */
  own(folder: string): void;
  /** Refuses, in the user's words, a path that the program could not reach. */
  requireReach(path: string): void;
}

/** The ways of not being root: nothing to do, a user namespace of one's own, the user `nobody`. */
export type LauncherKind = 'plain' | 'namespace' | 'nobody';

/** The way that suits who we are and what the machine allows. */
export function launcherKind(): LauncherKind {
  if (process.getuid?.() !== 0) return 'plain';
  return process.platform === 'linux' && spawnSync('unshare', [...NAMESPACE, 'true']).status === 0
    ? 'namespace'
    : 'nobody';
}

// In a namespace of its own the program finds itself to be user 1000, while its files stay root's: it works in any
// folder that root can reach, and leaves nothing behind that belongs to somebody else.
const NAMESPACE = ['--user', '--map-user=1000', '--map-group=1000'];

/** The launcher of one kind. */
export function launcher(kind: LauncherKind = launcherKind()): Launcher {
  switch (kind) {
    case 'plain':
      return { prefix: [], identity: {}, own: () => {}, requireReach: () => {} };
    case 'namespace':
      return {
        prefix: ['unshare', ...NAMESPACE],
        identity: {},
        own: (folder) => giveTo(folder, 0, 0),
        requireReach: () => {},
      };
    case 'nobody': {
      const uid = idOf('-u');
      const gid = idOf('-g');
      return {
        prefix: [],
        identity: { uid, gid },
        own: (folder) => giveTo(folder, uid, gid),
        requireReach: (path) => requireReach(path, uid, gid),
      };
    }
  }
}

function idOf(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' })) >>> 0;
}

function giveTo(path: string, uid: number, gid: number): void {
  const stats = lstatSync(path);
  if (stats.isDirectory()) for (const name of readdirSync(path)) giveTo(join(path, name), uid, gid);
  if (!stats.isSymbolicLink() && (stats.uid !== uid || stats.gid !== gid)) chownSync(path, uid, gid);
}

function requireReach(path: string, uid: number, gid: number): void {
  const reaches = (folder: string) => spawnSync('test', ['-x', folder], { uid, gid, cwd: '/' }).status === 0;
  if (reaches(path)) return;
  let closed = path;
  while (dirname(closed) !== closed && !reaches(dirname(closed))) closed = dirname(closed);
  throw new UserError(
    `PostgreSQL does not run as root, so it runs as the user "nobody" here (the machine allows no user namespaces), who can't reach ${path}, because of ${closed}: run this as another user, allow the way with \`chmod o+x ${closed}\`, or set DATABASE_URL to a database of yours`,
  );
}
