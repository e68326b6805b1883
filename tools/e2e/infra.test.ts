import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readTemplates, type Template } from '../lib/infra/templates.ts';
import { type Outcome, Repo } from './repo.ts';

let repo: Repo;
beforeAll(async () => {
  repo = await Repo.create();
});
afterAll(() => repo[Symbol.asyncDispose]());

/** Ends a process that speaks to any other machine, and says so. */
const NO_NETWORK = `import { Socket } from 'node:net'; Socket.prototype.connect = () => { console.error('NETWORK'); process.exit(9); };`;

/** Runs it with nothing but the PATH that npm gives its scripts: no credentials, no region, no network. */
function infraSynth(...args: string[]): Promise<Outcome> {
  const env = {
    PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    HOME: repo.root,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(NO_NETWORK)}`,
  };
  return repo.run(process.execPath, ['tools/slipway.mjs', 'infra:synth', ...args], env);
}

describe('npm run infra:synth', () => {
  test('makes and judges templates with no account, no environment and no network', async () => {
    const { code, stdout, stderr } = await infraSynth();
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^3 clusters in cdk\.out\/: 30 stacks, judged, in /);
    expect(code).toBe(0);
    const templates = await readTemplates(join(repo.root, 'cdk.out'));
    expect(typesOf(templates.get('prod-eu-west-1-network'))).toContain('AWS::EC2::VPC');
    // What a person reviews is written beside it.
    const inventory = await readFile(join(repo.root, 'cluster-infra/inventory/prod-eu-west-1.txt'), 'utf8');
    expect(inventory).toMatch(/^data {2}AWS::RDS::DBInstance {2}database {2}prod-eu-west-1$/m);
  });

  test('exits with 1 and names what is wrong, when somebody widens, opens and uncovers', async () => {
    await repo.edit(
      'cluster-infra/identities/dns.ts',
      'resources: [zone],\n          conditions',
      "resources: ['*'],\n          conditions",
    );
    await repo.edit('cluster-infra/data-stack.ts', 'storageEncrypted: true', 'storageEncrypted: false');
    await repo.edit(
      'cluster-infra/network-stack.ts',
      'database.addIngressRule(nodes,',
      "database.addIngressRule({ canInlineRule: true, uniqueId: 'all', connections: nodes.connections, toIngressRuleConfig: () => ({ cidrIp: '0.0.0.0/0' }), toEgressRuleConfig: () => ({}) } as never,",
    );
    const { code, stderr } = await infraSynth();
    await repo.reset();
    expect(stderr).toMatch(
      /^wildcard-resource: dev-eu-west-1-identity\/.*route53:ChangeResourceRecordSets on \*/m,
    );
    expect(stderr).toMatch(/^AwsSolutions-RDS2: dev-eu-west-1-data\/database: /m);
    expect(stderr).toMatch(/^AwsSolutions-EC23: dev-eu-west-1-network\/database\/Resource: .*0\.0\.0\.0\/0/m);
    expect(code).toBe(1);
  });

  test('says with --frozen which files of the inventory are stale', async () => {
    await infraSynth('--no-checks');
    await repo.commit();
    expect((await infraSynth('--no-checks', '--frozen')).code).toBe(0);
    await repo.edit('config/clusters.ts', "zones: ['a', 'b']", "zones: ['a', 'b', 'c']");
    const { code, stderr } = await infraSynth('--no-checks', '--frozen');
    await repo.reset();
    expect(stderr.trim().split('\n')).toEqual([
      'stale-inventory: cluster-infra/inventory/dev-eu-west-1.txt: run `npm run infra:synth` and look at the change',
    ]);
    expect(code).toBe(1);
  });
});

test('npm run infra:cost prints what production costs, and what drives it', async () => {
  const { code, stdout } = await repo.slipway('infra:cost', '--cluster', 'prod-eu-west-1');
  expect(stdout).toMatch(/^prod-eu-west-1: 1,\d{3}\.\d\d USD a month \(prices of eu-west-1\)$/m);
  expect(stdout).toMatch(
    /^ +273\.02 {2}database \(db\.m7g\.large, in two zones\) +2 × 730 h × 0\.187 +template$/m,
  );
  expect(stdout).toMatch(/^ +105\.12 {2}NAT gateways +3 × 730 h × 0\.048 +template$/m);
  expect(code).toBe(0);
  const wrong = await repo.slipway('infra:cost', '--cluster', 'prod');
  expect(wrong).toMatchObject({
    code: 2,
    stderr: '--cluster: found "prod"; allowed: dev-eu-west-1, staging-eu-west-1, prod-eu-west-1\n',
  });
});

function typesOf(template: Template | undefined): string[] {
  return Object.values(template?.Resources ?? {}).map(({ Type }) => Type);
}
