import { Tags } from 'aws-cdk-lib';
import {
  AclCidr,
  AclTraffic,
  Action,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  NetworkAcl,
  Port,
  SecurityGroup,
  SubnetType,
  TrafficDirection,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { subnetSizes } from '../config/subnets.ts';
import { acknowledge } from './checks/acknowledge.ts';
import { slipwayLogGroup } from './log-group.ts';
import { ClusterPart, type ClusterStackProps } from './platform-stack.ts';

/** Where PostgreSQL listens. */
const POSTGRES = 5432;

/** Where answers come back to, on Linux and on AWS's load balancers. */
const EPHEMERAL: [number, number] = [1024, 65_535];

/**
 * The network of one cluster: in each zone a private subnet for nodes and pods, a public one for load balancers, and an
 * isolated one for the database. And who may speak to whom in it.
 */
export class NetworkStack extends ClusterPart {
  readonly vpc: Vpc;
  /** That of the nodes and so of all pods; Karpenter finds it by its tag. */
  readonly nodes: ISecurityGroup;
  /** That of the addresses at which the Kubernetes API is reached inside the VPC. */
  readonly controlPlane: ISecurityGroup;
  /** That of what sets a cluster up: it speaks to the Kubernetes API and to the database. */
  readonly setup: ISecurityGroup;
  /** That of the database. */
  readonly database: ISecurityGroup;

  constructor(scope: Construct, props: ClusterStackProps) {
    super(scope, 'network', props);
    this.vpc = this.makeVpc();
    this.addFlowLog();
    this.closeDatabaseSubnets();

    const { name } = this.cluster;
    this.nodes = this.securityGroup('nodes', `${name}-nodes`, 'Nodes and pods', true);
    this.controlPlane = this.securityGroup('control-plane', `${name}-control-plane`, 'Kubernetes API');
    this.setup = this.securityGroup('setup', `${name}-setup`, 'What sets the cluster up', true);
    this.database = this.securityGroup('database', `${name}-database`, 'PostgreSQL');
    this.letTalk();
    this.addEndpoints();
    Tags.of(this.nodes).add('karpenter.sh/discovery', name);
    // The load balancer controller opens ports on the one group that has this tag.
    Tags.of(this.nodes).add(`kubernetes.io/cluster/${name}`, 'owned');
  }

  private makeVpc(): Vpc {
    const { name, vpcCidr, zones } = this.cluster;
    const sizes = subnetSizes(Number(vpcCidr.split('/')[1]), zones.length);
    const vpc = new Vpc(this, 'vpc', {
      vpcName: name,
      ipAddresses: IpAddresses.cidr(vpcCidr),
      maxAzs: zones.length,
      natGateways: this.infrastructure.nat === 'one' ? 1 : zones.length,
      restrictDefaultSecurityGroup: true,
      // The largest first: ranges are given out in this order, each from a multiple of its size.
      subnetConfiguration: [
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: sizes.private },
        {
          name: 'public',
          subnetType: SubnetType.PUBLIC,
          cidrMask: sizes.public,
          mapPublicIpOnLaunch: false,
        },
        { name: 'database', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: sizes.database },
      ],
      // Images and backups go to S3 past the NAT, at no cost.
      gatewayEndpoints: { s3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    acknowledge(
      this,
      'W3010',
      'The zones are those of the config: a template that needs no account cannot ask AWS which there are.',
    );
    for (const subnet of vpc.privateSubnets) {
      Tags.of(subnet).add('karpenter.sh/discovery', name);
      Tags.of(subnet).add('kubernetes.io/role/internal-elb', '1');
    }
    for (const subnet of vpc.publicSubnets) Tags.of(subnet).add('kubernetes.io/role/elb', '1');
    return vpc;
  }

  /** What was refused, and in production what was let through too: that costs by the gigabyte. */
  private addFlowLog(): void {
    const group = slipwayLogGroup(this, 'flow-logs', 'flow-logs');
    this.vpc.addFlowLog('flow-log', {
      destination: FlowLogDestination.toCloudWatchLogs(group),
      trafficType: this.isHighlyAvailable ? FlowLogTrafficType.ALL : FlowLogTrafficType.REJECT,
    });
  }

  private addEndpoints(): void {
    const { interfaceEndpoints } = this.infrastructure;
    if (interfaceEndpoints.length === 0) return;
    const group = this.securityGroup('endpoints', `${this.cluster.name}-endpoints`, 'Endpoints of AWS');
    for (const caller of [this.nodes, this.setup])
      group.addIngressRule(caller, Port.HTTPS, 'to services of AWS');
    for (const name of interfaceEndpoints) {
      this.vpc.addInterfaceEndpoint(name, {
        service: new InterfaceVpcEndpointAwsService(name),
        securityGroups: [group],
        open: false,
      });
    }
  }

  /** A second lock on the database's subnets: whatever security groups will say one day, only PostgreSQL is spoken there. */
  private closeDatabaseSubnets(): void {
    const acl = new NetworkAcl(this, 'database-acl', {
      vpc: this.vpc,
      networkAclName: `${this.cluster.name}-database`,
      subnetSelection: { subnetType: SubnetType.PRIVATE_ISOLATED },
    });
    const inside = AclCidr.ipv4(this.cluster.vpcCidr);
    const rule = { ruleNumber: 100, ruleAction: Action.ALLOW, cidr: inside };
    acl.addEntry('in', {
      ...rule,
      direction: TrafficDirection.INGRESS,
      traffic: AclTraffic.tcpPort(POSTGRES),
    });
    acl.addEntry('out', {
      ...rule,
      direction: TrafficDirection.EGRESS,
      traffic: AclTraffic.tcpPortRange(...EPHEMERAL),
    });
    acknowledge(
      acl,
      'AwsSolutions-VPC3',
      'It has two rules, and is a second lock behind the security group.',
    );
  }

  private securityGroup(id: string, name: string, of: string, leadsOut = false): SecurityGroup {
    return new SecurityGroup(this, id, {
      vpc: this.vpc,
      securityGroupName: name,
      description: `${of} of ${this.cluster.name}`,
      allowAllOutbound: leadsOut,
    });
  }

  private letTalk(): void {
    const { nodes, controlPlane, setup, database } = this;
    nodes.addIngressRule(nodes, Port.allTraffic(), 'pods to pods; network policies say which');
    // Kubelets at 10250, and webhooks at whatever port their pods listen on.
    nodes.addIngressRule(
      controlPlane,
      Port.tcpRange(...EPHEMERAL),
      'Kubernetes API to kubelets and webhooks',
    );
    controlPlane.addEgressRule(nodes, Port.tcpRange(...EPHEMERAL), 'Kubernetes API to kubelets and webhooks');
    controlPlane.addIngressRule(nodes, Port.HTTPS, 'nodes and pods to the Kubernetes API');
    controlPlane.addIngressRule(setup, Port.HTTPS, 'what sets the cluster up to the Kubernetes API');
    database.addIngressRule(nodes, Port.tcp(POSTGRES), 'pods to PostgreSQL');
    database.addIngressRule(setup, Port.tcp(POSTGRES), "what makes the apps' roles to PostgreSQL");
  }
}
