import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Repo } from './repo.ts';

let repo: Repo;
beforeAll(async () => {
  repo = await Repo.create();
});
afterAll(() => repo[Symbol.asyncDispose]());

test('npm run infra:synth makes a template for each cluster with no account and no environment', async () => {
  // Nothing but the PATH that npm gives its scripts.
  const env = { PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter), HOME: repo.root };
  const { code, stdout, stderr } = await repo.run(
    process.execPath,
    ['tools/slipway.mjs', 'infra:synth'],
    env,
  );
  expect(stdout).toContain('3 clusters in cdk.out/');
  // No warning that nobody can do anything about.
  expect(stderr).not.toContain('WARNING');
  expect(code).toBe(0);
  for (const cluster of ['dev', 'staging', 'prod']) {
    const template = await readFile(
      join(repo.root, `cdk.out/${cluster}-eu-west-1-network.template.json`),
      'utf8',
    );
    expect(Object.values(JSON.parse(template).Resources)).toContainEqual(
      expect.objectContaining({ Type: 'AWS::EC2::VPC' }),
    );
  }
});
