import { describe, expect, test } from '@jest/globals';
import { clusters } from '../config/testing/clusters.ts';
import { nameOf } from './inventory.ts';
import { onlyResource, type Synthesized, synthesize, templateOf, testPlatform } from './testing/templates.ts';

const [dev, staging, prod] = clusters as [
  (typeof clusters)[number],
  (typeof clusters)[number],
  (typeof clusters)[number],
];

// Two regions, two to five zones, and in one account two clusters of one region and one of another.
const wide = synthesize(
  testPlatform({
    clusters: [
      dev,
      staging,
      { ...prod, zones: ['a', 'b', 'c', 'd', 'e'], vpcCidr: '10.48.0.0/20' },
      { ...prod, name: 'prod-blue-eu-west-1', vpcCidr: '10.40.0.0/16' },
      { ...prod, name: 'prod-us-east-1', region: 'us-east-1', zones: ['a', 'f'], vpcCidr: '10.50.0.0/16' },
    ],
    addOns: { 'container-insights': 'on' },
    registry: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/slipway',
  }),
);

const CLUSTER_STACKS = ['bootstrap', 'cluster', 'data', 'health', 'identity', 'network', 'observability'];

/** What may be called the same again, since it is so within something else, or is a word of AWS's own. */
const NAMED_WITHIN = [
  'AWS::EKS::Addon',
  'AWS::EKS::Nodegroup',
  'AWS::EKS::PodIdentityAssociation',
  'AWS::EKS::AccessEntry',
  'AWS::IAM::Policy',
  'AWS::Route53::RecordSet',
  'AWS::CertificateManager::Certificate',
];

/** Services whose names are an account's, whatever the region. */
const OF_ACCOUNT = /^AWS::(IAM|Budgets|Route53)::/;

/** Every name that we chose, by where it must be the only one. */
function names({ templates }: Synthesized, regionOf: (stack: string) => string): string[] {
  return Object.entries(templates).flatMap(([stack, { Resources = {} }]) =>
    Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
      const name = nameOf(Properties);
      if (name === '' || NAMED_WITHIN.includes(Type) || Type.startsWith('Custom::')) return [];
      return [`${OF_ACCOUNT.test(Type) ? regionOf(stack).split(' ')[0] : regionOf(stack)} ${Type} ${name}`];
    }),
  );
}

/** `account region` of a stack. */
function placeOf(stack: string): string {
  const account = /^account-(\d{12})/.exec(stack)?.[1];
  if (account !== undefined) return `${account} eu-west-1`;
  const owner = { dev: '111111111111', staging: '222222222222', prod: '333333333333' }[
    stack.split('-')[0] ?? ''
  ];
  return `${owner} ${stack.endsWith('-health') || stack.includes('us-east-1') ? 'us-east-1' : 'eu-west-1'}`;
}

describe('the stacks of a platform', () => {
  test('are seven for each cluster, and for each account what it has once', () => {
    const stacks = Object.keys(wide.templates).sort();
    const expected = [
      ...[
        'dev-eu-west-1',
        'staging-eu-west-1',
        'prod-eu-west-1',
        'prod-blue-eu-west-1',
        'prod-us-east-1',
      ].flatMap((cluster) => CLUSTER_STACKS.map((part) => `${cluster}-${part}`)),
      ...['111111111111', '222222222222', '333333333333'].flatMap((id) =>
        ['budget', 'ci', 'dns'].map((part) => `account-${id}-${part}`),
      ),
      'account-222222222222-registry',
    ];
    // What reads values across regions is the CDK's own.
    expect(stacks.filter((stack) => !stack.includes('CrossRegion'))).toEqual(expected.sort());
  });

  test('call nothing alike that AWS could not tell apart', () => {
    const all = names(wide, placeOf);
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });

  test('stay far within what CloudFormation takes', () => {
    for (const template of Object.values(wide.templates)) {
      expect(Object.keys(template.Resources ?? {}).length).toBeLessThan(200);
      expect(JSON.stringify(template).length).toBeLessThan(200_000);
    }
  });

  test('have subnets in each of five zones, and in the two zones of another region', () => {
    const zonesOf = (stack: string) =>
      new Set(
        Object.values(wide.templates[stack]?.Resources ?? {})
          .filter(({ Type }) => Type === 'AWS::EC2::Subnet')
          .map(({ Properties }) => Properties?.AvailabilityZone),
      );
    expect([...zonesOf('prod-eu-west-1-network')]).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((z) => `eu-west-1${z}`),
    );
    expect([...zonesOf('prod-us-east-1-network')]).toEqual(['us-east-1a', 'us-east-1f']);
  });

  test('add up the budgets of the clusters of an account', () => {
    const budget = (id: string) =>
      onlyResource(templateOf(wide, `account-${id}-budget`), 'AWS::Budgets::Budget').Properties.Budget
        .BudgetLimit.Amount;
    expect([budget('111111111111'), budget('333333333333')]).toEqual([500, 3 * 1800]);
  });

  test('keep every image that has a tag', () => {
    const registry = templateOf(wide, 'account-222222222222-registry');
    const { LifecyclePolicyText } = onlyResource(registry, 'AWS::ECR::Repository').Properties.LifecyclePolicy;
    const tags = JSON.parse(LifecyclePolicyText).rules.map(({ selection }: any) => selection.tagStatus);
    expect(tags).toEqual(['untagged']);
  });
});
