import { expect, test } from '@jest/globals';
import { chartFiles } from '../../../apps/main.ts';
import type { Config } from '../../../config/load.ts';
import { sampleConfig } from '../../../config/testing/sample.ts';
import { compileFiles } from '../synth/compile.ts';
import { judge } from './judge.ts';

const sample = sampleConfig();

/** `cluster/name` of every Kustomization of a folder of dist/ that is suspended, or that is not. */
async function kustomizations(
  change: (platform: Config['platform']) => Config['platform'],
  suspend: boolean,
) {
  const config = { ...sample, platform: change(sample.platform) };
  const compiled = compileFiles(await chartFiles(config, 'apps/testing'));
  expect(judge(config, compiled)).toEqual([]);
  return compiled.manifests
    .filter(
      ({ file, object }) => file.endsWith('/flux/kustomizations.yaml') && object.kind === 'Kustomization',
    )
    .filter(({ object }) => ((object.spec as { suspend?: boolean }).suspend ?? false) === suspend)
    .map(({ cluster, object }) => `${cluster}/${object.metadata?.name}`);
}

test('one word suspends a whole cluster, and no other', async () => {
  const change = (platform: Config['platform']) => ({
    ...platform,
    clusters: platform.clusters.map((cluster) =>
      cluster.ring === 'dev' ? { ...cluster, suspend: 'is rebuilt' } : cluster,
    ),
  });
  const suspended = await kustomizations(change, true);
  expect(suspended).toEqual(expect.arrayContaining(['dev-eu-west-1/conduit', 'dev-eu-west-1/flagger']));
  expect(suspended.filter((name) => !name.startsWith('dev-eu-west-1/'))).toEqual([]);
  const others = await kustomizations(change, false);
  expect(others.filter((name) => name.startsWith('dev-eu-west-1/'))).toEqual([]);
});

test('one word suspends an app in a ring, and nothing beside it', async () => {
  const change = (platform: Config['platform']) => {
    const { conduit } = platform.apps;
    if (conduit === undefined) throw new Error('the sample has no conduit');
    const rings = { ...conduit.rings, staging: { suspend: 'its database moves' } };
    return { ...platform, apps: { conduit: { ...conduit, rings } } };
  };
  expect(await kustomizations(change, true)).toEqual(['staging-eu-west-1/conduit']);
});

test('where nobody says it, nothing is', async () => {
  expect(await kustomizations((platform) => platform, true)).toEqual([]);
});
