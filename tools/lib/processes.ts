import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Tells whether a process is running. A zombie, dead but not yet collected by its parent, counts as gone: in a
 * container whose first process collects nobody it would otherwise stand for ever.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return process.platform !== 'linux' || linuxStat(pid)?.state !== 'Z';
}

/**
 * When a process started, as a text that only that process has: with it a pid that was given to another program
 * since is told apart.
 *
 * @returns nothing where there is no such process
 */
export function startOf(pid: number): string | undefined {
  if (!isRunning(pid)) return undefined;
  if (process.platform !== 'linux') return ps(pid, 'lstart');
  const start = linuxStat(pid)?.start;
  if (start === undefined) return undefined;
  // Ticks since the machine was started, so they mean nothing without knowing which start that was.
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${start}`;
}

/** The command line of a running process, its words separated by spaces. */
export function commandLineOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'command');
  return attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    ?.replaceAll('\0', ' ')
    .trim();
}

/** The folder a process works in; only Linux tells, and only about one's own processes. */
export function folderOf(pid: number): string | undefined {
  return process.platform === 'linux' ? attempt(() => readlinkSync(`/proc/${pid}/cwd`)) : undefined;
}

function linuxStat(pid: number): { state: string; start: string } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
  const [state, ...fields] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const start = fields[18];
  return state === undefined || start === undefined ? undefined : { state, start };
}

function ps(pid: number, column: string): string | undefined {
  const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, stdio: 'pipe' } as const;
  return attempt(() => execFileSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], options).trim());
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
