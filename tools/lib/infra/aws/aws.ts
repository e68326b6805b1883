import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { AwsError, awsError } from './aws-error.ts';

/**
 * Calls AWS.
 *
 * @param region where: `eu-west-1`
 * @param operation service and operation, as the AWS CLI calls them: `cloudformation describe-stacks`
 * @param input what the operation takes, as its API reference says. @default nothing
 * @returns what it answers, in the shape of its API reference; of all pages
 * @throws AwsError in words for a person
 */
export type Aws = (region: string, operation: string, input?: object) => Promise<unknown>;

/** The CLI's own patience with an AWS that asks it to slow down: it waits longer each time. */
const SETTINGS = { AWS_RETRY_MODE: 'adaptive', AWS_MAX_ATTEMPTS: '8', AWS_PAGER: '' };

/**
 * AWS, by the CLI that is installed on this machine, with whatever credentials the person's shell has: profiles, single sign-on, roles.
 *
 * The CLI and not the SDK, since kubectl needs it too for its tokens and a tunnel is its session: there is one sign-in, and no client
 * of ours for each service to keep up to date.
 *
 * @param env where it is looked for, and what it knows of credentials
 */
export function awsOf(env: NodeJS.ProcessEnv = process.env): Aws {
  return async (region, operation, input) => {
    const args = [...operation.split(' '), '--region', region, '--output', 'json'];
    if (input !== undefined) args.push('--cli-input-json', JSON.stringify(input));
    const child = spawn('aws', args, { env: { ...SETTINGS, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new AwsError('NotInstalled', NOT_INSTALLED) : error),
      );
      child.once('close', resolve);
    });
    const [code, printed, said] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code !== 0) throw awsError(operation, said.trim() || `exited with ${code}`);
    return printed.trim() === '' ? {} : JSON.parse(printed);
  };
}

const NOT_INSTALLED =
  'the AWS CLI is not installed on this machine: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html';
