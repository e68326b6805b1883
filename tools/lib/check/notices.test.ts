import { expect, test } from '@jest/globals';
import type { Config } from '../../../config/load.ts';
import { sampleConfig } from '../../../config/testing/sample.ts';
import { notices } from './notices.ts';

const sample = sampleConfig();

function told({ clusters = {}, dev = {}, image = {} }: { clusters?: object; dev?: object; image?: object }) {
  const { platform, images } = sample;
  const conduit = { ...platform.apps.conduit, rings: { dev } };
  const [first, ...others] = platform.clusters;
  return notices({
    ...sample,
    platform: { ...platform, apps: { conduit }, clusters: [{ ...first, ...clusters }, ...others] },
    images: { ...images, dev: { conduit: { ...images.dev?.conduit, ...image } } },
  } as unknown as Config);
}

test.each([
  ['nothing, where all is in the flow', {}, []],
  [
    'a cluster that is suspended',
    { clusters: { suspend: 'is rebuilt' } },
    ['!! suspended: all of dev-eu-west-1, where Flux applies, mends and deletes nothing: is rebuilt'],
  ],
  [
    'an app that is suspended in a ring',
    { dev: { suspend: 'moves house' } },
    ['!! suspended: conduit in dev, where Flux applies, mends and deletes nothing: moves house'],
  ],
  [
    'a pin',
    { image: { pin: { reason: 'slow', skipAnalysis: false } } },
    ['pinned: conduit in dev at 0.2.0-rc.3: slow'],
  ],
  [
    'a pin whose releases are not analysed',
    { image: { pin: { reason: 'slow', skipAnalysis: true } } },
    ['pinned: conduit in dev at 0.2.0-rc.3, and every change to it goes out without analysis: slow'],
  ],
])('tells %s', (_, what, lines) => expect(told(what)).toEqual(lines));
