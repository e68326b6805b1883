import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnHere, NO_RESOURCE, type Permissions, type Surroundings } from './identity.ts';

/** The tag by which the controller knows what it has made, and for which cluster. */
const CLUSTER_TAG = 'elbv2.k8s.aws/cluster';

/**
 * The load balancer controller, for network load balancers of Services and nothing else: no web application firewall, no
 * Cognito, no certificates of IAM. What it makes must carry the cluster's name, and it changes only what does.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json
 */
export function loadBalancerController({ part }: Surroundings): Permissions {
  const { name, account } = part.cluster;
  const elb = (resource: string) => arnHere(part, 'elasticloadbalancing', resource);
  const groups = arnHere(part, 'ec2', 'security-group/*');
  const vpcs = arnHere(part, 'ec2', 'vpc/*');
  const balancers = elb('loadbalancer/net/*/*');
  const targets = elb('targetgroup/*/*');
  const listeners = elb('listener/net/*/*/*');
  const willBeOurs = { StringEquals: { [`aws:RequestTag/${CLUSTER_TAG}`]: name } };
  const isOurs = { StringEquals: { [`aws:ResourceTag/${CLUSTER_TAG}`]: name } };
  const made = 'AWS ends the name of what is made here by itself; the tag with the cluster narrows it.';
  return {
    policies: {
      discovery: [
        new PolicyStatement({
          sid: 'LookAround',
          actions: [
            'ec2:DescribeAccountAttributes',
            'ec2:DescribeAddresses',
            'ec2:DescribeAvailabilityZones',
            'ec2:DescribeInstances',
            'ec2:DescribeInternetGateways',
            'ec2:DescribeIpamPools',
            'ec2:DescribeNetworkInterfaces',
            'ec2:DescribeRouteTables',
            'ec2:DescribeSecurityGroups',
            'ec2:DescribeSubnets',
            'ec2:DescribeTags',
            'ec2:DescribeVpcPeeringConnections',
            'ec2:DescribeVpcs',
            'elasticloadbalancing:DescribeCapacityReservation',
            'elasticloadbalancing:DescribeListenerAttributes',
            'elasticloadbalancing:DescribeListenerCertificates',
            'elasticloadbalancing:DescribeListeners',
            'elasticloadbalancing:DescribeLoadBalancerAttributes',
            'elasticloadbalancing:DescribeLoadBalancers',
            'elasticloadbalancing:DescribeRules',
            'elasticloadbalancing:DescribeSSLPolicies',
            'elasticloadbalancing:DescribeTags',
            'elasticloadbalancing:DescribeTargetGroupAttributes',
            'elasticloadbalancing:DescribeTargetGroups',
            'elasticloadbalancing:DescribeTargetHealth',
          ],
          resources: ['*'],
        }),
        new PolicyStatement({
          sid: 'FirstLoadBalancerOfTheAccount',
          actions: ['iam:CreateServiceLinkedRole'],
          resources: [
            `arn:aws:iam::${account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`,
          ],
          conditions: { StringEquals: { 'iam:AWSServiceName': 'elasticloadbalancing.amazonaws.com' } },
        }),
      ],
      'security-groups': [
        new PolicyStatement({
          sid: 'MakeGroups',
          actions: ['ec2:CreateSecurityGroup'],
          resources: [groups],
          conditions: willBeOurs,
        }),
        new PolicyStatement({ sid: 'InAVpc', actions: ['ec2:CreateSecurityGroup'], resources: [vpcs] }),
        new PolicyStatement({
          sid: 'TagGroupsWhileMaking',
          actions: ['ec2:CreateTags'],
          resources: [groups],
          conditions: {
            StringEquals: { ...willBeOurs.StringEquals, 'ec2:CreateAction': 'CreateSecurityGroup' },
          },
        }),
        new PolicyStatement({
          sid: 'ChangeOwnGroups',
          actions: [
            'ec2:AuthorizeSecurityGroupIngress',
            'ec2:RevokeSecurityGroupIngress',
            'ec2:DeleteSecurityGroup',
            'ec2:CreateTags',
            'ec2:DeleteTags',
          ],
          resources: [groups],
          conditions: isOurs,
        }),
        new PolicyStatement({
          sid: 'OpenNodesToLoadBalancers',
          actions: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
          resources: [groups],
          conditions: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${name}`]: 'owned' } },
        }),
      ],
      'load-balancers': [
        new PolicyStatement({
          sid: 'Make',
          actions: ['elasticloadbalancing:CreateLoadBalancer', 'elasticloadbalancing:CreateTargetGroup'],
          resources: [balancers, targets],
          conditions: willBeOurs,
        }),
        new PolicyStatement({
          sid: 'TagWhileMaking',
          actions: ['elasticloadbalancing:AddTags'],
          resources: [balancers, targets, listeners],
          conditions: {
            StringEquals: {
              'elasticloadbalancing:CreateAction': [
                'CreateLoadBalancer',
                'CreateTargetGroup',
                'CreateListener',
              ],
            },
          },
        }),
        new PolicyStatement({
          sid: 'Listen',
          actions: ['elasticloadbalancing:CreateListener'],
          resources: [balancers],
          conditions: isOurs,
        }),
        new PolicyStatement({
          sid: 'ChangeOwn',
          actions: [
            'elasticloadbalancing:AddTags',
            'elasticloadbalancing:RemoveTags',
            'elasticloadbalancing:DeleteListener',
            'elasticloadbalancing:DeleteLoadBalancer',
            'elasticloadbalancing:DeleteTargetGroup',
            'elasticloadbalancing:DeregisterTargets',
            'elasticloadbalancing:ModifyCapacityReservation',
            'elasticloadbalancing:ModifyListener',
            'elasticloadbalancing:ModifyListenerAttributes',
            'elasticloadbalancing:ModifyLoadBalancerAttributes',
            'elasticloadbalancing:ModifyTargetGroup',
            'elasticloadbalancing:ModifyTargetGroupAttributes',
            'elasticloadbalancing:RegisterTargets',
            'elasticloadbalancing:SetIpAddressType',
            'elasticloadbalancing:SetSecurityGroups',
            'elasticloadbalancing:SetSubnets',
            'elasticloadbalancing:AddListenerCertificates',
            'elasticloadbalancing:RemoveListenerCertificates',
          ],
          resources: [balancers, targets, listeners],
          conditions: isOurs,
        }),
      ],
    },
    wildcards: {
      'Resource::*': NO_RESOURCE,
      [`Resource::${groups}`]: made,
      [`Resource::${vpcs}`]:
        'A group is made in the VPC that the controller is told of; it is one of two resources of the call.',
      [`Resource::${balancers}`]: made,
      [`Resource::${targets}`]: made,
      [`Resource::${listeners}`]: made,
    },
  };
}
