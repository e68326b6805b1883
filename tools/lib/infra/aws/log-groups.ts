import { ownerOf } from '../stacks.ts';
import { absent } from './account.ts';
import type { Aws } from './aws.ts';

/** Where the services of a cluster write; functions are named after their stack. */
const PREFIXES = [
  (cluster: string) => `/slipway/${cluster}/`,
  (cluster: string) => `/aws/eks/${cluster}/`,
  (cluster: string) => `/aws/rds/instance/${cluster}/`,
  (cluster: string) => `/aws/containerinsights/${cluster}/`,
  (cluster: string) => `/aws/lambda/${cluster}-`,
];

/**
 * The log groups of a cluster.
 *
 * @param clusters the names of all clusters: one may begin with another's
 */
export async function logGroupsOf(
  aws: Aws,
  region: string,
  cluster: string,
  clusters: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(
    PREFIXES.map(async (prefix) => {
      const { logGroups } = (await aws(region, 'logs describe-log-groups', {
        logGroupNamePrefix: prefix(cluster),
      })) as { logGroups: { logGroupName: string }[] };
      return logGroups.map(({ logGroupName }) => logGroupName);
    }),
  );
  return found.flat().filter((name) => {
    const [, stack] = /^\/aws\/lambda\/(.*)$/.exec(name) ?? [];
    return stack === undefined || ownerOf(stack, clusters) === cluster;
  });
}

/** It is no error when there is none. */
export async function deleteLogGroup(aws: Aws, region: string, name: string): Promise<void> {
  await absent(aws(region, 'logs delete-log-group', { logGroupName: name }), 'ResourceNotFoundException');
}
