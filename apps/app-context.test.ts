import { describe, expect, test } from '@jest/globals';
import { judgement } from '../charts/release-strategy.ts';
import { parsePlatform } from '../config/checks/parse-platform.ts';
import type { PlatformInput, Release } from '../config/schema.ts';
import platform from '../config/testing/platform.ts';
import { sampleConfig } from '../config/testing/sample.ts';
import { appContext, releaseStrategy } from './app-context.ts';

type ReleaseInput = NonNullable<PlatformInput['apps'][string]['settings']['release']>;

/** A release with the defaults that the config fills in. */
function checked(release: ReleaseInput): Release {
  const conduit = { settings: { replicas: { min: 1, max: 2 }, cpu: '100m', memory: '64Mi', release } };
  const parsed = parsePlatform({ ...platform, apps: { conduit } });
  const found = parsed.platform?.apps.conduit?.settings.release;
  if (found === undefined) throw new Error(JSON.stringify(parsed.mistakes));
  return found;
}

describe('a release', () => {
  test.each<ReleaseInput>([{ strategy: 'canary' }, { strategy: 'blueGreen' }])(
    'has the same defaults in the config as in the chart: $strategy',
    (release) => {
      const given = releaseStrategy(checked(release), 'preview.example.com');
      if (given.strategy === 'rolling' || release.strategy === 'rolling') throw new Error('nobody judges it');
      expect(judgement(given)).toEqual(judgement({ strategy: release.strategy }));
    },
  );

  test('is shown to testers at an address beside that of the app', () => {
    const release = checked({ strategy: 'blueGreen', preview: { allowFrom: ['203.0.113.0/24'] } });
    expect(releaseStrategy(release, 'shop-preview.example.com')).toMatchObject({
      preview: { host: 'shop-preview.example.com', allowFrom: ['203.0.113.0/24'] },
    });
  });

  test('is shown to nobody before its users when no preview is asked for', () => {
    expect(releaseStrategy(checked({ strategy: 'blueGreen' }), 'a.example.com')).toMatchObject({
      preview: undefined,
    });
  });
});

test('an app is told what differs in the ring of its cluster', () => {
  const config = sampleConfig();
  const told = config.platform.clusters.map((cluster) => {
    const { host, settings, image } = appContext(config, cluster, 'conduit');
    return [host, settings.replicas.max, image.policy];
  });
  expect(told).toEqual([
    ['conduit.dev.slipway.example', 2, 'flux-system:conduit-dev'],
    ['conduit.staging.slipway.example', 6, 'flux-system:conduit-staging'],
    ['conduit.slipway.example', 12, undefined],
  ]);
});
