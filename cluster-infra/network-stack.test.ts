import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Cluster } from '../config/schema.ts';
import { NetworkStack } from './network-stack.ts';

const cluster: Cluster = {
  name: 'dev-eu-west-1',
  account: '111111111111',
  region: 'eu-west-1',
  ring: 'dev',
  zones: ['a', 'b', 'c'],
  vpcCidr: '10.10.0.0/16',
  database: { maxConnections: 400 },
  apps: [],
};

describe("a cluster's network", () => {
  const template = Template.fromStack(new NetworkStack(new App(), 'network', { cluster }));

  test('has the range of the config', () => {
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: cluster.vpcCidr });
  });

  test('has a public, a private and a database subnet in each zone', () => {
    const subnets = Object.values(template.findResources('AWS::EC2::Subnet'));
    const zones = Map.groupBy(subnets, (subnet) => subnet.Properties.AvailabilityZone);
    expect([...zones].map(([zone, own]) => [zone, own.length])).toEqual([
      ['eu-west-1a', 3],
      ['eu-west-1b', 3],
      ['eu-west-1c', 3],
    ]);
  });

  test('leads no database subnet out', () => {
    const routes = Object.keys(template.findResources('AWS::EC2::Route'));
    expect(routes).toHaveLength(6);
    expect(routes.filter((id) => id.includes('database'))).toEqual([]);
  });
});
