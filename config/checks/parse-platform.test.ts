import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { definePlatform, type PlatformInput, type Release } from '../schema.ts';
import defaults from '../testing/platform.ts';
import { parsePlatform } from './parse-platform.ts';
import type { Path } from './path.ts';

/** The sample platform with the value at a path replaced, or taken away when it is `undefined`. */
function changed(path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(defaults);
  const holder = path
    .slice(0, -1)
    .reduce((at, key) => (at as Record<PropertyKey, unknown>)[key], copy) as Record<PropertyKey, unknown>;
  const key = path.at(-1) as PropertyKey;
  if (value === undefined) delete holder[key];
  else holder[key] = value;
  return copy;
}

function says(input: unknown): string[] {
  return parsePlatform(input).mistakes.map(({ file, path, says }) => `${file}: ${path}: ${says}`);
}

/** Every path of the sample platform. */
function paths(value: unknown, above: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [above];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    above,
    ...keys.flatMap((key) => paths((value as Record<PropertyKey, unknown>)[key], [...above, key])),
  ];
}

const settings = (...rest: PropertyKey[]): Path => ['apps', 'conduit', 'settings', ...rest];

describe('the defaults', () => {
  const { platform } = parsePlatform({
    organisation: 'acme',
    domain: 'acme.example',
    git: { url: 'https://github.com/acme/platform' },
    registry: 'ghcr.io/acme',
    rings: [
      { name: 'dev', promotion: 'automatic' },
      { name: 'prod', promotion: 'approval' },
    ],
    imageAutomation: { cluster: 'one' },
    clusters: [
      {
        name: 'one',
        account: '111111111111',
        region: 'eu-west-1',
        ring: 'dev',
        zones: ['a', 'b'],
        vpcCidr: '10.0.0.0/16',
        apps: [],
      },
    ],
    apps: { shop: { settings: { replicas: { min: 1, max: 1 }, cpu: '1', memory: '1Gi' } } },
  } satisfies PlatformInput);

  test.each([
    ['the branch is main', platform?.git.branch, 'main'],
    ['a ring lies under the domain', platform?.rings[0]?.domain, 'dev.acme.example'],
    [
      'an automatic ring takes releases',
      platform?.rings[0],
      {
        name: 'dev',
        promotion: 'automatic',
        images: 'releases',
        domain: 'dev.acme.example',
        sizing: 'small',
        addOns: {},
        edge: {},
      },
    ],
    [
      'an hour passes until an approval is asked for',
      platform?.rings[1],
      {
        name: 'prod',
        promotion: 'approval',
        soakMinutes: 60,
        changeWindows: [],
        freezes: [],
        domain: 'prod.acme.example',
        sizing: 'highly-available',
        addOns: {},
        edge: {},
      },
    ],
    ['an app is reached under its name', platform?.apps.shop?.subdomain, 'shop'],
    ['no ring differs', platform?.apps.shop?.rings, {}],
    [
      'a release is a canary',
      platform?.apps.shop?.settings.release,
      {
        strategy: 'canary',
        weights: { step: 10, max: 50 },
        intervalSeconds: 60,
        threshold: 5,
        minSuccessPercent: 99,
        maxP99Milliseconds: 500,
      },
    ],
  ])('are such that %s', (_, actual, expected) => expect(actual).toEqual(expected));
});

