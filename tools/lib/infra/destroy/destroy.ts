import type { Kubectl } from '../../kubectl.ts';
import type { Aws } from '../aws/aws.ts';
import { describeCluster, type EksCluster } from '../aws/cluster.ts';
import { leftovers } from '../aws/leftovers.ts';
import { describeStack } from '../aws/stacks.ts';
import type { Clock } from '../clock.ts';
import type { Stack } from '../stacks.ts';
import { type Ending, runSteps, type Step } from '../steps.ts';
import { inAwsSteps } from './in-aws.ts';
import { inClusterSteps } from './in-cluster.ts';

/** A way to a cluster's API, which is closed again. */
export interface Access {
  kubectl: Kubectl;
  close(): void;
}

export interface DestroyProps {
  aws: Aws;
  clock: Clock;
  /** Opens a way to the cluster's API, which may have no address outside of its VPC. */
  reach(eks: EksCluster): Promise<Access>;
  tell(says: string): void;
  /** The cluster's name. */
  cluster: string;
  region: string;
  domain: string;
  /** Its stacks, in the order in which they were made. */
  stacks: readonly Stack[];
  /** The names of all clusters. */
  clusters: readonly string[];
}

/**
 * Takes a cluster down: what its controllers have made first, then its stacks. What is done and what is not is read from the
 * cluster and from AWS, so it can be stopped at any point and run again.
 */
export async function destroy(props: DestroyProps): Promise<Ending> {
  const { clock, tell } = props;
  const eks = await needsItsApi(props);
  if (eks === undefined) return runSteps(inAwsSteps(props), { clock, tell });
  const access = await props.reach(eks);
  try {
    const inside = await runSteps(inClusterSteps({ ...props, kubectl: access.kubectl }), { clock, tell });
    if (inside.is === 'stuck') return inside;
    const outside = await runSteps(inAwsSteps(props), { clock, tell });
    return outside.is === 'stuck' ? outside : { is: 'done', acted: [...inside.acted, ...outside.acted] };
  } finally {
    access.close();
  }
}

/** The steps as they would be done, for who only wants to see them. */
export function plannedSteps(props: DestroyProps, nowhere: Kubectl): Step[] {
  return [...inClusterSteps({ ...props, kubectl: nowhere }), ...inAwsSteps(props)];
}

/**
 * Whether something has to be taken away through the Kubernetes API. Not when Flux has never been there and has left nothing,
 * and not when the cluster itself is on its way out: that is begun only once all else is gone.
 */
async function needsItsApi({ aws, cluster, region }: DestroyProps): Promise<EksCluster | undefined> {
  const eks = await describeCluster(aws, region, cluster);
  if (eks === undefined || !/^(ACTIVE|UPDATING)$/.test(eks.status)) return undefined;
  const [bootstrap, own] = await Promise.all([
    describeStack(aws, region, `${cluster}-bootstrap`),
    describeStack(aws, region, `${cluster}-cluster`),
  ]);
  if (own?.status.startsWith('DELETE_')) return undefined;
  if (bootstrap !== undefined) return eks;
  return (await leftovers(aws, region, cluster)).length > 0 ? eks : undefined;
}
