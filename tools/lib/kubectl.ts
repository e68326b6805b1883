import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { UserError } from './user-error.ts';

/**
 * Runs kubectl.
 *
 * @param args its arguments
 * @param input what it reads from stdin. @default nothing
 * @returns what it printed
 * @throws UserError with its own words when it fails
 */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/**
 * kubectl, as it is installed on this machine, against one cluster.
 *
 * @param context the context of the kubeconfig that names the cluster
 * @param env where it is looked for, and what it knows of kubeconfigs
 */
export function kubectlOf(context: string, env: NodeJS.ProcessEnv = process.env): Kubectl {
  return async (args, input = '') => {
    const child = spawn('kubectl', ['--context', context, ...args], { env });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new UserError('kubectl is not installed on this machine') : error),
      );
      child.once('close', resolve);
    });
    // One that ends before it has read everything says why by itself.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [code, printed, said] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code === 0) return printed;
    throw new UserError(`kubectl ${args.slice(0, 3).join(' ')}: ${said.trim() || `exited with ${code}`}`);
  };
}
