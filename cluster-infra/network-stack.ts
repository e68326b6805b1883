import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { GatewayVpcEndpointAwsService, IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Cluster } from '../config/schema.ts';

export interface NetworkStackProps extends StackProps {
  /** The cluster whose nodes, load balancers and database live in this network. */
  cluster: Cluster;
}

/**
 * The network of one cluster: in each zone a public subnet for load balancers, a private one for nodes and pods, and
 * an isolated one for the database.
 */
export class NetworkStack extends Stack {
  readonly vpc: Vpc;
  private readonly cluster: Cluster;

  constructor(scope: Construct, id: string, { cluster, ...props }: NetworkStackProps) {
    super(scope, id, { ...props, env: { account: cluster.account, region: cluster.region } });
    this.cluster = cluster;
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason:
        'The zones are those of the config: an account-independent template cannot ask AWS which there are.',
    });
    this.vpc = new Vpc(this, 'vpc', {
      vpcName: cluster.name,
      ipAddresses: IpAddresses.cidr(cluster.vpcCidr),
      maxAzs: cluster.zones.length,
      restrictDefaultSecurityGroup: true,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'database', subnetType: SubnetType.PRIVATE_ISOLATED },
      ],
      // Images and backups go to S3 past the NAT, at no cost.
      gatewayEndpoints: { s3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    new CfnOutput(this, 'vpc-id', { value: this.vpc.vpcId });
  }

  /** Named by the config: the CDK would ask AWS, and synthesis must work without an account. */
  override get availabilityZones(): string[] {
    return this.cluster.zones.map((zone) => `${this.cluster.region}${zone}`);
  }
}