describe('a value', () => {
  const accepted: [string, Path, unknown[]][] = [
    ['domain', ['domain'], ['a.b', 'x-1.example.co.uk', `${'a'.repeat(63)}.example`]],
    [
      'git.url',
      ['git', 'url'],
      ['https://git.example:8443/a/b.git', 'ssh://git@github.com/a/b', 'ssh://git.example:22/~a/b'],
    ],
    ['git.branch', ['git', 'branch'], ['main', 'release/1.x', 'a_b-c']],
    [
      'registry',
      ['registry'],
      ['ghcr.io/a', 'localhost:5000/a/b', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/a'],
    ],
    ['organisation', ['organisation'], ['a', 'a1-b', 'a'.repeat(63)]],
    [
      'vpcCidr',
      ['clusters', 0, 'vpcCidr'],
      ['10.0.0.0/16', '172.16.0.0/20', '192.168.0.0/16', '10.10.16.0/20'],
    ],
    [
      'zones',
      ['clusters', 0, 'zones'],
      [
        ['a', 'b'],
        ['b', 'd', 'f'],
        ['a', 'b', 'c', 'd', 'e'],
      ],
    ],
    ['cpu', settings('cpu'), ['1m', '1', '0.5', '2.125']],
    ['memory', settings('memory'), ['1Ki', '64Mi', '1.5Gi', '512M']],
    [
      'weights',
      settings('release', 'weights'),
      [{ step: 1, max: 1 }, { step: 20, max: 60 }, { step: 30, max: 100 }, [1], [1, 5, 20, 50], [100]],
    ],
    ['intervalSeconds', settings('release', 'intervalSeconds'), [20, 600]],
    ['minSuccessPercent', settings('release', 'minSuccessPercent'), [0.1, 99.9, 100]],
    ['maxP99Milliseconds', settings('release', 'maxP99Milliseconds'), [1, 400, 50_000]],
    [
      'release',
      settings('release'),
      [
        { strategy: 'rolling' },
        { strategy: 'canary' },
        { strategy: 'canary', intervalSeconds: 40, windowSeconds: 40, loadTest: false },
        { strategy: 'canary', loadTest: { path: '/products?page=1&sort=-price' } },
        { strategy: 'canary', gates: { rollout: 'manual', promotion: { url: 'https://gate.example/x' } } },
        { strategy: 'blueGreen' },
        { strategy: 'blueGreen', iterations: 10, preview: {} },
        { strategy: 'blueGreen', preview: { allowFrom: ['203.0.113.0/24', '198.51.100.7/32'] } },
      ],
    ],
    ['topology', settings('topology'), ['single', 'split', 'single-to-split', 'split-to-single']],
    ['database', settings('database'), [undefined, { poolSize: 1 }, { poolSize: 13 }]],
    ['maxConnections', ['clusters', 0, 'database'], [undefined, {}, { maxConnections: 1 }]],
    ['soakMinutes', ['rings', 2, 'soakMinutes'], [0, 1440]],
  ];
  test.each(accepted)('may stand in %s', (_, path, values) => {
    for (const value of values) expect(says(changed(path, value))).toEqual([]);
  });

  const refused: [string, Path, unknown[]][] = [
    [
      'domain',
      ['domain'],
      [
        '',
        'example',
        'Example.com',
        'a..b',
        '-a.b',
        'a.b.',
        'http://a.b',
        'a.b/c',
        `${'a'.repeat(64)}.b`,
        `${'a.'.repeat(130)}b`,
        1,
      ],
    ],
    [
      'git.url',
      ['git', 'url'],
      ['', 'http://a.b/c', 'git@a.b:c/d', 'https://me:secret@a.b/c', 'https://a.b', 'a/b'],
    ],
    ['git.branch', ['git', 'branch'], ['', 'a b', '/a', 'a/', 'a..b', 'a//b', 'a.lock']],
    [
      'registry',
      ['registry'],
      ['', 'ghcr.io', 'slipway', 'https://ghcr.io/a', 'ghcr.io/a:1', 'ghcr.io/a/', 'ghcr.io/A'],
    ],
    ['organisation', ['organisation'], ['', 'A', '1a', 'a-', 'a.b', 'a_b', 'a'.repeat(64), null]],
    [
      'account',
      ['clusters', 0, 'account'],
      ['', '1'.repeat(11), '1'.repeat(13), '11111111111x', 111111111111],
    ],
    [
      'vpcCidr',
      ['clusters', 0, 'vpcCidr'],
      [
        '',
        '10.10.0.0',
        '10.10.0.0/15',
        '10.10.0.0/21',
        '10.10.1.0/16',
        '172.32.0.0/16',
        '8.8.0.0/16',
        'fd00::/48',
        '10.300.0.0/16',
      ],
    ],
    [
      'zones',
      ['clusters', 0, 'zones'],
      [[], ['a'], ['a', 'a'], ['a', 'b', 'c', 'd', 'e', 'f'], ['a', 'eu-west-1b'], 'ab', undefined],
    ],
    ['cpu', settings('cpu'), ['', '0', '0m', '-1', '1.5m', '100M', '1 core', 1]],
    ['memory', settings('memory'), ['', '0Mi', '192', '192m', '192MB', '1 Gi', 192]],
    ['replicas.min', settings('replicas', 'min'), [0, -1, 1.5, '2', Number.NaN, undefined, null]],
    [
      'weights',
      settings('release', 'weights'),
      [
        [],
        [0, 1],
        [1, 101],
        [5, 5],
        [5, 4],
        [1.5],
        ['1'],
        { step: 0, max: 50 },
        { step: 10, max: 101 },
        { step: 60, max: 50 },
        { step: 20, max: 50 },
        { step: 10 },
        { step: 10, max: 50, min: 1 },
        10,
        null,
      ],
    ],
    ['intervalSeconds', settings('release', 'intervalSeconds'), [19, 30.5, '60s', Number.POSITIVE_INFINITY]],
    ['threshold', settings('release', 'threshold'), [0, -1, 1.5]],
    ['minSuccessPercent', settings('release', 'minSuccessPercent'), [0, 100.1, -1, '99']],
    [
      'maxP99Milliseconds',
      settings('release', 'maxP99Milliseconds'),
      [0, 450, 60_000, '500', -5, Number.NaN],
    ],
    [
      'release',
      settings('release'),
      [
        { strategy: 'rolling', threshold: 1 },
        { strategy: 'canary', iterations: 5 },
        { strategy: 'canary', preview: {} },
        { strategy: 'canary', windowSeconds: 61 },
        { strategy: 'canary', windowSeconds: 10 },
        { strategy: 'canary', loadTest: true },
        { strategy: 'canary', loadTest: { path: 'products' } },
        { strategy: 'canary', loadTest: { path: "/'; reboot" } },
        { strategy: 'canary', gates: {} },
        { strategy: 'canary', gates: { rollout: 'manual', promotion: 'manual' } },
        { strategy: 'canary', gates: { promotion: 'gate.example' } },
        { strategy: 'canary', gates: { promotion: { url: 'gate.example' } } },
        { strategy: 'canary', promotionStep: 0 },
        { strategy: 'blueGreen', weights: [1] },
        { strategy: 'blueGreen', iterations: 0 },
        { strategy: 'blueGreen', loadTest: false },
        { strategy: 'blueGreen', preview: { allowFrom: [] } },
        { strategy: 'blueGreen', preview: { allowFrom: ['203.0.113.1/24'] } },
        { strategy: 'bluegreen' },
        {},
        'canary',
        null,
        [],
      ],
    ],
    ['topology', settings('topology'), ['', 'both', 4, null]],
    ['database', settings('database'), [{}, { poolSize: 0 }, { poolSize: 101 }, { poolSize: '10' }, 10]],
    ['rings', ['rings'], [[], {}, undefined]],
    ['clusters', ['clusters'], [[], {}, undefined]],
    ['soakMinutes', ['rings', 2, 'soakMinutes'], [-1, 0.5, '60']],
    ['apps', ['apps'], [undefined, null, [], { Conduit: {} }]],
  ];
  test.each(refused)('may not stand in %s', (_, path, values) => {
    for (const value of values) expect([value, says(changed(path, value))]).not.toEqual([value, []]);
  });
});

describe('one mistake brings no other in its train', () => {
  test.each([
    ['a list of rings that is no list', changed(['rings'], 'dev'), ['rings']],
    ['a ring without a name', changed(['rings', 2, 'name'], undefined), ['rings[2].name']],
    ['a ring without a promotion', changed(['rings', 0, 'promotion'], undefined), ['rings[0].promotion']],
    ['a cluster whose name is no name', changed(['clusters', 1, 'name'], 'Staging'), ['clusters[1].name']],
    ['a cluster that is no object', changed(['clusters', 1], 'staging'), ['clusters[1]']],
    ['no clusters', changed(['clusters'], undefined), ['clusters']],
    ['no apps', changed(['apps'], undefined), ['apps']],
    ['an app that is no object', changed(['apps', 'conduit'], true), ['apps.conduit']],
    ['a range that is no range', changed(['clusters', 1, 'vpcCidr'], '10.10.0.0'), ['clusters[1].vpcCidr']],
  ])('%s', (_, input, expected) => {
    expect(parsePlatform(input).mistakes.map(({ path }) => path)).toEqual(expected);
  });
});

test('tells mistakes between values also where others are wrong in themselves', () => {
  const input = structuredClone(defaults) as { clusters: Record<string, unknown>[]; domain: string };
  input.domain = 'nowhere';
  Object.assign(input.clusters[0] ?? {}, { region: 'mars', ring: 'test' });
  Object.assign(input.clusters[2] ?? {}, { vpcCidr: '10.20.0.0/16', zone: 'a' });
  expect(parsePlatform(input).mistakes.map(({ file, path }) => `${file}: ${path}`)).toEqual([
    'config/platform.ts: domain',
    'config/clusters.ts: clusters[0].region',
    'config/clusters.ts: clusters[0].ring',
    'config/clusters.ts: clusters[2].vpcCidr',
    'config/clusters.ts: clusters[2].zone',
  ]);
});

test.each([
  [[], 'weights', 'found []; allowed: a list of 1 or more rising percentages'],
  [{ step: 10 }, 'weights.max', 'is missing; allowed: a whole number from 1 to 100 (percent)'],
  [
    { step: 10, max: 50, maks: 1 },
    'weights.maks',
    'found the key "maks"; allowed: "step", "max"; did you mean "max"?',
  ],
  [
    { step: 10, maks: 50 },
    'weights.maks',
    'found the key "maks"; allowed: "step", "max"; did you mean "max"?',
  ],
  [[1, '5'], 'weights[1]', 'found "5" (a string); allowed: a whole number from 1 to 100 (percent)'],
  [
    10,
    'weights',
    'found 10 (a number); allowed: an object with "step" and "max", or a list of rising percentages',
  ],
])('says of the weights %j what is wrong with the form that was meant', (weights, path, expected) => {
  expect(says(changed(settings('release', 'weights'), weights))).toEqual([
    `config/platform.ts: apps.conduit.settings.release.${path}: ${expected}`,
  ]);
});

test.each([
  [undefined, 'is missing'],
  [null, 'found null'],
  [5, 'found 5 (a number)'],
  [[], 'found [] (a list)'],
])('refuses %j in place of a platform', (input, found) => {
  expect(says(input)).toEqual([
    `config/platform.ts: default export: ${found}; allowed: what definePlatform({ … }) returns`,
  ]);
});

test('whatever stands in place of any value, it is taken or refused in our own words', () => {
  const anything = fc.oneof(
    fc.constantFrom(null, true, '', 'dev', 'prod', '10.10.0.0/16', 0, -1, 1e9, Number.NaN),
    fc.array(fc.constantFrom('a', 1, null, {}), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('name', 'min', 'strategy', 'zzz'), fc.constantFrom('canary', 1, null)),
  );
  const places = paths(defaults).filter((path) => path.length > 0);
  fc.assert(
    fc.property(fc.constantFrom(...places), anything, (path, value) => {
      const { platform, mistakes } = parsePlatform(changed(path, value));
      expect(platform === undefined).toBe(mistakes.length > 0);
      for (const { says } of mistakes) {
        expect(says).toMatch(/^(found |is missing).*; allowed: ./);
        expect(says).not.toMatch(/undefined|Invalid|expected|\[object/);
      }
      expect(new Set(mistakes.map(({ path }) => path)).size).toBe(mistakes.length);
    }),
    { numRuns: 500 },
  );
});

test('whatever is taken away is either optional or missed, and nothing else is said', () => {
  for (const path of paths(defaults).filter((path) => typeof path.at(-1) === 'string')) {
    const { mistakes } = parsePlatform(changed(path, undefined));
    const isApp = path.length === 2 && path[0] === 'apps';
    for (const { says } of isApp ? [] : mistakes)
      expect([path, says]).toEqual([path, expect.stringMatching(/^is missing; allowed: /)]);
  }
});

test('an editor refuses by its type what the schema refuses by its value', () => {
  const [cluster] = defaults.clusters;
  if (cluster === undefined) throw new Error('there are no clusters');
  // @ts-expect-error: a number where a string belongs
  definePlatform({ ...defaults, domain: 5 });
  // @ts-expect-error: no such key
  definePlatform({ ...defaults, registri: 'ghcr.io/slipway' });
  // @ts-expect-error: a ring whose images arrive by themselves does not soak
  definePlatform({ ...defaults, rings: [{ name: 'dev', promotion: 'automatic', soakMinutes: 5 }] });
  // @ts-expect-error: no such region
  definePlatform({ ...defaults, clusters: [{ ...cluster, region: 'eu-west-7' }] });
  // @ts-expect-error: weights belong to a canary
  const release: Release = { strategy: 'rolling', weights: [1, 2] };
  expect(release.strategy).toBe('rolling');
});
