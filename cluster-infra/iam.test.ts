import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findingsIn, type Template } from './checks/iam-findings.ts';
import { inventory } from './inventory.ts';
import { resourcesOf, synthesize, templateOf, testPlatform } from './testing/templates.ts';

const platform = testPlatform({
  addOns: { 'container-insights': 'on' },
  registry: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/slipway',
});
const all = synthesize(platform);
const plain = synthesize(testPlatform());

/** A policy with one statement. */
const statement = (body: object): Template => ({
  Resources: {
    made: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', ...body }] } },
    },
  },
});
const policy = (Action: unknown, Resource: unknown, Effect = 'Allow'): Template =>
  statement({ Effect, Action, Resource });

const lines = (text = '') => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('what roles may do', () => {
  // The table is looked at by a person whenever it changes: `npm run infra:synth` writes it, and CI holds it to the templates.
  test('is what the reviewed table says, statement by statement', () => {
    const reviewed = lines(readFileSync(join(import.meta.dirname, 'inventory/iam.txt'), 'utf8'));
    const stacks = Object.entries(plain.templates).map(([stack, template]) => ({ stack, template }));
    const made = inventory(testPlatform(), stacks).find(({ name }) => name === 'iam.txt');
    expect(lines(made?.text).filter((line) => !reviewed.includes(line))).toEqual([]);
    expect(lines(made?.text).length).toBeGreaterThan(200);
  });

  test('names a resource wherever AWS takes one, and no policy of AWS that nobody has looked at', () => {
    const findings = Object.values(all.templates).flatMap((template) => findingsIn(template));
    expect(findings).toEqual([]);
  });

  test('is handed out by Pod Identity of the one cluster', () => {
    const roles = Object.values(resourcesOf(templateOf(all, 'prod-eu-west-1-identity'), 'AWS::IAM::Role'));
    expect(roles.length).toBeGreaterThan(6);
    for (const { Properties } of roles) {
      expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
        {
          Effect: 'Allow',
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '333333333333' },
            ArnEquals: { 'aws:SourceArn': 'arn:aws:eks:eu-west-1:333333333333:cluster/prod-eu-west-1' },
          },
        },
      ]);
    }
  });

  test('lets the pipeline change nothing from a pull request', () => {
    const roles = resourcesOf(templateOf(all, 'account-222222222222-ci'), 'AWS::IAM::Role');
    const subjects = Object.values(roles).map(({ Properties }) => [
      Properties.RoleName,
      Properties.AssumeRolePolicyDocument.Statement[0].Condition.StringEquals[
        'token.actions.githubusercontent.com:sub'
      ],
    ]);
    expect(Object.fromEntries(subjects)).toEqual({
      'slipway-ci-diff': 'repo:slipway/slipway:pull_request',
      'slipway-ci-deploy': 'repo:slipway/slipway:environment:aws',
      'slipway-ci-push': 'repo:slipway/slipway:ref:refs/heads/main',
    });
  });

  test.each([
    [policy('s3:GetObject', '*'), 'wildcard-resource'],
    [policy(['ec2:DescribeSubnets', 'ec2:TerminateInstances'], '*'), 'wildcard-resource'],
    [policy('s3:*', 'arn:aws:s3:::a-bucket'), 'wildcard-action'],
    [policy('s3:Get*', 'arn:aws:s3:::a-bucket'), 'wildcard-action'],
    [statement({ NotAction: 'iam:CreateUser', Resource: 'arn:aws:s3:::a-bucket' }), 'wildcard-action'],
    [statement({ Action: 's3:GetObject', NotResource: 'arn:aws:s3:::a-bucket/*' }), 'wildcard-resource'],
  ])('is refused when it is too wide: %j', (template, rule) => {
    expect(findingsIn(template).map((finding) => finding.rule)).toEqual([rule]);
  });

  test.each([
    policy('ec2:DescribeSubnets', '*'),
    policy('s3:GetObject', 'arn:aws:s3:::a-bucket/*'),
    policy('s3:*', '*', 'Deny'),
  ])('is fine when it could not be narrower, or forbids: %j', (template) => {
    expect(findingsIn(template)).toEqual([]);
  });
});
