import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A server as a process of its own. */
export interface Server {
  readonly url: string;
  readonly managementUrl: string;
  /** From its start until it listened, in milliseconds. */
  readonly startMilliseconds: number;
  /** The memory it holds, in megabytes. */
  memory(): number;
  stop(): Promise<void>;
}

/**
 * Starts a program that says by its channel on which port it listens.
 *
 * @param flags Node's own. @default none
 */
export async function startServer(
  file: string,
  args: string[],
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Server> {
  const begin = performance.now();
  const child = fork(file, args, {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', ...env },
    execArgv: [...flags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<{ port: number; managementPort?: number }>();
  child.once('message', (message) => resolve(message as { port: number }));
  child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  const { port, managementPort } = await promise;
  return {
    url: `http://127.0.0.1:${port}`,
    managementUrl: `http://127.0.0.1:${managementPort}`,
    startMilliseconds: performance.now() - begin,
    memory: () => {
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return Math.round(Number(kilobytes) / 1024);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      // Its channel closes: the service ends without waiting for load balancers.
      child.disconnect();
      await exit;
    },
  };
}
