import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** What there is once in an AWS account, whatever clusters it has. */
export interface Account {
  /** Its 12 digits. */
  id: string;
  /** The region of its first cluster, where what belongs to no cluster is made. */
  region: string;
}

export interface AccountStackProps extends StackProps {
  account: Account;
}

/** A part of what an account has once. */
export class AccountPart extends Stack {
  readonly accountId: string;

  /** @param part what it is called after the account's id: `dns` */
  constructor(scope: Construct, part: string, { account, ...props }: AccountStackProps) {
    super(scope, `account-${account.id}-${part}`, {
      crossRegionReferences: true,
      env: { account: account.id, region: account.region },
      ...props,
    });
    this.accountId = account.id;
    Tags.of(this).add('slipway:account', account.id);
  }
}
