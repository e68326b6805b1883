// Each optional add-on can be left out by one word: what is left is whole, or who needs it is told.
import { describe, expect, test } from '@jest/globals';
import { chartFiles } from '../../apps/main.ts';
import { OPTIONAL_ADD_ONS, type OptionalAddOn } from '../../config/add-ons.ts';
import type { Config } from '../../config/load.ts';
import { podIdentities } from '../../config/pod-identities.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { CHARTS } from '../lib/chart-workloads/charts.ts';
import { walkChartWorkloads } from '../lib/chart-workloads/walk.ts';
import { judge, line } from '../lib/check/judge.ts';
import { compileFiles } from '../lib/synth/compile.ts';

const NAMES = Object.keys(OPTIONAL_ADD_ONS) as OptionalAddOn[];

type Words = Partial<Record<OptionalAddOn, 'on' | 'off'>>;

/** The sample platform with everything that can be chosen, but for some words. */
function configWith(words: Words, replicas = { min: 2, max: 2 }): Config {
  const { platform, ...others } = sampleConfig();
  const { conduit } = platform.apps;
  if (conduit === undefined) throw new Error('the sample has no conduit');
  const signIn = { issuer: 'https://login.example.com', emailDomains: ['example.com'] };
  return {
    ...others,
    platform: {
      ...platform,
      addOns: { ...Object.fromEntries(NAMES.map((name) => [name, 'on'])), ...words },
      edge: { ...platform.edge, signIn },
      // Nothing is scaled by what is measured.
      apps: { conduit: { ...conduit, settings: { ...conduit.settings, replicas }, rings: {} } },
    },
  };
}

/** What the config compiles to, and what `npm run check` says of it; or the error in its place. */
async function compiled(config: Config) {
  try {
    const result = compileFiles(await chartFiles(config, 'apps/testing'));
    return { manifests: result.manifests, findings: judge(config, result).map(line) };
  } catch (error) {
    return { error: String(error instanceof Error ? error.message : error) };
  }
}

describe('an add-on that is left out', () => {
  test.each(NAMES)('%s leaves a platform that is whole', async (name) => {
    const { manifests, findings, error } = await compiled(configWith({ [name]: 'off' }));
    expect({ error, findings }).toEqual({ error: undefined, findings: [] });
    const folders = new Set(manifests?.map(({ file }) => file.split('/')[2]));
    expect(folders).not.toContain(name);
    const prod = manifests?.filter(({ cluster }) => cluster.startsWith('prod')) ?? [];
    expect(walkChartWorkloads(prod, CHARTS, true)).toEqual([]);
  });

  test('takes its role in AWS with it', () => {
    const [cluster] = sampleConfig().platform.clusters;
    if (cluster === undefined) throw new Error('the sample has no cluster');
    const identities = (words: Words) =>
      podIdentities(configWith(words).platform, cluster).map(({ name }): string => name);
    for (const name of NAMES.filter((own) => identities({}).includes(own))) {
      expect(identities({ [name]: 'off' })).not.toContain(name);
    }
  });

  test('may be left out of one ring', async () => {
    const config = configWith({});
    const rings = config.platform.rings.map((ring) =>
      ring.name === 'dev' ? { ...ring, addOns: { 'fluent-bit': 'off' as const } } : ring,
    );
    const { manifests, findings } = await compiled({ ...config, platform: { ...config.platform, rings } });
    expect(findings).toEqual([]);
    const found = manifests
      ?.filter(({ file }) => file.includes('/fluent-bit/'))
      .map(({ cluster }) => cluster.split('-')[0]);
    expect([...new Set(found)]).toEqual(['staging', 'prod']);
  });

  test('is missed by apps that are scaled by it', async () => {
    const { error } = await compiled(configWith({ 'metrics-server': 'off' }, { min: 2, max: 6 }));
    expect(error).toBe(
      'config/platform.ts: addOns.metrics-server: found "off" for dev-eu-west-1; allowed: "on" where there is conduit, which stands on it',
    );
  });
});

test('everything can be left out at once', async () => {
  const words = Object.fromEntries(NAMES.map((name) => [name, 'off'])) as Words;
  const { error, findings } = await compiled(configWith(words));
  expect({ error, findings }).toEqual({ error: undefined, findings: [] });
});
