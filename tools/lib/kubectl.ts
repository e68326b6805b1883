import { runProgram } from './run-program.ts';
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
  return async (args, input) => {
    const { code, stdout, stderr } = await runProgram('kubectl', ['--context', context, ...args], {
      env,
      ...(input !== undefined && { input }),
      missing: 'kubectl is not installed on this machine',
    });
    if (code === 0) return stdout.toString();
    throw new UserError(`kubectl ${args.slice(0, 3).join(' ')}: ${stderr.trim() || `exited with ${code}`}`);
  };
}
