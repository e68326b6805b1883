import { describe, expect, test } from '@jest/globals';
import { clusters } from '../config/testing/clusters.ts';
import { type Slip, synthesize, testPlatform } from './testing/templates.ts';

const platform = testPlatform({ aws: { emails: ['platform@slipway.example'] } });

describe('the checks of every template', () => {
  test('find nothing in a platform that uses all there is, in two regions', () => {
    const [dev, ...others] = clusters as [(typeof clusters)[number], ...typeof clusters];
    const all = testPlatform({
      clusters: [
        { ...dev, interfaceEndpoints: ['sts'], publicApiCidrs: ['203.0.113.0/24'] },
        ...others,
        {
          ...(others.at(-1) as typeof dev),
          name: 'prod-us-east-1',
          region: 'us-east-1',
          vpcCidr: '10.50.0.0/16',
          admins: ['arn:aws:iam::333333333333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1'],
        },
      ],
      addOns: { 'container-insights': 'on' },
      registry: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/slipway',
    });
    expect(synthesize(all, { checks: true }).found).toEqual([]);
  });

  // One process for all of them: each is found at its own place.
  const slips: Record<Slip, { rule: string; at: RegExp; says: RegExp }[]> = {
    'policy-to-any-resource': [
      {
        rule: 'wildcard-resource',
        at: /^dev-eu-west-1-identity\/policy-karpenter-resource-discovery/,
        says: /^ssm:GetParameter on \*/,
      },
    ],
    'database-without-encryption': [
      { rule: 'AwsSolutions-RDS2', at: /^dev-eu-west-1-data\/database/, says: /encrypt/ },
    ],
    'open-security-group': [
      { rule: 'AwsSolutions-EC23', at: /^dev-eu-west-1-network\/nodes/, says: /0\.0\.0\.0\/0/ },
    ],
    'unread-managed-policy': [
      { rule: 'managed-policy', at: /^dev-eu-west-1-identity\/role-karpenter/, says: /^AdministratorAccess/ },
    ],
    'stale-acknowledgement': [
      { rule: 'stale-acknowledgement', at: /^dev-eu-west-1-network$/, says: /AwsSolutions-RDS3/ },
    ],
  };
  const names = Object.keys(slips) as Slip[];
  const { found } = synthesize(platform, { checks: true, slips: names });

  test.each(names)('find %s, by name and place', (name) => {
    for (const { rule, at, says } of slips[name]) {
      expect(found).toContainEqual({
        rule,
        at: expect.stringMatching(at),
        says: expect.stringMatching(says),
      });
    }
  });
});
