// What is done by AWS alone, once nothing of the cluster's controllers is needed any more.
import type { Aws } from '../aws/aws.ts';
import { describeCluster, describeDatabase, unprotectCluster, unprotectDatabase } from '../aws/cluster.ts';
import { deleteNetworkInterface, leftovers } from '../aws/leftovers.ts';
import { deleteLogGroup, logGroupsOf } from '../aws/log-groups.ts';
import { deleteStack, describeStack, failuresOf } from '../aws/stacks.ts';
import { isUnderWay } from '../stack-status.ts';
import type { Stack } from '../stacks.ts';
import { type Step, Stuck } from '../steps.ts';

export interface InAwsProps {
  aws: Aws;
  /** The cluster's name. */
  cluster: string;
  region: string;
  /** Its stacks, in the order in which they were made. */
  stacks: readonly Stack[];
  /** The names of all clusters. */
  clusters: readonly string[];
}

/** Everything that is done through AWS's own API, in order. */
export function inAwsSteps(props: InAwsProps): Step[] {
  return [
    nothingLeft(props),
    unprotect(props),
    ...props.stacks.toReversed().map((stack) => removeStack(props, stack)),
    removeLogGroups(props),
  ];
}

function nothingLeft({ aws, cluster, region }: InAwsProps): Step {
  return {
    title: 'see by their tags that AWS has nothing left of what no stack knows',
    left: async () => (await leftovers(aws, region, cluster)).map(({ kind, id }) => `${kind} ${id}`),
    async act() {
      // The CNI leaves some behind when its node ends: they cost nothing, and hold the subnets fast.
      for (const { id } of await leftovers(aws, region, cluster, ['network interface']))
        await deleteNetworkInterface(aws, region, id);
    },
    minutes: 10,
    remedy:
      'whatever made them is gone, or does not see them: delete them by hand (`aws ec2`, `aws elbv2`), then run this again. The stacks would leave them, and they cost money',
  };
}

function unprotect({ aws, cluster, region }: InAwsProps): Step {
  return {
    title: 'lift the deletion protection of database and cluster',
    async left() {
      const [eks, database] = await Promise.all([
        describeCluster(aws, region, cluster),
        describeDatabase(aws, region, cluster),
      ]);
      return [
        ...(eks?.isProtected ? [`cluster ${cluster} is protected`] : []),
        // Neither can be deleted while it is being changed.
        ...(eks?.status === 'UPDATING' ? [`cluster ${cluster} is being changed`] : []),
        ...(database?.isProtected ? [`database ${cluster} is protected`] : []),
        ...(database?.status === 'modifying' ? [`database ${cluster} is being changed`] : []),
      ];
    },
    async act() {
      const eks = await describeCluster(aws, region, cluster);
      if (eks?.isProtected && eks.status === 'ACTIVE') await unprotectCluster(aws, region, cluster);
      const database = await describeDatabase(aws, region, cluster);
      if (database?.isProtected && database.status !== 'modifying')
        await unprotectDatabase(aws, region, cluster);
    },
    minutes: 20,
    remedy: 'see what the cluster or the database is busy with in the AWS console, then run this again',
  };
}

function removeStack({ aws }: InAwsProps, { name, region }: Stack): Step {
  let asked = 0;
  return {
    title: `delete the stack ${name}`,
    async left() {
      const stack = await describeStack(aws, region, name);
      if (stack === undefined) return [];
      // A run before this one may have failed at what has been mended since: one more try is worth it, a third is not.
      if (stack.status === 'DELETE_FAILED' && asked > 0) throw await whyNot(aws, region, name);
      return [`${name} is ${stack.status}`];
    },
    async act() {
      const stack = await describeStack(aws, region, name);
      if (stack === undefined || isUnderWay(stack.status)) return;
      asked += 1;
      await deleteStack(aws, region, name);
    },
    // Network interfaces of functions take up to 40 minutes to go.
    minutes: 60,
    remedy: `\`aws cloudformation describe-stack-events --region ${region} --stack-name ${name}\` says what it waits for; then run this again`,
  };
}

async function whyNot(aws: Aws, region: string, name: string): Promise<Stuck> {
  const failures = await failuresOf(aws, region, name);
  return new Stuck(
    failures.length === 0
      ? [`${name} is DELETE_FAILED`]
      : failures.map(({ id, type, reason }) => `${name}: ${type} ${id}: ${reason}`),
    'take away what holds it, then run this again: it goes on with this stack',
  );
}

function removeLogGroups({ aws, cluster, clusters, region }: InAwsProps): Step {
  const groups = () => logGroupsOf(aws, region, cluster, clusters);
  return {
    title: 'delete the log groups that were written to after their stack was gone',
    left: async () => (await groups()).map((name) => `log group ${name}`),
    async act() {
      for (const name of await groups()) await deleteLogGroup(aws, region, name);
    },
    minutes: 5,
    remedy: 'delete them by `aws logs delete-log-group --log-group-name …`',
  };
}
