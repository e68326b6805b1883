import { describe, expect, test } from '@jest/globals';
import { sampleConfig } from '../testing/sample.ts';
import { type Known, NOTHING_KNOWN } from './cross-checks.ts';
import { imageMarker, imagePolicy, parseImages, showPin } from './images.ts';

const KNOWN: Known = {
  rings: new Map([
    ['dev', 'automatic'],
    ['prod', 'approval'],
  ]),
  apps: ['conduit', 'website'],
  runs: [
    { cluster: 'dev-1', ring: 'dev', app: 'conduit' },
    { cluster: 'prod-1', ring: 'prod', app: 'conduit' },
  ],
};
const MARKER = '# {"$imagepolicy": "flux-system:conduit-dev"}';
const ALLOWED =
  'host/path:tag or host/path:tag@sha256:<64 hex digits>, such as "ghcr.io/slipway/conduit:1.4.0", and no "latest"';

function judge(dev: string, prod = 'ghcr.io/slipway/conduit:0.1.0') {
  const { images, mistakes } = parseImages(`dev:\n  conduit: ${dev}\nprod:\n  conduit: ${prod}\n`, KNOWN);
  return { images, says: mistakes.map(({ file, path, says }) => `${file}: ${path}: ${says}`) };
}

test('a file names the policy of each image that moves by itself', () => {
  expect(sampleConfig().images).toEqual({
    dev: {
      conduit: { reference: 'ghcr.io/slipway/conduit:0.2.0-rc.3', policy: 'flux-system:conduit-dev' },
    },
    staging: {
      conduit: { reference: 'ghcr.io/slipway/conduit:0.1.0', policy: 'flux-system:conduit-staging' },
    },
    prod: { conduit: { reference: 'ghcr.io/slipway/conduit:0.1.0', policy: undefined } },
  });
});

