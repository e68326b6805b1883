import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Platform } from '../../../../config/schema.ts';
import { sampleConfig } from '../../../../config/testing/sample.ts';
import { CLUSTER, compiledWith } from '../../../testing/dist-changes.ts';
import { type Manifest, manifests } from '../../dist/manifests.ts';
import { BROKEN, HEALTHY } from '../odds/assumptions.ts';
import { subjectsOfDist } from './from-dist.ts';
import { oddsFindings } from './odds-findings.ts';
import { reportOn } from './report.ts';

const { platform } = sampleConfig();
const assumptions = { healthy: HEALTHY, broken: BROKEN };
let single: Manifest[];
let split: Manifest[];

beforeAll(async () => {
  single = manifests(await compiledWith({}));
  split = manifests(await compiledWith({ topology: 'split' }, 'apps'));
});

/** The sample platform with other settings of conduit in production, or of the whole. */
function platformWith(prod: object, more: Partial<Platform> = {}): Platform {
  const conduit = platform.apps.conduit as Platform['apps'][string];
  const rings = { ...conduit.rings, prod: { ...conduit.rings.prod, ...prod } };
  return { ...platform, ...more, apps: { ...platform.apps, conduit: { ...conduit, rings } } };
}

const few = { traffic: { requestsPerSecond: 1 } };

describe('the odds of what is compiled', () => {
  test('are fine at the traffic that is assumed', () => {
    expect(oddsFindings(single, platform)).toEqual({ wrong: [], doubtful: [] });
  });

  test('are doubted where nobody has said how bad they may be', () => {
    const { wrong, doubtful } = oddsFindings(single, platformWith(few));
    expect(wrong).toEqual([]);
    expect(doubtful).toEqual([
      {
        where: `dist/${CLUSTER}/apps/conduit/conduit.yaml`,
        says: 'Canary conduit: at 1 requests/s a broken release (95 %) is promoted in 23 % of cases; at most 5 % are wanted; `npm run plan -- --suggest` finds better settings',
      },
    ]);
  });

  test.each([
    ['the app', platformWith({ ...few, risk: { brokenPromotedPercent: 10 } })],
    ['the platform', platformWith(few, { risk: { brokenPromotedPercent: 10 } })],
  ])('are wrong where %s has', (_, asked) => {
    const { wrong, doubtful } = oddsFindings(single, asked);
    expect(doubtful).toEqual([]);
    expect(wrong.map(({ says }) => says)).toEqual([expect.stringContaining('at most 10 % are wanted')]);
  });

  test('are held to what the app says before what the platform says', () => {
    const asked = platformWith(
      { ...few, risk: { brokenPromotedPercent: 30 } },
      { risk: { brokenPromotedPercent: 1 } },
    );
    expect(oddsFindings(single, asked)).toEqual({ wrong: [], doubtful: [] });
  });
});

describe('an app of four services', () => {
  const subjects = (services?: Record<string, number>) =>
    subjectsOfDist(
      split.filter(({ cluster }) => cluster === CLUSTER),
      platformWith({ topology: 'split', traffic: { requestsPerSecond: 20, ...(services && { services }) } }),
    );

  test('has joint odds beside those of each', () => {
    const { report } = reportOn(subjects(), { assumptions, matched: 0.1, suggest: false });
    expect(report.canaries.map(({ title }) => title)).toEqual(
      ['auth', 'content', 'recommendations', 'web'].map((part) => `${CLUSTER}/conduit-${part}`),
    );
    const [joint] = report.joint;
    expect(joint?.canaries).toHaveLength(4);
    const each = report.canaries.map(({ plan }) => plan?.healthy.rolledBack ?? Number.NaN);
    expect(joint?.healthy.anyRolledBack).toBeCloseTo(1 - each.reduce((rest, one) => rest * (1 - one), 1), 12);
  });

  test('has each planned at its own traffic, where that is said', () => {
    const rates = subjects({ 'conduit-auth': 0.5 }).map(({ read, traffic }) => [
      read.name,
      traffic.requestsPerSecond,
    ]);
    expect(rates).toContainEqual(['conduit-auth', 0.5]);
    expect(rates).toContainEqual(['conduit-web', 20]);
  });
});
