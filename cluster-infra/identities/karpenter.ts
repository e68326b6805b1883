import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnHere, NO_RESOURCE, type Permissions, type Surroundings } from './identity.ts';

/** What Karpenter itself tags what it makes with, and so finds it again by. */
const NODE_POOL = 'karpenter.sh/nodepool';
const NODE_CLASS = 'karpenter.k8s.aws/ec2nodeclass';
const REGION = 'topology.kubernetes.io/region';

/**
 * Karpenter: it starts nodes that carry its tags, and ends only those.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/ whose split into six policies this is
 */
export function karpenter(surroundings: Surroundings): Permissions {
  const { region } = surroundings.part.cluster;
  const reasons = {
    made: 'What it makes has no name yet; the tags that it must carry narrow it to this cluster.',
    shared: 'What a node is started from: which image and subnet is said by the EC2NodeClass, in git.',
    profile: 'It names instance profiles itself; their tags narrow it to this cluster and region.',
  };
  const here = (resource: string) => arnHere(surroundings.part, 'ec2', resource);
  return {
    policies: {
      'node-lifecycle': nodeLifecycle(surroundings),
      'iam-integration': iamIntegration(surroundings),
      'eks-integration': eksIntegration(surroundings),
      interruption: interruption(surroundings),
      'zonal-shift': zonalShift(surroundings),
      'resource-discovery': resourceDiscovery(surroundings),
    },
    wildcards: {
      'Resource::*': NO_RESOURCE,
      ...reasonFor(reasons.shared, [
        `arn:aws:ec2:${region}::image/*`,
        `arn:aws:ec2:${region}::snapshot/*`,
        ...['security-group/*', 'subnet/*'].map(here),
      ]),
      ...reasonFor(reasons.made, MADE.map(here)),
      ...reasonFor(reasons.profile, [instanceProfiles(surroundings)]),
      ...reasonFor('The parameters in which AWS publishes its images: they are public.', [
        `arn:aws:ssm:${region}::parameter/aws/service/*`,
      ]),
    },
  };
}

function reasonFor(reason: string, resources: readonly string[]): Record<string, string> {
  return Object.fromEntries(resources.map((resource) => [`Resource::${resource}`, reason]));
}

const MADE = [
  'fleet/*',
  'instance/*',
  'volume/*',
  'network-interface/*',
  'launch-template/*',
  'spot-instances-request/*',
];

const owned = (cluster: string) => `kubernetes.io/cluster/${cluster}`;

function nodeLifecycle({ part }: Surroundings): PolicyStatement[] {
  const { name, region } = part.cluster;
  const here = (resource: string) => arnHere(part, 'ec2', resource);
  const isOurs = {
    StringEquals: { [`aws:ResourceTag/${owned(name)}`]: 'owned' },
    StringLike: { [`aws:ResourceTag/${NODE_POOL}`]: '*' },
  };
  const willBeOurs = {
    [`aws:RequestTag/${owned(name)}`]: 'owned',
    'aws:RequestTag/eks:eks-cluster-name': name,
  };
  return [
    new PolicyStatement({
      sid: 'UseWhatNodesAreStartedFrom',
      actions: ['ec2:RunInstances', 'ec2:CreateFleet'],
      resources: [
        `arn:aws:ec2:${region}::image/*`,
        `arn:aws:ec2:${region}::snapshot/*`,
        here('security-group/*'),
        here('subnet/*'),
      ],
    }),
    new PolicyStatement({
      sid: 'UseOwnLaunchTemplates',
      actions: ['ec2:RunInstances', 'ec2:CreateFleet'],
      resources: [here('launch-template/*')],
      conditions: isOurs,
    }),
    new PolicyStatement({
      sid: 'MakeWithTags',
      actions: ['ec2:RunInstances', 'ec2:CreateFleet', 'ec2:CreateLaunchTemplate'],
      resources: MADE.map(here),
      conditions: { StringEquals: willBeOurs, StringLike: { [`aws:RequestTag/${NODE_POOL}`]: '*' } },
    }),
    new PolicyStatement({
      sid: 'TagWhileMaking',
      actions: ['ec2:CreateTags'],
      resources: MADE.map(here),
      conditions: {
        StringEquals: {
          ...willBeOurs,
          'ec2:CreateAction': ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate'],
        },
        StringLike: { [`aws:RequestTag/${NODE_POOL}`]: '*' },
      },
    }),
    new PolicyStatement({
      sid: 'NameOwnInstances',
      actions: ['ec2:CreateTags'],
      resources: [here('instance/*')],
      conditions: {
        ...isOurs,
        StringEqualsIfExists: { 'aws:RequestTag/eks:eks-cluster-name': name },
        'ForAllValues:StringEquals': {
          'aws:TagKeys': ['eks:eks-cluster-name', 'karpenter.sh/nodeclaim', 'Name'],
        },
      },
    }),
    new PolicyStatement({
      sid: 'EndOwn',
      actions: ['ec2:TerminateInstances', 'ec2:DeleteLaunchTemplate'],
      resources: [here('instance/*'), here('launch-template/*')],
      conditions: isOurs,
    }),
  ];
}

