import { CfnAddon, type Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { type EksAddOn, KUBERNETES_VERSIONS } from '../config/kubernetes-versions.ts';
import { hasAddOn } from '../config/per-ring.ts';
import { POD_IDENTITIES, type PodIdentityName } from '../config/pod-identities.ts';
import { acknowledge } from './checks/acknowledge.ts';
import { identityRole } from './identity-role.ts';
import type { ClusterPart } from './platform-stack.ts';

/** An EKS add-on: what it is told, and the identity it has. */
interface Wanted {
  name: EksAddOn;
  /** @see `aws eks describe-addon-configuration --addon-name <name> --addon-version <version>` */
  configuration?: object;
  identity?: { name: PodIdentityName; managedPolicy: string; why: string };
}

/** What pods and nodes need to be ready at all. */
const BEFORE_NODES: readonly Wanted[] = [
  {
    name: 'vpc-cni',
    // Without it NetworkPolicies are stored and never enforced.
    configuration: { enableNetworkPolicy: 'true' },
    identity: {
      name: 'vpc-cni',
      managedPolicy: 'AmazonEKS_CNI_Policy',
      why: 'It is the policy that AWS maintains for its own CNI, whose calls take no narrower resource.',
    },
  },
  { name: 'kube-proxy' },
  { name: 'eks-pod-identity-agent' },
];

const AFTER_NODES: readonly Wanted[] = [
  { name: 'coredns' },
  {
    name: 'aws-ebs-csi-driver',
    identity: {
      name: 'ebs-csi',
      managedPolicy: 'service-role/AmazonEBSCSIDriverPolicy',
      why: 'It is the policy that AWS maintains for its own driver, narrowed to volumes by their tags.',
    },
  },
];

const CONTAINER_INSIGHTS: Wanted = {
  name: 'amazon-cloudwatch-observability',
  // The log groups of pods are Fluent Bit's, which dist/ installs.
  configuration: { containerLogs: { enabled: false } },
  identity: {
    name: 'cloudwatch-agent',
    managedPolicy: 'CloudWatchAgentServerPolicy',
    why: 'It is the policy that AWS maintains for its own agent; metrics take no resource.',
  },
};

/** The EKS add-ons of a cluster, by whether they come before its first nodes. */
export interface EksAddOns {
  beforeNodes: CfnAddon[];
  afterNodes: CfnAddon[];
}

/** Makes what AWS runs on a cluster for us, pinned by config/kubernetes-versions.ts. */
export function addEksAddOns(part: ClusterPart, eks: Cluster): EksAddOns {
  const { platform, cluster } = part;
  const insights = hasAddOn(platform, cluster.ring, 'container-insights') ? [CONTAINER_INSIGHTS] : [];
  return {
    beforeNodes: BEFORE_NODES.map((wanted) => addEksAddOn(part, eks, wanted)),
    afterNodes: [...AFTER_NODES, ...insights].map((wanted) => addEksAddOn(part, eks, wanted)),
  };
}

function addEksAddOn(part: ClusterPart, eks: Cluster, { name, configuration, identity }: Wanted): CfnAddon {
  const versions = KUBERNETES_VERSIONS[part.infrastructure.kubernetes];
  return new CfnAddon(part, `add-on-${name}`, {
    clusterName: eks.clusterName,
    addonName: name,
    addonVersion: versions[name],
    // What somebody changed by hand is put right by the next deployment.
    resolveConflicts: 'OVERWRITE',
    configurationValues: configuration && JSON.stringify(configuration),
    podIdentityAssociations: identity && [
      {
        serviceAccount: POD_IDENTITIES[identity.name].serviceAccount,
        roleArn: managedRole(part, identity).roleArn,
      },
    ],
  });
}

function managedRole(part: ClusterPart, { name, managedPolicy, why }: NonNullable<Wanted['identity']>) {
  const role = identityRole(part, name, POD_IDENTITIES[name].purpose);
  role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(managedPolicy));
  acknowledge(role, `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${managedPolicy}]`, why);
  return role;
}
