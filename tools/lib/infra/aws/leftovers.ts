// What a cluster's controllers have made in AWS, which no stack knows of and no stack takes away.
import { absent } from './account.ts';
import type { Aws } from './aws.ts';

export const LEFTOVER_KINDS = [
  'load balancer',
  'target group',
  'instance',
  'volume',
  'security group',
  'network interface',
] as const;

export type LeftoverKind = (typeof LEFTOVER_KINDS)[number];

/** Something of a cluster that outlives its stacks. */
export interface Leftover {
  kind: LeftoverKind;
  /** What a person finds it by: `i-0abc`, an ARN. */
  id: string;
}

/** Which kinds have to be gone before the next thing is done. */
type Look = (aws: Aws, region: string, cluster: string) => Promise<string[]>;

interface Tagged {
  ResourceTagMappingList: { ResourceARN: string }[];
}

/** How each kind is found. Tags are those that the controllers themselves write: the VPC may be gone already. */
const LOOKS: Readonly<Record<LeftoverKind, Look>> = {
  // @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#resource-tags
  'load balancer': (...of) => taggedByController('elasticloadbalancing:loadbalancer', ...of),
  'target group': (...of) => taggedByController('elasticloadbalancing:targetgroup', ...of),
  // @see https://karpenter.sh/docs/concepts/nodeclasses/#spectags
  async instance(aws, region, cluster) {
    const { Reservations } = (await aws(region, 'ec2 describe-instances', {
      Filters: [
        { Name: 'tag:eks:eks-cluster-name', Values: [cluster] },
        { Name: 'tag-key', Values: ['karpenter.sh/nodepool'] },
        {
          Name: 'instance-state-name',
          Values: ['pending', 'running', 'shutting-down', 'stopping', 'stopped'],
        },
      ],
    })) as { Reservations: { Instances: { InstanceId: string }[] }[] };
    return Reservations.flatMap(({ Instances }) => Instances.map(({ InstanceId }) => InstanceId));
  },
  // @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md
  async volume(aws, region, cluster) {
    const { Volumes } = (await aws(region, 'ec2 describe-volumes', {
      Filters: [
        { Name: `tag:kubernetes.io/cluster/${cluster}`, Values: ['owned'] },
        { Name: 'tag:ebs.csi.aws.com/cluster', Values: ['true'] },
      ],
    })) as { Volumes: { VolumeId: string }[] };
    return Volumes.map(({ VolumeId }) => VolumeId);
  },
  async 'security group'(aws, region, cluster) {
    const { SecurityGroups } = (await aws(region, 'ec2 describe-security-groups', {
      Filters: [{ Name: 'tag:elbv2.k8s.aws/cluster', Values: [cluster] }],
    })) as { SecurityGroups: { GroupId: string }[] };
    return SecurityGroups.map(({ GroupId }) => GroupId);
  },
  // Those in use go with what uses them; the CNI sometimes leaves one behind when its node ends.
  // @see https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md#cluster_name
  async 'network interface'(aws, region, cluster) {
    const { NetworkInterfaces } = (await aws(region, 'ec2 describe-network-interfaces', {
      Filters: [
        { Name: 'tag:cluster.k8s.amazonaws.com/name', Values: [cluster] },
        { Name: 'status', Values: ['available'] },
      ],
    })) as { NetworkInterfaces: { NetworkInterfaceId: string }[] };
    return NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId);
  },
};

/**
 * What is left in AWS of what the controllers of a cluster have made.
 *
 * @param kinds which to look for. @default all
 */
export async function leftovers(
  aws: Aws,
  region: string,
  cluster: string,
  kinds: readonly LeftoverKind[] = LEFTOVER_KINDS,
): Promise<Leftover[]> {
  const found = await Promise.all(
    kinds.map(async (kind) => (await LOOKS[kind](aws, region, cluster)).map((id) => ({ kind, id }))),
  );
  return found.flat();
}

/** Removes a network interface that nothing uses. */
export async function deleteNetworkInterface(aws: Aws, region: string, id: string): Promise<void> {
  await aws(region, 'ec2 delete-network-interface', { NetworkInterfaceId: id });
}

/** How something of each type is asked for by its ARN, and AWS's word for that it is gone. */
const BY_ARN: Readonly<Record<string, { operation: string; key: string; gone: string }>> = {
  'elasticloadbalancing:loadbalancer': {
    operation: 'elbv2 describe-load-balancers',
    key: 'LoadBalancerArns',
    gone: 'LoadBalancerNotFound',
  },
  'elasticloadbalancing:targetgroup': {
    operation: 'elbv2 describe-target-groups',
    key: 'TargetGroupArns',
    gone: 'TargetGroupNotFound',
  },
};

async function taggedByController(
  type: string,
  aws: Aws,
  region: string,
  cluster: string,
): Promise<string[]> {
  const { ResourceTagMappingList } = (await aws(region, 'resourcegroupstaggingapi get-resources', {
    TagFilters: [{ Key: 'elbv2.k8s.aws/cluster', Values: [cluster] }],
    ResourceTypeFilters: [type],
  })) as Tagged;
  const arns = ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN);
  // Tags are remembered for a while longer than what had them.
  const there = await Promise.all(
    arns.map(async (arn) => {
      const { operation = '', key = '', gone = '' } = BY_ARN[type] ?? {};
      return (await absent(aws(region, operation, { [key]: [arn] }), gone)) !== undefined;
    }),
  );
  return arns.filter((_, index) => there[index]);
}
