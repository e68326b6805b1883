import { KubectlV35Layer } from '@aws-cdk/lambda-layer-kubectl-v35';
import { RemovalPolicy } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AccessPolicy,
  AccessScopeType,
  type CfnCluster,
  Cluster,
  ClusterLoggingTypes,
  DefaultCapacityType,
  EndpointAccess,
  KubernetesVersion,
} from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { SERVICE_CIDR } from '../config/kubernetes-network.ts';
import { acknowledge } from './checks/acknowledge.ts';
import { addEksAddOns } from './eks-add-ons.ts';
import { logGroup } from './log-group.ts';
import type { NetworkStack } from './network-stack.ts';
import { ClusterPart, type ClusterStackProps } from './platform-stack.ts';
import { SystemNodes } from './system-nodes.ts';

export interface EksStackProps extends ClusterStackProps {
  network: NetworkStack;
}

/** The EKS cluster itself: its API, who may use it, the EKS add-ons and the few nodes that all others are started from. */
export class EksStack extends ClusterPart {
  readonly eks: Cluster;
  readonly nodes: SystemNodes;

  constructor(scope: Construct, { network, ...props }: EksStackProps) {
    super(scope, 'cluster', props);
    const { name } = this.cluster;
    const logs = logGroup(this, 'logs', `/aws/eks/${name}/cluster`);
    this.eks = this.makeCluster(network);
    this.eks.node.addDependency(logs);
    this.letIn();
    const addOns = addEksAddOns(this, this.eks);
    this.nodes = new SystemNodes(this, 'nodes', { eks: this.eks, network, part: this });
    // A node is ready when pods on it can have addresses; what needs nodes to be ready itself comes after them.
    this.nodes.node.addDependency(...addOns.beforeNodes);
    for (const addOn of addOns.afterNodes) addOn.node.addDependency(this.nodes);
  }

  private makeCluster(network: NetworkStack): Cluster {
    const { name } = this.cluster;
    const { kubernetes, publicApiCidrs } = this.infrastructure;
    const key = new Key(this, 'secrets-key', {
      alias: `${name}-secrets`,
      description: `Secrets of the Kubernetes API of ${name}`,
      enableKeyRotation: true,
      // What it has encrypted is worth nothing without the cluster. KMS waits before it deletes one.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'role', {
      roleName: `${name}-control-plane`,
      assumedBy: new ServicePrincipal('eks.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonEKSClusterPolicy')],
    });
    acknowledge(
      role,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonEKSClusterPolicy]',
      'EKS requires this policy of its control plane, and changes it as the control plane changes.',
    );
    const eks = new Cluster(this, 'eks', {
      clusterName: name,
      version: KubernetesVersion.of(kubernetes),
      vpc: network.vpc,
      vpcSubnets: [{ subnetType: SubnetType.PRIVATE_WITH_EGRESS }],
      securityGroup: network.controlPlane,
      role,
      secretsEncryptionKey: key,
      serviceIpv4Cidr: SERVICE_CIDR,
      clusterLogging: Object.values(ClusterLoggingTypes),
      endpointAccess:
        publicApiCidrs.length === 0
          ? EndpointAccess.PRIVATE
          : EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom(...publicApiCidrs),
      // Karpenter starts nodes, not EKS.
      defaultCapacityType: DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
      bootstrapClusterCreatorAdminPermissions: false,
      // EKS add-ons are pinned, below; those that EKS would install are not.
      bootstrapSelfManagedAddons: false,
      outputConfigCommand: false,
      kubectlProviderOptions: {
        // kubectl may be one minor away from the cluster either way.
        kubectlLayer: new KubectlV35Layer(this, 'kubectl'),
        privateSubnets: network.vpc.privateSubnets,
        securityGroups: [network.setup],
      },
    });
    const resource = eks.node.defaultChild as CfnCluster;
    resource.deletionProtection = true;
    // After 14 months EKS would charge six times as much; with this it moves the cluster up instead.
    resource.upgradePolicy = { supportType: 'STANDARD' };
    resource.zonalShiftConfig = { enabled: this.isHighlyAvailable };
    acknowledge(eks, 'W9009', 'The CDK writes the field; EKS takes no other value for it.');
    acknowledgeKubectl(eks);
    return eks;
  }

  /** People; Flux and what runs on the cluster have roles of Kubernetes' own. */
  private letIn(): void {
    for (const [index, admin] of this.infrastructure.admins.entries()) {
      this.eks.grantAccess(`admin-${index}`, admin, [
        AccessPolicy.fromAccessPolicyName('AmazonEKSClusterAdminPolicy', {
          accessScopeType: AccessScopeType.CLUSTER,
        }),
      ]);
    }
  }
}

/** The functions of the CDK that run kubectl and helm: their roles are the CDK's, and nobody else can take them on. */
function acknowledgeKubectl(eks: Cluster): void {
  const provider = eks.node.findChild('KubectlProvider');
  const why =
    "It is how the CDK makes its own functions; they reach this cluster's API, and AWS's registries to read.";
  const policies = [
    'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole',
    'arn:<AWS::Partition>:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly',
    '{"Fn::If":["eksKubectlProviderHandlerHasEcrPublic0ED8DB09",{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":iam::aws:policy/AmazonElasticContainerRegistryPublicReadOnly"]]},{"Ref":"AWS::NoValue"}]}',
  ];
  for (const policy of policies) acknowledge(provider, `AwsSolutions-IAM4[Policy::${policy}]`, why);
  acknowledge(provider, 'AwsSolutions-IAM5[Resource::<eksKubectlProviderHandlerBE0E89B2.Arn>:*]', why);
  acknowledge(
    provider,
    'AwsSolutions-L1',
    'The runtime is the newest that the CDK has tried its own functions with.',
  );
}
