import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { UserError } from './user-error.ts';

/** How a program ended. */
export interface Ended {
  /** `null` when a signal ended it. */
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

/** What a program is given besides its arguments. */
export interface Given {
  /** The folder it works in. @default that of this process */
  cwd?: string;
  /** All of its environment, and where it is looked for. @default that of this process */
  env?: NodeJS.ProcessEnv;
  /** What it reads from stdin. @default nothing */
  input?: string;
  /** What is said when it is not installed. */
  missing: string;
}

/**
 * Runs a program, without a shell, to its end, whichever that is.
 *
 * @throws UserError when it is not installed
 */
export async function runProgram(
  name: string,
  args: readonly string[],
  { cwd, env = process.env, input = '', missing }: Given,
): Promise<Ended> {
  const child = spawn(name, args, { cwd, env });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new UserError(missing) : error),
    );
    child.once('close', resolve);
  });
  // One that ends before it has read everything says why by itself.
  child.stdin.on('error', () => undefined).end(input);
  const [code, stdout, stderr] = await Promise.all([ended, buffer(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
