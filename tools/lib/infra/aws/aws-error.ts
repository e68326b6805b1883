import { UserError } from '../../user-error.ts';

/** What AWS, or its CLI, could not do: `code` is AWS's own word for why. */
export class AwsError extends UserError {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }

  /** Whether AWS has only asked to slow down. */
  get isThrottling(): boolean {
    return /Throttl|RequestLimitExceeded|TooManyRequests|SlowDown/i.test(this.code);
  }
}

/** What the CLI says before it has reached AWS, and what to do about it. */
const BEFORE_AWS: readonly { says: RegExp; code: string; message: string }[] = [
  {
    says: /Unable to locate credentials|NoCredentials/i,
    code: 'NoCredentials',
    message: 'AWS: no credentials: sign in by `aws sso login`, or name a profile in AWS_PROFILE',
  },
  {
    says: /Error loading SSO Token|SSO session .*(expired|invalid)|Token for .* does not exist|Token has expired/i,
    code: 'ExpiredToken',
    message: 'AWS: the sign-in has expired: `aws sso login`',
  },
  {
    says: /config profile \((.*)\) could not be found/i,
    code: 'NoProfile',
    message: 'AWS: there is no such profile in ~/.aws/config: see AWS_PROFILE',
  },
  {
    says: /Could not connect to the endpoint|Connect timeout|Connection was closed|Failed to connect/i,
    code: 'Unreachable',
    message:
      'AWS is not reached from here: look at the network, at a proxy, and at the spelling of the region',
  },
];

/** Codes for credentials that were good once. */
const EXPIRED =
  /^(ExpiredToken|ExpiredTokenException|RequestExpired|InvalidClientTokenId|UnrecognizedClientException)$/;

/**
 * Reads why a call failed from what the CLI printed.
 *
 * @param operation `cloudformation describe-stacks`
 * @param said what stood on stderr
 */
export function awsError(operation: string, said: string): AwsError {
  const [, code, message] =
    /An error occurred \(([^)]+)\) when calling the \w+ operation[^:]*: (.*)/s.exec(said) ?? [];
  if (code !== undefined && message !== undefined) {
    if (EXPIRED.test(code))
      return new AwsError(
        code,
        `AWS: the credentials are no longer good (${code}): sign in again, \`aws sso login\``,
      );
    return new AwsError(code, `aws ${operation}: ${message.trim()} (${code})`);
  }
  const known = BEFORE_AWS.find(({ says }) => says.test(said));
  if (known) return new AwsError(known.code, known.message);
  return new AwsError('Unknown', `aws ${operation}: ${said.split('\n').at(-1)}`);
}
