import { beforeAll, describe, expect, test } from '@jest/globals';
import { KUBERNETES_VERSIONS } from '../../../../config/kubernetes-versions.ts';
import { loadConfig } from '../../../../config/load.ts';
import type { Platform } from '../../../../config/schema.ts';
import { ROOT } from '../../repo.ts';
import type { Aws } from '../aws/aws.ts';
import { AwsError } from '../aws/aws-error.ts';
import { findCluster } from '../clusters.ts';
import { examineAccount } from './examine-account.ts';
import type { Finding } from './finding.ts';

let platform: Platform;
beforeAll(async () => {
  ({ platform } = await loadConfig(ROOT));
});

type Answers = Record<string, unknown>;

/** What an account answers that a first cluster fits into. */
const FIT: Answers = {
  'sts get-caller-identity': {
    Account: '111111111111',
    Arn: 'arn:aws:sts::111111111111:assumed-role/admin/jane',
  },
  'ec2 describe-regions': { Regions: [{ OptInStatus: 'opt-in-not-required' }] },
  'ssm get-parameter': { Parameter: { Value: '21' } },
  'secretsmanager describe-secret': { Name: 'x' },
  'eks describe-cluster': new AwsError('ResourceNotFoundException', 'none'),
  'eks describe-cluster-versions': {
    clusterVersions: [{ clusterVersion: '1.35', versionStatus: 'STANDARD_SUPPORT' }],
  },
  'eks describe-addon-versions': {
    addons: Object.entries(KUBERNETES_VERSIONS['1.35']).map(([addonName, addonVersion]) => ({
      addonName,
      addonVersions: [{ addonVersion }],
    })),
  },
  'iam get-role': { Role: {} },
  'service-quotas get-service-quota': { Quota: { Value: 32 } },
  'ec2 describe-addresses': { Addresses: [] },
  'ec2 describe-vpcs': { Vpcs: [{}] },
};

/** What is not well when AWS answers so; the rest as in an account that fits. */
async function found(answers: Answers = {}): Promise<Finding[]> {
  const aws: Aws = async (_, operation) => {
    const answer = { ...FIT, ...answers }[operation];
    if (answer === undefined) throw new Error(`asked for ${operation}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const cluster = findCluster(platform, 'dev-eu-west-1');
  const stack = {
    name: 'dev-eu-west-1-network',
    account: '',
    region: 'eu-west-1',
    dependsOn: [],
    bootstrapVersion: 6,
  };
  const all = await examineAccount({ aws, platform, cluster, stacks: [stack] });
  return all.filter(({ remedy }) => remedy !== undefined);
}

test('an account that a cluster fits into has nothing to mend', async () => {
  expect(await found()).toEqual([]);
});

describe('what is missing is told with its remedy', () => {
  const isVital = true;
  test.each<[string, Answers, object]>([
    [
      'another account',
      { 'sts get-caller-identity': { Account: '2', Arn: 'arn:jane' } },
      { what: 'credentials', says: 'arn:jane is of account 2; dev-eu-west-1 is in 111111111111', isVital },
    ],
    [
      'no credentials',
      {
        'sts get-caller-identity': new AwsError(
          'NoCredentials',
          'AWS: no credentials: sign in by `aws sso login`, or name a profile in AWS_PROFILE',
        ),
      },
      { says: 'no credentials', remedy: expect.stringContaining('aws sso login'), isVital },
    ],
    [
      'a region that is off',
      { 'ec2 describe-regions': { Regions: [{ OptInStatus: 'not-opted-in' }] } },
      { what: 'region eu-west-1', remedy: expect.stringContaining('enable-region'), isVital },
    ],
    [
      'a region that is not prepared',
      { 'ssm get-parameter': new AwsError('ParameterNotFound', 'none') },
      {
        what: 'CDK in eu-west-1',
        remedy: expect.stringContaining('cdk bootstrap aws://111111111111/eu-west-1'),
      },
    ],
    [
      'a region that was prepared long ago',
      { 'ssm get-parameter': { Parameter: { Value: '5' } } },
      { says: 'prepared for version 5, not 6' },
    ],
    [
      'no git credentials',
      { 'secretsmanager describe-secret': new AwsError('ResourceNotFoundException', 'none') },
      { what: 'secret dev-eu-west-1/platform/flux-git', isVital },
    ],
    [
      'git credentials that are about to go',
      { 'secretsmanager describe-secret': { DeletedDate: '2026-11-21' } },
      { what: 'secret dev-eu-west-1/platform/flux-git', isVital },
    ],
    [
      'a Kubernetes that is no longer offered',
      { 'eks describe-cluster-versions': { clusterVersions: [{ clusterVersion: '1.37' }] } },
      { what: 'Kubernetes 1.35', says: 'EKS does not offer it; it offers 1.37', isVital },
    ],
    [
      'a Kubernetes that is old',
      {
        'eks describe-cluster-versions': {
          clusterVersions: [{ clusterVersion: '1.35', versionStatus: 'EXTENDED_SUPPORT' }],
        },
      },
      { what: 'Kubernetes 1.35', says: expect.stringContaining('support is over') },
    ],
    [
      'no role for spot',
      { 'iam get-role': new AwsError('NoSuchEntity', 'none') },
      { remedy: 'aws iam create-service-linked-role --aws-service-name spot.amazonaws.com' },
    ],
    [
      'no address left',
      { 'ec2 describe-addresses': { Addresses: Array(32).fill({}) } },
      { what: 'quota of Elastic IPs', says: '32 of 32 in use; dev-eu-west-1 takes 1', isVital },
    ],
    [
      'what may not be read',
      { 'iam get-role': new AwsError('AccessDenied', 'aws iam get-role: not you (AccessDenied)') },
      { says: 'aws iam get-role: not you (AccessDenied)', remedy: expect.any(String) },
    ],
  ])('%s', async (_, answers, expected) => {
    expect(await found(answers)).toEqual([expect.objectContaining(expected)]);
  });

  test('an EKS add-on that is not offered, with the newest', async () => {
    const addons = [{ addonName: 'coredns', addonVersions: [{ addonVersion: 'v9' }] }];
    expect(await found({ 'eks describe-addon-versions': { addons } })).toContainEqual({
      what: 'EKS add-on coredns',
      says: expect.stringContaining('is not offered for Kubernetes 1.35; the newest is v9'),
      remedy: 'write v9 into config/kubernetes-versions.ts',
      isVital,
    });
  });
});

test('a cluster that is there has what it takes, whatever is left of quotas', async () => {
  const cluster = { status: 'ACTIVE', resourcesVpcConfig: { endpointPublicAccess: false } };
  const full = { 'ec2 describe-addresses': { Addresses: Array(32).fill({}) } };
  expect(await found({ ...full, 'eks describe-cluster': { cluster } })).toEqual([]);
});

test('a name that is nearly one of a cluster is told which', () => {
  expect(() => findCluster(platform, 'dev-eu-west-2')).toThrow(/did you mean dev-eu-west-1\?$/);
});
