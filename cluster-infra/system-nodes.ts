import { Tags } from 'aws-cdk-lib';
import { CfnLaunchTemplate, InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { type Cluster, Nodegroup, NodegroupAmiType } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from './checks/acknowledge.ts';
import type { NetworkStack } from './network-stack.ts';
import type { ClusterPart } from './platform-stack.ts';

export interface SystemNodesProps {
  part: ClusterPart;
  eks: Cluster;
  network: NetworkStack;
}

/** What a node may do in AWS: be one, pull images, and let people in by SSM. Pods have roles of their own. */
const NODE_POLICIES: Readonly<Record<string, string>> = {
  AmazonEKSWorkerNodePolicy: 'EKS requires it of a node, and it reads only.',
  AmazonEC2ContainerRegistryPullOnly:
    'A node pulls images from any registry of AWS, and does nothing else there.',
  AmazonSSMManagedInstanceCore:
    'People reach nodes, and through them the Kubernetes API, by SSM and never by SSH.',
};

/** What the nodes of the two sizes are. */
const SIZES = {
  small: { instance: 't4g.medium', nodes: 2 },
  'highly-available': { instance: 'm7g.large', nodes: 3 },
};

/**
 * The few nodes that must be there before Karpenter is: for CoreDNS, Karpenter itself and Flux. All others are Karpenter's,
 * and have the role of these.
 */
export class SystemNodes extends Construct {
  /** `<cluster>-node`. EKS lets nodes with the role of a nodegroup join, so those that Karpenter starts may too. */
  readonly role: Role;

  constructor(scope: Construct, id: string, { part, eks, network }: SystemNodesProps) {
    super(scope, id);
    const { name, zones } = part.cluster;
    this.role = new Role(this, 'role', {
      roleName: `${name}-node`,
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: Object.keys(NODE_POLICIES).map((policy) =>
        ManagedPolicy.fromAwsManagedPolicyName(policy),
      ),
    });
    for (const [policy, why] of Object.entries(NODE_POLICIES)) {
      acknowledge(
        this.role,
        `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`,
        why,
      );
    }
    const size = SIZES[part.isHighlyAvailable ? 'highly-available' : 'small'];
    const nodes = Math.max(size.nodes, part.isHighlyAvailable ? zones.length : 0);
    const template = this.launchTemplate(name, network);
    const nodegroup = new Nodegroup(this, 'nodegroup', {
      cluster: eks,
      nodegroupName: 'system',
      amiType: NodegroupAmiType.BOTTLEROCKET_ARM_64,
      instanceTypes: [new InstanceType(size.instance)],
      minSize: nodes,
      desiredSize: nodes,
      // One more while they are replaced.
      maxSize: nodes + 1,
      maxUnavailable: 1,
      enableNodeAutoRepair: true,
      nodeRole: this.role,
      subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      launchTemplateSpec: { id: template.ref, version: template.attrLatestVersionNumber },
      labels: { 'slipway.dev/nodes': 'system' },
    });
    Tags.of(nodegroup).add('Name', `${name}-system`);
  }

  private launchTemplate(name: string, network: NetworkStack): CfnLaunchTemplate {
    const disk = (deviceName: string, volumeSize: number): CfnLaunchTemplate.BlockDeviceMappingProperty => ({
      deviceName,
      ebs: { volumeSize, volumeType: 'gp3', encrypted: true, deleteOnTermination: true },
    });
    return new CfnLaunchTemplate(this, 'launch-template', {
      launchTemplateName: `${name}-system`,
      launchTemplateData: {
        securityGroupIds: [network.nodes.securityGroupId],
        // One hop: a pod that asks for its node's credentials gets no answer.
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
        // Bottlerocket's system, and the images and logs of its pods.
        blockDeviceMappings: [disk('/dev/xvda', 4), disk('/dev/xvdb', 30)],
        tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
          resourceType,
          tags: [
            { key: 'Name', value: `${name}-system` },
            { key: 'slipway:cluster', value: name },
          ],
        })),
      },
    });
  }
}
