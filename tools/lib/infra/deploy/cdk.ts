import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../repo.ts';

/**
 * Runs the CDK's CLI to its end; what it says goes to the terminal.
 *
 * @returns its exit code
 */
export type Cdk = (args: readonly string[]) => Promise<number>;

/** The CDK that package.json pins. It asks nothing: what is deployed was judged before, and a person has said yes. */
export const runCdk: Cdk = (args) => {
  const script = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
};
