import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePlatform } from './checks/parse-platform.ts';
import { appSettings, hasAddOn, ringDomain, ringEdge, suspension } from './per-ring.ts';
import type { AppSettings, Platform, PlatformInput } from './schema.ts';
import defaults from './testing/platform.ts';

function parsed(input: PlatformInput): Platform {
  const { platform, mistakes } = parsePlatform(input);
  if (platform === undefined) throw new Error(JSON.stringify(mistakes));
  return platform;
}

const platform = parsed(defaults);

describe('appSettings', () => {
  test.each([
    ['dev', { min: 1, max: 2 }],
    ['staging', { min: 2, max: 6 }],
    ['prod', { min: 3, max: 12 }],
  ])("puts the difference of %s in place of the app's own setting", (ring, replicas) => {
    expect(appSettings(platform, 'conduit', ring)).toEqual({ ...platform.apps.conduit?.settings, replicas });
  });

  test('takes each key from the ring where the ring has it, and from the app where not', () => {
    const replicas = fc
      .nat(50)
      .chain((min) => fc.nat(50).map((more) => ({ min: min + 1, max: min + 1 + more })));
    const cpu = fc.integer({ min: 1, max: 4000 }).map((amount) => `${amount}m`);
    const memory = fc.integer({ min: 1, max: 4000 }).map((amount) => `${amount}Mi`);
    const release = fc.constantFrom(
      { strategy: 'rolling' } as const,
      { strategy: 'canary', threshold: 3 } as const,
    );
    const settings = fc.record({ replicas, cpu, memory, release });
    const differences = fc.record({ replicas, cpu, memory, release }, { requiredKeys: [] });
    fc.assert(
      fc.property(settings, differences, (settings, prod) => {
        const platform = parsed({ ...defaults, apps: { conduit: { settings, rings: { prod } } } });
        const merged = appSettings(platform, 'conduit', 'prod');
        const own = appSettings(platform, 'conduit', 'dev');
        for (const key of Object.keys(own) as (keyof AppSettings)[]) {
          if (!(key in prod)) expect(merged[key]).toEqual(own[key]);
          else expect(merged[key]).toEqual(platform.apps.conduit?.rings.prod?.[key]);
        }
        expect(Object.keys(merged).sort()).toEqual(Object.keys(own).sort());
      }),
    );
  });

  test('of a ring whose release is given replaces it as a whole, weights and all', () => {
    const conduit = {
      ...defaults.apps.conduit,
      rings: { prod: { release: { strategy: 'canary', threshold: 2 } } },
    } as const;
    const { apps, ...rest } = defaults;
    const changed = parsed({ ...rest, apps: { ...apps, conduit: conduit as (typeof apps)[string] } });
    expect(appSettings(changed, 'conduit', 'prod').release).toMatchObject({
      threshold: 2,
      weights: { step: 10, max: 50 },
    });
  });

  test.each([
    ['condiut', 'dev', 'the platform has no app "condiut"'],
    ['constructor', 'dev', 'the platform has no app "constructor"'],
    ['conduit', 'test', 'the platform has no ring "test"'],
  ])('of %s in %s there are none', (app, ring, says) => {
    expect(() => appSettings(platform, app, ring)).toThrow(new RangeError(says));
  });
});

describe('ringDomain', () => {
  test.each([
    ['dev', 'dev.slipway.example'],
    ['prod', 'slipway.example'],
  ])('of %s is %s', (ring, domain) => expect(ringDomain(platform, ring)).toBe(domain));

  test('of a ring that does not exist is an error', () => {
    expect(() => ringDomain(platform, 'test')).toThrow(new RangeError('the platform has no ring "test"'));
  });
});

describe('an optional add-on', () => {
  const has = (addOns: object, ofRing: object) => {
    const changed = {
      ...platform,
      addOns,
      rings: platform.rings.map((ring) => (ring.name === 'dev' ? { ...ring, addOns: ofRing } : ring)),
    };
    return hasAddOn(changed, 'dev', 'external-dns');
  };

  test.each([
    ['is there where nothing is said', {}, {}, true],
    ['is not there where the platform says so', { 'external-dns': 'off' }, {}, false],
    ['is there where its ring says so', { 'external-dns': 'off' }, { 'external-dns': 'on' }, true],
    ['is not there where its ring says so', {}, { 'external-dns': 'off' }, false],
  ])('%s', (_, addOns, ofRing, is) => expect(has(addOns, ofRing)).toBe(is));

  test('may be one that is left out by itself', () => {
    expect(hasAddOn(platform, 'dev', 'container-insights')).toBe(false);
  });
});

describe('a suspension', () => {
  const suspended = (cluster: object, ofRing: object) => {
    const conduit = { ...platform.apps.conduit, rings: { dev: ofRing } } as Platform['apps'][string];
    const dev = { ...platform.clusters[0], ...cluster } as Platform['clusters'][number];
    return suspension({ ...platform, apps: { conduit } }, dev, 'conduit');
  };

  test.each([
    ['is none where nothing is said', {}, {}, undefined],
    ["is that of the app in the cluster's ring", {}, { suspend: 'moves house' }, 'moves house'],
    ['is that of the whole cluster', { suspend: 'is rebuilt' }, {}, 'is rebuilt'],
  ])('%s', (_, cluster, ofRing, why) => expect(suspended(cluster, ofRing)).toBe(why));

  test('is no setting of the app', () => {
    const apps = { conduit: { ...platform.apps.conduit, rings: { dev: { suspend: 'why' } } } };
    expect(appSettings({ ...platform, apps } as Platform, 'conduit', 'dev')).not.toHaveProperty('suspend');
  });
});

describe('ringEdge', () => {
  const signIn = { issuer: 'https://login.slipway.example', emailDomains: ['slipway.example'] };

  test('is public, and open to everybody, where nothing is said', () => {
    expect(ringEdge(platform, 'dev')).toEqual({ access: 'public' });
  });

  test('takes each key from the ring where the ring has it, and from the platform where not', () => {
    const [dev, ...others] = defaults.rings;
    const given = parsed({
      ...defaults,
      edge: { signIn, allowFrom: ['203.0.113.0/24'] },
      rings: [{ ...dev, edge: { access: 'internal', allowFrom: ['10.0.0.0/8'] } }, ...others] as never,
    });
    expect(ringEdge(given, 'dev')).toEqual({ access: 'internal', allowFrom: ['10.0.0.0/8'], signIn });
    expect(ringEdge(given, 'prod')).toEqual({ access: 'public', allowFrom: ['203.0.113.0/24'], signIn });
  });
});
