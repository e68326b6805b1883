import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { subnetSizes, subnets } from '../config/subnets.ts';
import { onlyResource, resourcesOf, synthesize, templateOf, testPlatform } from './testing/templates.ts';

const platform = testPlatform();
const all = synthesize(platform);
const dev = templateOf(all, 'dev-eu-west-1-network');
const prod = templateOf(all, 'prod-eu-west-1-network');

/** Rules that let somebody in, by the group's id in the template: those of the group itself and those beside it. */
const rulesOf = (template: typeof dev) => [
  ...Object.values(resourcesOf(template, 'AWS::EC2::SecurityGroup')).flatMap(
    ({ Properties }) => Properties.SecurityGroupIngress ?? [],
  ),
  ...Object.values(resourcesOf(template, 'AWS::EC2::SecurityGroupIngress')).map(
    ({ Properties }) => Properties,
  ),
];

describe("a cluster's network", () => {
  test('has the range of the config', () => {
    expect(onlyResource(dev, 'AWS::EC2::VPC').Properties.CidrBlock).toBe('10.10.0.0/16');
  });

  test('has a public, a private and a database subnet in each zone', () => {
    const subnets = Object.values(resourcesOf(prod, 'AWS::EC2::Subnet'));
    const zones = Map.groupBy(subnets, (subnet) => subnet.Properties.AvailabilityZone);
    expect([...zones].map(([zone, own]) => [zone, own.length])).toEqual([
      ['eu-west-1a', 3],
      ['eu-west-1b', 3],
      ['eu-west-1c', 3],
    ]);
  });

  test.each(platform.clusters.map((cluster) => [cluster.name, cluster] as const))(
    'of %s has the subnets that network policies go by',
    (name, { vpcCidr, zones }) => {
      const found = Object.entries(resourcesOf(templateOf(all, `${name}-network`), 'AWS::EC2::Subnet'));
      const ranges = (kind: string) =>
        found.filter(([id]) => id.includes(kind)).map(([, { Properties }]) => Properties.CidrBlock);
      expect({ private: ranges('private'), public: ranges('public'), database: ranges('database') }).toEqual(
        subnets(vpcCidr, zones.length),
      );
    },
  );

  test('leads no database subnet out', () => {
    const routes = Object.keys(resourcesOf(prod, 'AWS::EC2::Route'));
    expect(routes).toHaveLength(6);
    expect(routes.filter((id) => id.includes('database'))).toEqual([]);
  });

  test('has one NAT gateway in a small ring and one for each zone in one that is highly available', () => {
    expect(Object.keys(resourcesOf(dev, 'AWS::EC2::NatGateway'))).toHaveLength(1);
    expect(Object.keys(resourcesOf(prod, 'AWS::EC2::NatGateway'))).toHaveLength(3);
  });

  test('lets nobody in by an address', () => {
    const byAddress = rulesOf(prod).filter(
      (rule) => rule.CidrIp !== undefined || rule.CidrIpv6 !== undefined,
    );
    expect(byAddress).toEqual([]);
    expect(rulesOf(prod)).toHaveLength(6);
  });

  test('gives private subnets and the group of nodes the tag by which Karpenter finds them', () => {
    const tagged = Object.entries(dev.Resources ?? {})
      .filter(([, { Type }]) => Type !== 'AWS::EC2::RouteTable')
      .filter(([, { Properties }]) =>
        ((Properties?.Tags ?? []) as { Key: string; Value: string }[]).some(
          ({ Key, Value }) => Key === 'karpenter.sh/discovery' && Value === 'dev-eu-west-1',
        ),
      )
      .map(([id, { Type }]) => `${Type} ${id.replace(/[0-9A-F]{8}$/, '')}`);
    expect(tagged.sort()).toEqual([
      'AWS::EC2::SecurityGroup nodes',
      'AWS::EC2::Subnet vpcprivateSubnet1Subnet',
      'AWS::EC2::Subnet vpcprivateSubnet2Subnet',
    ]);
  });

  test('reaches the services of the config inside the VPC', () => {
    const [first, ...others] = platform.clusters;
    const clusters = [
      { ...first, interfaceEndpoints: ['sts', 'ecr.api'] },
      ...others,
    ] as typeof platform.clusters;
    const template = templateOf(synthesize({ ...platform, clusters }), 'dev-eu-west-1-network');
    const kinds = Object.values(resourcesOf(template, 'AWS::EC2::VPCEndpoint')).map(
      ({ Properties }) => Properties.VpcEndpointType,
    );
    expect(kinds.sort()).toEqual(['Gateway', 'Interface', 'Interface']);
  });
});

test('subnets fit into any VPC that the config allows, each with room to work', () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 2, max: 5 }), (prefix, zones) => {
      const sizes = subnetSizes(prefix, zones);
      const addresses = Object.values(sizes).reduce((sum, size) => sum + zones * 2 ** (32 - size), 0);
      expect(addresses).toBeLessThanOrEqual(2 ** (32 - prefix));
      // AWS takes /28 at the smallest; a load balancer wants eight free addresses.
      expect(Math.max(...Object.values(sizes))).toBeLessThanOrEqual(28);
    }),
  );
});