function instanceProfiles({ part }: Surroundings): string {
  return `arn:aws:iam::${part.cluster.account}:instance-profile/*`;
}

function iamIntegration(surroundings: Surroundings): PolicyStatement[] {
  const { name, region } = surroundings.part.cluster;
  const resources = [instanceProfiles(surroundings)];
  const tags = (of: 'RequestTag' | 'ResourceTag') => ({
    [`aws:${of}/${owned(name)}`]: 'owned',
    [`aws:${of}/${REGION}`]: region,
  });
  const request = { ...tags('RequestTag'), 'aws:RequestTag/eks:eks-cluster-name': name };
  return [
    new PolicyStatement({
      sid: 'GiveNodesTheirRole',
      actions: ['iam:PassRole'],
      resources: [surroundings.nodeRoleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    }),
    new PolicyStatement({
      sid: 'MakeInstanceProfiles',
      actions: ['iam:CreateInstanceProfile'],
      resources,
      conditions: { StringEquals: request, StringLike: { [`aws:RequestTag/${NODE_CLASS}`]: '*' } },
    }),
    new PolicyStatement({
      sid: 'TagOwnInstanceProfiles',
      actions: ['iam:TagInstanceProfile'],
      resources,
      conditions: {
        StringEquals: { ...tags('ResourceTag'), ...request },
        StringLike: {
          [`aws:ResourceTag/${NODE_CLASS}`]: '*',
          [`aws:RequestTag/${NODE_CLASS}`]: '*',
        },
      },
    }),
    new PolicyStatement({
      sid: 'ChangeOwnInstanceProfiles',
      actions: [
        'iam:AddRoleToInstanceProfile',
        'iam:RemoveRoleFromInstanceProfile',
        'iam:DeleteInstanceProfile',
      ],
      resources,
      conditions: {
        StringEquals: tags('ResourceTag'),
        StringLike: { [`aws:ResourceTag/${NODE_CLASS}`]: '*' },
      },
    }),
  ];
}

function eksIntegration({ part }: Surroundings): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'FindTheApi',
      actions: ['eks:DescribeCluster'],
      resources: [arnHere(part, 'eks', `cluster/${part.cluster.name}`)],
    }),
  ];
}

function interruption({ interruptionQueueArn }: Surroundings): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'HearOfInterruptions',
      actions: ['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
      resources: [interruptionQueueArn],
    }),
  ];
}

function zonalShift({ part }: Surroundings): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'HearOfZonesThatAreLeft',
      actions: ['arc-zonal-shift:GetManagedResource'],
      resources: ['*'],
      conditions: {
        StringEquals: {
          'arc-zonal-shift:ResourceIdentifier': arnHere(part, 'eks', `cluster/${part.cluster.name}`),
        },
      },
    }),
  ];
}

function resourceDiscovery(surroundings: Surroundings): PolicyStatement[] {
  const { region } = surroundings.part.cluster;
  return [
    new PolicyStatement({
      sid: 'LookAround',
      actions: [
        'ec2:DescribeCapacityReservations',
        'ec2:DescribeImages',
        'ec2:DescribeInstances',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstanceTypeOfferings',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeLaunchTemplates',
        'ec2:DescribePlacementGroups',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSpotPriceHistory',
        'ec2:DescribeSubnets',
      ],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:RequestedRegion': region } },
    }),
    new PolicyStatement({
      sid: 'FindImages',
      actions: ['ssm:GetParameter'],
      resources: [`arn:aws:ssm:${region}::parameter/aws/service/*`],
    }),
    new PolicyStatement({ sid: 'AskPrices', actions: ['pricing:GetProducts'], resources: ['*'] }),
    new PolicyStatement({
      sid: 'ListInstanceProfiles',
      actions: ['iam:ListInstanceProfiles'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'ReadInstanceProfiles',
      actions: ['iam:GetInstanceProfile'],
      resources: [instanceProfiles(surroundings)],
    }),
  ];
}