describe('a reference', () => {
  const digest = `@sha256:${'0123456789abcdef'.repeat(4)}`;

  test.each([
    'ghcr.io/slipway/conduit:1.4.0',
    `ghcr.io/slipway/conduit:1.4.0${digest}`,
    '111111111111.dkr.ecr.eu-west-1.amazonaws.com/conduit:main-1',
    'localhost:5000/conduit:1',
    'registry:5000/conduit:1',
    'localhost/a/b/c__d/e-f.g:V_1.2-3',
    `ghcr.io/a/b:${'x'.repeat(128)}`,
  ])('may be %s', (reference) => {
    const { images, says } = judge(`${reference} ${MARKER}`);
    expect(says).toEqual([]);
    expect(images.dev?.conduit?.reference).toBe(reference);
  });

  test.each([
    'ghcr.io/slipway/conduit',
    'ghcr.io/slipway/conduit:latest',
    `ghcr.io/slipway/conduit:latest${digest}`,
    `ghcr.io/slipway/conduit${digest}`,
    'ghcr.io/slipway/conduit:1.4.0@sha256:0123',
    'conduit:1.4.0',
    'slipway/conduit:1.4.0',
    'ghcr.io/Slipway/conduit:1.4.0',
    'ghcr.io/slipway/conduit:-1',
    'ghcr.io//conduit:1',
    `ghcr.io/a/b:${'x'.repeat(129)}`,
  ])('may not be %s', (reference) => {
    const { says } = judge(`${reference} ${MARKER}`);
    expect(says).toHaveLength(1);
    expect(says[0]).toMatch(/^apps\/images\.yaml:2:12: dev\.conduit: found "/);
    expect(says[0]).toContain(`"; allowed: ${ALLOWED}`.slice(1));
  });

  test('is guessed without the scheme that somebody put before it', () => {
    expect(judge(`https://ghcr.io/slipway/conduit:1.4.0 ${MARKER}`).says).toEqual([
      `apps/images.yaml:2:12: dev.conduit: found "https://ghcr.io/slipway/conduit:1.4.0"; allowed: ${ALLOWED}; did you mean "ghcr.io/slipway/conduit:1.4.0"?`,
    ]);
  });
});

describe('behind an image that moves by itself', () => {
  const reference = 'ghcr.io/slipway/conduit:1.4.0';

  test('a pin with its reason may stand in place of the marker: nothing moves it then', () => {
    const { images, says } = judge(`${reference} # pinned: 1.5.0 loses sessions`);
    expect(says).toEqual([]);
    expect(images.dev?.conduit).toEqual({
      reference,
      policy: undefined,
      pin: { reason: '1.5.0 loses sessions', skipAnalysis: false },
    });
  });

  test('a pin may say that the release to it is not analysed', () => {
    const { images, says } = judge(`${reference} # pinned, not analysed: the shop is down`);
    expect(says).toEqual([]);
    const pin = images.dev?.conduit?.pin;
    expect(pin).toEqual({ reason: 'the shop is down', skipAnalysis: true });
    expect(pin && showPin(pin)).toBe('pinned, not analysed: the shop is down');
  });

  test.each([
    ['', 'is missing its marker'],
    [' # pinned:', 'found # pinned: behind it'],
    [' # moved by hand', 'found # moved by hand behind it'],
    [` ${MARKER} and more`, `found ${MARKER} and more behind it`],
    [
      ' # {"$imagepolicy":"flux-system:conduit-dev"}',
      'found # {"$imagepolicy":"flux-system:conduit-dev"} behind it',
    ],
    [
      ' # {"$imagepolicy": "flux-system:conduit-dev:tag"}',
      'found # {"$imagepolicy": "flux-system:conduit-dev:tag"} behind it',
    ],
  ])('%j may not stand', (rest, found) => {
    const column = 41 + (rest === '' ? 0 : 1);
    expect(judge(reference + rest).says).toEqual([
      `apps/images.yaml:2:${column}: dev.conduit: ${found}; allowed: ${MARKER}, or # pinned: <why> to hold this image`,
    ]);
  });
});

describe('behind an image that asks for approval', () => {
  const reference = 'ghcr.io/slipway/conduit:1.4.0';

  test('a pin holds it too', () => {
    const { images } = judge(`${reference} ${MARKER}`, 'ghcr.io/slipway/conduit:0.1.0 # pinned: no sessions');
    expect(images.prod?.conduit?.pin).toEqual({ reason: 'no sessions', skipAnalysis: false });
  });

  test('any comment but a marker may stand', () => {
    expect(
      judge(`ghcr.io/slipway/conduit:1.4.0 ${MARKER}`, 'ghcr.io/slipway/conduit:0.1.0 # rolled back').says,
    ).toEqual([]);
  });
});

test('an app that no cluster of a ring runs may have an image there, or none', () => {
  const prod = '\nprod:\n  conduit: ghcr.io/slipway/conduit:1\n';
  const dev = `dev:\n  conduit: ghcr.io/slipway/conduit:1 ${MARKER}`;
  expect(parseImages(dev + prod, KNOWN).mistakes).toEqual([]);
  expect(parseImages(`${dev}${prod}  website: ghcr.io/slipway/website:1\n`, KNOWN).mistakes).toEqual([]);
});

test('takes lines that end as Windows has it', () => {
  const text = `dev:\r\n  conduit: ghcr.io/slipway/conduit:1 ${MARKER}\r\nprod:\r\n  conduit: ghcr.io/slipway/conduit:1\r\n`;
  expect(parseImages(text, KNOWN).mistakes).toEqual([]);
});

test('a ring that is unclear as a whole has no rules for markers', () => {
  expect(parseImages('dev:\n  conduit: ghcr.io/slipway/conduit:1\n', NOTHING_KNOWN).mistakes).toEqual([]);
});

test('a marker names the policy of one app in one ring', () => {
  expect(imageMarker(imagePolicy('conduit', 'dev'))).toBe('{"$imagepolicy": "flux-system:conduit-dev"}');
});
