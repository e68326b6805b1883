import { describe, expect, test } from '@jest/globals';
import { sampleConfig } from '../../../config/testing/sample.ts';
import { placeOf } from './edits.ts';
import { rollbackMeans, unpinMeans } from './words.ts';

const IMAGE = 'ghcr.io/slipway/conduit:0.1.0';

/** What going back in dev means for an app that is released in some way. */
function means(release: object, skipAnalysis = false): string[] {
  const config = sampleConfig();
  const { conduit } = config.platform.apps;
  const settings = { ...conduit?.settings, release };
  const apps = { ...config.platform.apps, conduit: { ...conduit, settings } };
  const changed = { ...config, platform: { ...config.platform, apps } } as typeof config;
  return rollbackMeans(changed, placeOf(changed, 'conduit', 'dev'), IMAGE, skipAnalysis);
}

const canary = { strategy: 'canary', weights: { step: 10, max: 50 }, intervalSeconds: 60, threshold: 5 };
const blueGreen = { strategy: 'blueGreen', iterations: 5, intervalSeconds: 60, threshold: 5 };
const gates = { rollout: 'https://gate.slipway.example/rollout' };

describe('a roll-back means', () => {
  test('an analysis like that of any release', () => {
    expect(means(canary)).toEqual([
      expect.stringMatching(
        /^Analysed like any release: users move step by step, and all are on 0\.1\.0 about \d+ min after/,
      ),
    ]);
  });

  test('a change at once at its end, where that is how an app is released', () => {
    expect(means(blueGreen)).toEqual([
      expect.stringMatching(/^Analysed like any release: users move at its end, and all are on 0\.1\.0/),
    ]);
  });

  test('nothing that is judged, where nobody judges releases', () => {
    expect(means({ strategy: 'rolling' })).toEqual([
      'Kubernetes replaces the pods of conduit one by one, as at each of its releases; nothing judges 0.1.0.',
    ]);
    expect(means({ strategy: 'rolling' }, true)).toHaveLength(1);
  });

  test('no analysis when it is in a hurry, until the pin is taken away', () => {
    const [first, second, ...more] = means(canary, true);
    expect(first).toMatch(/^Not analysed: once pods of 0\.1\.0 are ready/);
    expect(second).toContain('npm run unpin -- conduit --ring dev');
    expect(more).toEqual([]);
  });

  test.each([false, true])('that its gate must be opened all the same; in a hurry: %j', (skipAnalysis) => {
    expect(means({ ...canary, gates }, skipAnalysis).at(-1)).toBe(
      'Its gate for the roll-out must be opened all the same.',
    );
  });
});

test.each([
  ['dev', /^Flux moves conduit in dev to the newest of its pre-releases again/],
  ['staging', /^Flux moves conduit in staging to the newest of its releases again/],
  ['prod', /^`npm run promote` may move conduit in prod again/],
])('without its pin the image in %s moves as its ring does', (ring, words) => {
  expect(unpinMeans(placeOf(sampleConfig(), 'conduit', ring))).toMatch(words);
});
