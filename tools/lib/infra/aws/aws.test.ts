import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Aws, awsOf } from './aws.ts';
import { AwsError, awsError } from './aws-error.ts';
import { patient } from './patient.ts';
import { describeStack, failuresOf } from './stacks.ts';

describe('the CLI', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A CLI of ours, before any other. */
  async function install(script: string): Promise<Aws> {
    await writeFile(join(folder, 'aws'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'aws'), 0o755);
    return awsOf({ ...process.env, PATH: `${folder}:${process.env.PATH}` });
  }

  test('is asked in the words of the API, and answers so', async () => {
    const aws = await install('printf \'{"asked": "%s"}\' "$*" | sed \'s/{"a":1}/INPUT/\'');
    expect(await aws('eu-west-1', 'rds describe-db-instances', { a: 1 })).toEqual({
      asked: 'rds describe-db-instances --region eu-west-1 --output json --cli-input-json INPUT',
    });
  });

  test('that prints nothing has answered nothing', async () => {
    expect(await (await install('true'))('eu-west-1', 'cloudformation delete-stack')).toEqual({});
  });

  test('that is refused says so by the code of AWS', async () => {
    const aws = await install(
      'echo >&2; echo "An error occurred (AccessDenied) when calling the DescribeStacks operation: not you" >&2; exit 254',
    );
    await expect(aws('eu-west-1', 'cloudformation describe-stacks')).rejects.toMatchObject({
      code: 'AccessDenied',
      message: 'aws cloudformation describe-stacks: not you (AccessDenied)',
    });
  });

  test('that is not installed is missed, with where to get it', async () => {
    await expect(awsOf({ PATH: folder })('eu-west-1', 'sts get-caller-identity')).rejects.toThrow(
      /^the AWS CLI is not installed on this machine: https:/,
    );
  });
});

describe('an error', () => {
  test.each([
    [
      'Unable to locate credentials. You can configure credentials by running "aws configure".',
      'NoCredentials',
    ],
    ['Error loading SSO Token: Token for jane does not exist', 'ExpiredToken'],
    ['The config profile (dev) could not be found', 'NoProfile'],
    ['Could not connect to the endpoint URL: "https://sts.eu-west-9.amazonaws.com/"', 'Unreachable'],
    ['usage: aws [options]\naws: error: what', 'Unknown'],
    [
      'An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired',
      'ExpiredToken',
    ],
    [
      'An error occurred (Throttling) when calling the DescribeStacks operation (reached max retries: 7): Rate exceeded',
      'Throttling',
    ],
  ])('%s', (said, code) => {
    const error = awsError('sts get-caller-identity', said);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('\n');
  });

  test('of credentials says how to sign in', () => {
    expect(awsError('sts get-caller-identity', 'Unable to locate credentials').message).toContain(
      'aws sso login',
    );
  });
});

describe('patience', () => {
  const clock = { now: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  const slept: number[] = [];
  const busy = (times: number, code: string): Aws => {
    let left = times;
    return async () => {
      if (left-- > 0) throw new AwsError(code, 'Rate exceeded');
      return 'answer';
    };
  };

  test('asks again where AWS is busy, each time later', async () => {
    slept.length = 0;
    expect(await patient(busy(3, 'ThrottlingException'), clock)('r', 'o')).toBe('answer');
    expect(slept).toEqual([1000, 2000, 5000]);
  });

  test('ends', async () => {
    await expect(patient(busy(100, 'RequestLimitExceeded'), clock)('r', 'o')).rejects.toThrow(
      'Rate exceeded',
    );
  });

  test('is not for other errors', async () => {
    await expect(patient(busy(1, 'AccessDenied'), clock)('r', 'o')).rejects.toThrow('Rate exceeded');
  });
});

describe('a stack', () => {
  const event = (LogicalResourceId: string, ResourceStatus: string, ResourceStatusReason?: string) => ({
    LogicalResourceId,
    ResourceType: LogicalResourceId === 'stack' ? 'AWS::CloudFormation::Stack' : 'AWS::EC2::EIP',
    ResourceStatus,
    ResourceStatusReason,
  });

  test('says what failed the last time, the cause first, without what fell with it', async () => {
    const StackEvents = [
      event('stack', 'ROLLBACK_COMPLETE'),
      event('stack', 'ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create'),
      event('c', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('b', 'CREATE_FAILED', 'later'),
      event('a', 'CREATE_FAILED', 'You have reached your limit'),
      event('stack', 'CREATE_IN_PROGRESS', 'User Initiated'),
      event('old', 'DELETE_FAILED', 'long ago'),
    ];
    expect(await failuresOf(async () => ({ StackEvents }), 'eu-west-1', 'one')).toEqual([
      { id: 'a', type: 'AWS::EC2::EIP', reason: 'You have reached your limit' },
      { id: 'b', type: 'AWS::EC2::EIP', reason: 'later' },
    ]);
  });

  test('that is not there is told from one that may not be seen', async () => {
    const refusing =
      (code: string, message: string): Aws =>
      () =>
        Promise.reject(new AwsError(code, message));
    const gone = refusing('ValidationError', 'Stack with id one does not exist');
    expect(await describeStack(gone, 'eu-west-1', 'one')).toBeUndefined();
    await expect(describeStack(refusing('AccessDenied', 'not you'), 'eu-west-1', 'one')).rejects.toThrow(
      'not you',
    );
  });
});
