import { describe, expect, test } from '@jest/globals';
import { DATABASE_INSTANCES } from '../../../../config/checks/database-instances.ts';
import { sampleConfig } from '../../../../config/testing/sample.ts';
import type { Resource, Template } from '../templates.ts';
import { bills } from './bill.ts';
import { itemsOf } from './items.ts';
import { pricesOf } from './prices.ts';
import { costMarkdown, costText } from './text.ts';

const { prices } = pricesOf('eu-west-1');
const { platform } = sampleConfig();

const template = (...resources: Resource[]): Template => ({
  Resources: Object.fromEntries(resources.map((resource, index) => [`r${index}`, resource])),
});

const database = (Properties: object): Resource => ({
  Type: 'AWS::RDS::DBInstance',
  Properties: { DBInstanceClass: 'db.m7g.large', AllocatedStorage: '100', ...Properties },
});

const endpoint = (...SubnetIds: string[]): Resource => ({
  Type: 'AWS::EC2::VPCEndpoint',
  Properties: { VpcEndpointType: 'Interface', SubnetIds },
});

/** What is charged for a template, as `driver = sum`. */
const charged = (...resources: Resource[]) =>
  Object.fromEntries(
    itemsOf([template(...resources)], prices).map(({ what, driver, usd }) => [
      what,
      `${driver} = ${usd.toFixed(2)}`,
    ]),
  );

describe('what a template costs', () => {
  test.each([
    [
      'a NAT gateway for each zone',
      [{ Type: 'AWS::EC2::NatGateway' }, { Type: 'AWS::EC2::NatGateway' }],
      { 'NAT gateways': '2 × 730 h × 0.048 = 70.08' },
    ],
    [
      'interface endpoints by zone, and gateway endpoints not at all',
      [
        endpoint('a', 'b', 'c'),
        endpoint('a', 'b', 'c'),
        { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Gateway' } },
      ],
      { 'interface endpoints, by endpoint and zone': '6 × 730 h × 0.011 = 48.18' },
    ],
    [
      'a database in two zones twice, with its disk',
      [database({ MultiAZ: true })],
      {
        'database (db.m7g.large, in two zones)': '2 × 730 h × 0.187 = 273.02',
        "the database's disk": '2 × 100 GB × 0.127 = 25.40',
      },
    ],
    [
      'a database in one zone once',
      [database({ MultiAZ: false, DBInstanceClass: 'db.t4g.medium', AllocatedStorage: '20' })],
      {
        'database (db.t4g.medium)': '1 × 730 h × 0.072 = 52.56',
        "the database's disk": '1 × 20 GB × 0.127 = 2.54',
      },
    ],
    [
      'nodes with the disks of their launch template',
      [
        {
          Type: 'AWS::EKS::Nodegroup',
          Properties: { ScalingConfig: { DesiredSize: 3 }, InstanceTypes: ['m7g.large'] },
        },
        {
          Type: 'AWS::EC2::LaunchTemplate',
          Properties: {
            LaunchTemplateData: {
              BlockDeviceMappings: [{ Ebs: { VolumeSize: 4 } }, { Ebs: { VolumeSize: 30 } }],
            },
          },
        },
      ],
      { 'system nodes (m7g.large)': '3 × (730 h × 0.0911 + 34 GB × 0.088) = 208.49' },
    ],
    ['nothing for what is free', [{ Type: 'AWS::IAM::Role' }, { Type: 'AWS::EC2::Subnet' }], {}],
  ])('is %s', (_, resources, items) => {
    expect(charged(...(resources as Resource[]))).toEqual(items);
  });

  test('is known for every database that the config allows, in every region of the table', () => {
    for (const region of ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1']) {
      const { prices, of } = pricesOf(region);
      expect(of).toBe(region);
      for (const kind of Object.keys(DATABASE_INSTANCES)) expect(prices.databases[kind]).toBeGreaterThan(0);
    }
  });

  test('is an error that names the table for a kind of instance that it lacks', () => {
    expect(() => charged(database({ DBInstanceClass: 'db.x9.huge' }))).toThrow(
      'prices.ts has no price of db.x9.huge',
    );
  });
});

describe('the bill of a platform', () => {
  const templates = new Map([
    ['prod-eu-west-1-network', template({ Type: 'AWS::EC2::NatGateway' })],
    ['prod-eu-west-1-data', template(database({ MultiAZ: true }))],
    ['account-333333333333-dns', template({ Type: 'AWS::Route53::HostedZone' })],
  ]);
  const all = bills(platform, templates);
  const prod = all.find(({ of }) => of === 'prod-eu-west-1');

  test('has an entry for each cluster and account, dearest first, with sums that add up', () => {
    expect(all.map(({ of }) => of)).toEqual([
      'dev-eu-west-1',
      'staging-eu-west-1',
      'prod-eu-west-1',
      'account 111111111111',
      'account 222222222222',
      'account 333333333333',
    ]);
    expect(prod?.items.map(({ usd }) => usd)).toEqual(
      prod?.items.map(({ usd }) => usd).toSorted((a, b) => b - a),
    );
    expect(prod?.usd).toBeCloseTo(prod?.items.reduce((sum, { usd }) => sum + usd, 0) ?? 0);
    expect(all.at(-1)?.usd).toBe(0.5);
  });

  test('tells what a template says from what is assumed', () => {
    const from = (what: RegExp) => prod?.items.find((item) => what.test(item.what))?.from;
    expect([from(/^database/), from(/^nodes that Karpenter/)]).toEqual(['template', 'assumption']);
  });

  test('says whose prices it has, where the table has none of the region', () => {
    const clusters = platform.clusters.map((cluster) => ({ ...cluster, region: 'sa-east-1' as const }));
    const [first] = bills({ ...platform, clusters }, templates);
    expect(first?.prices).toBe('eu-west-1, for want of sa-east-1');
  });

  test('reads as a table, in a terminal and on a pull request', () => {
    expect(costText(all)).toContain(
      '273.02  database (db.m7g.large, in two zones)     2 × 730 h × 0.187   template',
    );
    expect(costMarkdown(all)).toContain('| account 333333333333 | 0.50 |');
  });
});
