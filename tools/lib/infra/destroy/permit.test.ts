import { expect, test } from '@jest/globals';
import type { Cluster } from '../../../../config/schema.ts';
import { stacksOfAccount } from '../stacks.ts';
import { ACCOUNT, CLUSTER, REGION, World } from '../testing/world.ts';
import { mayLoseData, ofItsAccount } from './permit.ts';
import { remains } from './remains.ts';

const cluster = { name: CLUSTER, region: REGION, account: ACCOUNT } as Cluster;

test('the credentials are for the account of the cluster, or nothing is begun', async () => {
  const { aws, log } = World.running();
  await expect(ofItsAccount(aws, cluster)).resolves.toBeUndefined();
  await expect(ofItsAccount(aws, { ...cluster, account: '333333333333' })).rejects.toThrow(
    /is of account 111111111111; dev-eu-west-1 is in 333333333333: sign in to that account/,
  );
  expect(log).toEqual([]);
});

test('a database goes only by a word, which comes after what stays of it', async () => {
  const { aws } = World.running();
  await expect(mayLoseData(aws, cluster, true, true)).resolves.toBeUndefined();
  await expect(mayLoseData(aws, cluster, false, true)).rejects.toThrow(
    /there and protected\. Say --with-data to let it go; a last snapshot of it stays/,
  );
  await expect(mayLoseData(aws, cluster, false, false)).rejects.toThrow(
    /nothing of it stays: take a snapshot first/,
  );
});

test('where there is no database, no word is needed', async () => {
  await expect(mayLoseData(new World().aws, cluster, false, true)).resolves.toBeUndefined();
});

test('what is left on purpose is named, each with how it goes', async () => {
  const world = World.running();
  world.snapshots.push('last');
  const left = await remains({
    aws: world.aws,
    cluster: CLUSTER,
    region: REGION,
    keepsData: true,
    accountStacks: stacksOfAccount(world.described, ACCOUNT),
  });
  expect(left.map(({ what, away }) => `${what.split(',')[0]}: ${away.split(',')[0]}`)).toEqual([
    'snapshot last of the database: aws rds delete-db-snapshot --region eu-west-1 --db-snapshot-identifier last',
    'the key that reads them: aws kms schedule-key-deletion --region eu-west-1 --key-id <key>',
    'secret dev-eu-west-1/platform/flux-git: aws secretsmanager delete-secret --region eu-west-1 --secret-id dev-eu-west-1/platform/flux-git',
    'stack account-111111111111-budget: aws cloudformation delete-stack --region eu-west-1 --stack-name account-111111111111-budget',
    'stack account-111111111111-dns: aws cloudformation delete-stack --region eu-west-1 --stack-name account-111111111111-dns',
  ]);
});
