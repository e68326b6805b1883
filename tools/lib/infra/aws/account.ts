import type { Aws } from './aws.ts';
import { AwsError } from './aws-error.ts';

/** Who asks. */
export interface Identity {
  account: string;
  /** `arn:aws:sts::111111111111:assumed-role/admin/jane` */
  arn: string;
}

export async function identity(aws: Aws, region: string): Promise<Identity> {
  const { Account, Arn } = (await aws(region, 'sts get-caller-identity')) as { Account: string; Arn: string };
  return { account: Account, arn: Arn };
}

/**
 * The version of what the CDK has prepared in a region of an account.
 *
 * @returns `undefined` when it has prepared nothing
 */
export async function bootstrapVersion(aws: Aws, region: string): Promise<number | undefined> {
  const found = await absent(
    aws(region, 'ssm get-parameter', { Name: '/cdk-bootstrap/hnb659fds/version' }),
    'ParameterNotFound',
  );
  return found === undefined
    ? undefined
    : Number((found as { Parameter: { Value: string } }).Parameter.Value);
}

/** @returns whether there is a secret of that name, and it is not about to be deleted */
export async function hasSecret(aws: Aws, region: string, name: string): Promise<boolean> {
  const found = (await absent(
    aws(region, 'secretsmanager describe-secret', { SecretId: name }),
    'ResourceNotFoundException',
  )) as { DeletedDate?: string } | undefined;
  return found !== undefined && found.DeletedDate === undefined;
}

/**
 * What a call answers, or `undefined` where AWS says that there is no such thing.
 *
 * @param codes AWS's words for that
 */
export async function absent(call: Promise<unknown>, ...codes: string[]): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsError && codes.includes(error.code)) return undefined;
    throw error;
  }
}
