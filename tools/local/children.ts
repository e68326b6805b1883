import type { ChildProcess } from 'node:child_process';

/** Our own child processes that still run, each with the signal that ends it at once. */
const running = new Map<ChildProcess, NodeJS.Signals>();

/**
 * Makes sure that a child process does not outlive this one, unless this one is killed: what has not been stopped by
 * then is killed when we exit.
 *
 * @param child the process, just spawned
 * @param signal what ends it at once, and all that it started
 */
export function adopt(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined) return;
  if (running.size === 0) process.once('exit', killChildren);
  running.set(child, signal);
  child.once('exit', () => {
    running.delete(child);
    if (running.size === 0) process.off('exit', killChildren);
  });
}

function killChildren(): void {
  for (const [child, signal] of running) child.kill(signal);
}
