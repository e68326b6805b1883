import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Keeps this process, with its clients, and another apart, each on a core of its own: or those who ask would take the time
 * from the one who answers, which no client far away can. Without Linux's taskset, or with one core, nothing is done.
 *
 * @param pid the other process
 * @returns lets this process run everywhere again
 */
export function keepApart(pid: number): () => void {
  const last = availableParallelism() - 1;
  if (process.platform !== 'linux' || last < 1) return () => {};
  const pin = (cores: string, id: number) => spawnSync('taskset', ['-acp', cores, String(id)]);
  pin('0', pid);
  pin('1', process.pid);
  return () => void pin(`0-${last}`, process.pid);
}
