// What must be true before anything is taken away.
import type { Cluster } from '../../../../config/schema.ts';
import { UserError } from '../../user-error.ts';
import { identity } from '../aws/account.ts';
import type { Aws } from '../aws/aws.ts';
import { describeDatabase } from '../aws/cluster.ts';

/** @throws UserError when the credentials are for another account than the cluster's */
export async function ofItsAccount(aws: Aws, { name, region, account }: Cluster): Promise<void> {
  const who = await identity(aws, region);
  if (who.account !== account)
    throw new UserError(
      `${who.arn} is of account ${who.account}; ${name} is in ${account}: sign in to that account, or name a profile of it in AWS_PROFILE`,
    );
}

/**
 * A database goes only where a person has said so, knowing what stays of it.
 *
 * @param keepsData whether it leaves a snapshot
 * @throws UserError when it is there, and nobody has
 */
export async function mayLoseData(
  aws: Aws,
  cluster: Cluster,
  withData: boolean,
  keepsData: boolean,
): Promise<void> {
  const database = await describeDatabase(aws, cluster.region, cluster.name);
  if (database === undefined || withData) return;
  const stays = keepsData
    ? 'a last snapshot of it stays, with the key that reads it'
    : 'nothing of it stays: take a snapshot first (`aws rds create-db-snapshot`) if it is worth anything';
  throw new UserError(
    `nothing was begun: the database ${cluster.name} is there${database.isProtected ? ' and protected' : ''}. Say --with-data to let it go; ${stays}`,
  );
}
