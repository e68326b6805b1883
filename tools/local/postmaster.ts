import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, folderOf, isRunning } from '../lib/processes.ts';
import { until } from '../lib/until.ts';

/** What PostgreSQL writes about its first process into `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  /** Whether it takes connections. */
  readonly ready: boolean;
}

/** Reads `postmaster.pid` of a data folder, whoever it may speak of. */
export function readPostmasterFile(data: string): PostmasterFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(data, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 1 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * The PostgreSQL that runs on a data folder. The file alone proves nothing: it outlives a killed process, and its pid
 * may since have gone to another program.
 *
 * @param data the data folder, without symbolic links
 */
export function runningPostmaster(data: string): number | undefined {
  const pid = readPostmasterFile(data)?.pid;
  if (pid === undefined || !isRunning(pid)) return undefined;
  const command = commandLineOf(pid) ?? '';
  if (!/postgres(\.exe)?"? /.test(command)) return undefined;
  return folderOf(pid) === data || `${command} `.includes(`-D ${data} `) ? pid : undefined;
}

// PostgreSQL's own words for the signals: fast (disconnects everybody, loses nothing), immediate (recovers at the next
// start), and the last resort.
const WAYS = [
  { signal: 'SIGINT', timeoutMs: 15_000 },
  { signal: 'SIGQUIT', timeoutMs: 5_000 },
  { signal: 'SIGKILL', timeoutMs: 5_000 },
] as const;

/** Stops a PostgreSQL: cleanly, and by force where that takes too long. Resolves when it is gone. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const { signal, timeoutMs } of WAYS) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await until(() => !isRunning(pid), timeoutMs)) return;
  }
  throw new Error(`PostgreSQL (process ${pid}) can't be stopped`);
}
