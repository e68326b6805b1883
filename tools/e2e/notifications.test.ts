// Who is told, and by what: with every choice of the config the platform is whole, and names only what is there.
import { describe, expect, test } from '@jest/globals';
import { chartFiles } from '../../apps/main.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { judge, line } from '../lib/check/judge.ts';
import { compileFiles } from '../lib/synth/compile.ts';

type Platform = ReturnType<typeof sampleConfig>['platform'];

async function compiled(words: Partial<Platform>) {
  const sample = sampleConfig();
  const config = { ...sample, platform: { ...sample.platform, ...words } };
  const result = compileFiles(await chartFiles(config, 'apps/testing'));
  const objects = result.manifests.filter(({ cluster }) => cluster === 'staging-eu-west-1');
  return { findings: judge(config, result).map(line), objects: objects.map(({ object }) => object as any) };
}

const { git } = sampleConfig().platform;

describe('a platform', () => {
  test.each<[string, Partial<Platform>, string[]]>([
    ['whose git host shows no statuses', { git: { ...git, host: 'none' } }, []],
    ['on GitLab', { git: { ...git, host: 'gitlab' } }, ['Provider commits']],
    [
      'that is told of pushes',
      { git: { ...git, pushEvents: true } },
      ['Provider commits', 'Receiver pushes'],
    ],
    [
      'that tells Slack',
      { alerts: { to: 'slack', channel: '#releases' } },
      ['AlertProvider releases', 'Provider commits', 'Provider failures'],
    ],
    [
      'that tells Teams',
      { alerts: { to: 'msteams' } },
      ['AlertProvider releases', 'Provider commits', 'Provider failures'],
    ],
    // Flagger knows no webhooks of others; Flux tells of a release that failed.
    ['that calls a webhook', { alerts: { to: 'webhook' } }, ['Provider commits', 'Provider failures']],
    ['that pulls images with credentials', { registryAccess: 'pull-secret' }, ['Provider commits']],
    ['that pulls them by its roles', { registryAccess: 'aws-role' }, ['Provider commits']],
  ])('%s is whole', async (_, words, told) => {
    const { findings, objects } = await compiled(words);
    expect(findings).toEqual([]);
    const found = objects
      .filter(({ kind }) => ['AlertProvider', 'Provider', 'Receiver'].includes(kind))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(found.sort()).toEqual(told);
  });
});

test('every canary says when it is held up, where Flagger can tell', async () => {
  const alertsOf = async (words: Partial<Platform>) =>
    (await compiled(words)).objects
      .filter(({ kind }) => kind === 'Canary')
      .map(({ spec }) => spec.analysis.alerts);
  const provider = { name: 'releases', namespace: 'flagger-system' };
  expect(await alertsOf({ alerts: { to: 'slack' } })).toEqual([
    [{ name: 'halted', severity: 'warn', providerRef: provider }],
  ]);
  expect(await alertsOf({ alerts: { to: 'webhook' } })).toEqual([undefined]);
});

test('images of a private registry are pulled with its credentials, by pods and by Flux', async () => {
  const { objects } = await compiled({ registryAccess: 'pull-secret' });
  const deployment = objects.find(({ kind }) => kind === 'Deployment');
  expect(deployment.spec.template.spec.imagePullSecrets).toEqual([{ name: 'registry' }]);
  const sources = objects.filter(({ kind }) => kind === 'ImageRepository');
  expect(sources.map(({ spec }) => spec.secretRef)).toEqual([{ name: 'registry' }]);
  const secrets = objects.filter(
    ({ kind, metadata }) => kind === 'ExternalSecret' && metadata.name === 'registry',
  );
  expect(secrets.map(({ metadata }) => metadata.namespace).sort()).toEqual(['conduit', 'flux-system']);
});

test("images of ECR are looked for by the image reflector's own role", async () => {
  const { objects } = await compiled({ registryAccess: 'aws-role' });
  expect(objects.find(({ kind }) => kind === 'ImageRepository').spec.provider).toBe('aws');
});
