import type { Aws } from '../aws/aws.ts';
import { keptBackupsOf, snapshotsOf } from '../aws/cluster.ts';
import { secretsOf } from '../aws/secrets.ts';
import { describeStack } from '../aws/stacks.ts';
import type { Stack } from '../stacks.ts';

/** Something that is left on purpose. */
export interface Remains {
  what: string;
  /** How a person takes it away who does not want it. */
  away: string;
}

export interface RemainsProps {
  aws: Aws;
  cluster: string;
  region: string;
  /** Whether its database was one that leaves a snapshot and the key that reads it. */
  keepsData: boolean;
  /** The stacks that its account has once. */
  accountStacks: readonly Stack[];
}

/** What a cluster leaves behind when it is gone, with what each thing costs as far as it is known. */
export async function remains(props: RemainsProps): Promise<Remains[]> {
  const { aws, cluster, region, keepsData, accountStacks } = props;
  const [snapshots, backups, secrets, stacks] = await Promise.all([
    snapshotsOf(aws, region, cluster),
    keptBackupsOf(aws, region, cluster),
    secretsOf(aws, region, cluster),
    Promise.all(
      accountStacks.map(async (stack) =>
        (await describeStack(aws, stack.region, stack.name)) ? [stack] : [],
      ),
    ),
  ]);
  const at = `--region ${region}`;
  return [
    ...snapshots.map((id) => ({
      what: `snapshot ${id} of the database, about 0.10 USD a month for each GiB`,
      away: `aws rds delete-db-snapshot ${at} --db-snapshot-identifier ${id}`,
    })),
    ...backups.map((id) => ({
      what: `automated backups of the database, until they are as old as the config's backupDays`,
      away: `aws rds delete-db-instance-automated-backup ${at} --dbi-resource-id ${id}`,
    })),
    ...(keepsData
      ? [
          {
            what: 'the key that reads them, 1 USD a month',
            away: `aws kms schedule-key-deletion ${at} --key-id <key>, once no snapshot needs it any more`,
          },
        ]
      : []),
    ...secrets.map((name) => ({
      what: `secret ${name}, which a person put there, 0.40 USD a month`,
      away: `aws secretsmanager delete-secret ${at} --secret-id ${name}`,
    })),
    ...stacks.flat().map(({ name, region: home }) => ({
      what: `stack ${name}, which the account has once${name.endsWith('-dns') ? '; 0.50 USD a month for each zone' : ''}`,
      away: `aws cloudformation delete-stack --region ${home} --stack-name ${name}, with the account's last cluster`,
    })),
  ];
}
