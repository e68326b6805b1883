import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MachineSpec } from '../machine/spec.ts';
import type { Analysis, Metric, Release } from './analysis.ts';
import { BROKEN, HEALTHY } from './assumptions.ts';
import { atMostAlong } from './binomial-along.ts';
import { passChance, windowsOf } from './check.ts';
import { atMost, binomial, poisson } from './counts.ts';
import { failedAtMost, harm } from './harm.ts';
import { modelOf } from './model.ts';
import { planCanary } from './plan.ts';
import { endedBy } from './times.ts';
import { verdict } from './verdict.ts';

const success: Metric = { counts: 'failed', tolerated: 0.01, windowSeconds: 60, whose: 'apart' };
const p99: Metric = { ...success, counts: 'slow' };
const even = (step: number, max: number, threshold: number): MachineSpec => ({
  progress: { kind: 'evenWeights', step, max },
  threshold,
});
const analysis = (machine: MachineSpec, more: Partial<Analysis> = {}): Analysis => ({
  machine,
  intervalSeconds: 60,
  metrics: [success],
  ...more,
});
const users = (requestsPerSecond: number) => ({ requestsPerSecond, matched: 0.1 });
const release = (failed: number, slow = 0): Release => ({
  users: { failed, slow },
  loadTest: { failed, slow },
});
const assumptions = { healthy: HEALTHY, broken: BROKEN, loadSees: 0 };

describe('counts', () => {
  test('a Poisson distribution is what its formula says', () => {
    const { from, chances } = poisson(3);
    expect(from).toBe(0);
    expect(chances[0]).toBeCloseTo(Math.exp(-3), 14);
    expect(chances[4]).toBeCloseTo((Math.exp(-3) * 81) / 24, 14);
  });

  test('a binomial distribution is what its formula says', () => {
    const { chances } = binomial(5, 0.3);
    expect(chances[2]).toBeCloseTo(10 * 0.09 * 0.343, 14);
  });

  test.each([0, 1e-6, 0.5, 12, 999.5, 60_000, 1e6])(
    'with a mean of %d it has that mean and that variance',
    (mean) => {
      const { from, chances } = poisson(mean);
      let [sum, first, second] = [0, 0, 0];
      for (const [index, chance] of chances.entries()) {
        sum += chance;
        first += chance * (from + index - mean);
        second += chance * (from + index - mean) ** 2;
      }
      expect(sum).toBeCloseTo(1, 12);
      expect(first / Math.sqrt(mean || 1)).toBeCloseTo(0, 9);
      expect(second / (mean || 1)).toBeCloseTo(mean === 0 ? 0 : 1, 9);
    },
  );

  test('chances along a number of requests are those of each by itself', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 1, max: 1500 }),
        fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.05, noNaN: true })),
        fc.constantFrom(0, 0.001, 0.01, 0.02, 0.05, 0.3, 1),
        fc.integer({ min: -3, max: 3 }),
        (from, length, share, tolerated, more) => {
          const allowed = (requests: number) => Math.floor(requests * tolerated + 1e-9) + more;
          const along = atMostAlong(from, length, share, allowed);
          for (let index = 0; index < length; index += 1 + Math.floor(length / 40)) {
            const limit = allowed(from + index);
            const alone = limit < 0 ? 0 : atMost(binomial(from + index, share), limit);
            expect(Math.abs((along[index] as number) - alone)).toBeLessThan(1e-11);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a check', () => {
  const chance = (rps: number, bad: Release, more: Partial<Analysis> = {}, hasLoad = true) =>
    passChance(windowsOf(analysis(even(10, 50, 5), more), { requestsPerSecond: rps, hasLoad }), bad);
  const loadTest = { requestsPerSecond: 10, seconds: 55, fromStart: true };

  test('of few requests passes when there is one and none fails', () => {
    // 12 requests as a mean: more than 99, of which one may fail, come never.
    expect(chance(0.2, release(0.05))).toBeCloseTo(Math.exp(-12 * 0.05) - Math.exp(-12), 12);
  });

  test('without any request fails', () => {
    expect(chance(0, release(0))).toBe(0);
  });

  test('without a user stands on the load tester alone', () => {
    expect(chance(0, release(0.01), { loadTest })).toBeCloseTo(atMost(binomial(550, 0.01), 5), 12);
  });

  test('before the load tester has begun stands on users alone', () => {
    expect(chance(0.2, release(0.05), { loadTest }, false)).toBe(chance(0.2, release(0.05)));
  });

  test('holds users and load tester apart: both must be well', () => {
    const alone = Math.exp(-12 * 0.05) - Math.exp(-12);
    expect(chance(0.2, release(0.05), { loadTest: { ...loadTest, requestsPerSecond: 1 } })).toBeCloseTo(
      (alone + Math.exp(-12)) * atMost(binomial(55, 0.05), 0),
      12,
    );
  });

  test('may leave the load tester out', () => {
    const metrics: Metric[] = [{ ...success, whose: 'users' }];
    expect(chance(0.2, release(0.05), { loadTest, metrics })).toBe(chance(0.2, release(0.05)));
    expect(chance(0, release(0), { loadTest, metrics })).toBe(0);
  });

  test('may take all together', () => {
    const metrics: Metric[] = [{ ...success, whose: 'together' }];
    const { from, chances } = poisson(12);
    const expected = chances.reduce(
      (sum, here, index) =>
        sum + here * atMost(binomial(550 + from + index, 0.008), Math.floor((550 + from + index) / 100)),
      0,
    );
    expect(chance(0.2, release(0.008), { loadTest, metrics })).toBeCloseTo(expected, 12);
  });

  test('together, a load tester that sees nothing hides what users see', () => {
    const metrics: Metric[] = [{ ...success, whose: 'together' }];
    const bad: Release = { users: { failed: 0.2, slow: 0 }, loadTest: { failed: 0, slow: 0 } };
    // Up to 5 of 550 and more may fail: of 12 users' requests that is more than fail.
    expect(chance(0.2, bad, { loadTest, metrics })).toBeGreaterThan(0.9);
    expect(chance(0.2, bad, { loadTest })).toBeLessThan(0.1);
  });

  test('looks at slow requests too, which are others than those that fail', () => {
    expect(chance(0.2, release(0.05, 0.1), { metrics: [success, p99] })).toBeCloseTo(
      Math.exp(-12 * (1 - 0.95 * 0.9)) - Math.exp(-12),
      12,
    );
  });

  test.each([[[0.01, 0.2]], [[0.2, 0.01]]])('of several metrics alike is as the strictest: %j', (all) => {
    const metrics = all.map((tolerated) => ({ ...success, tolerated }));
    expect(chance(5, release(0.1), { metrics })).toBe(chance(5, release(0.1)));
    expect(chance(5, release(0.1))).toBeLessThan(
      chance(5, release(0.1), { metrics: [{ ...success, tolerated: 0.2 }] }),
    );
  });

  test('passes on the very edge: one of a hundred', () => {
    const limits = (n: number) => Math.floor(n / 100);
    const { from, chances } = poisson(100);
    const expected = chances.reduce(
      (sum, here, index) => sum + here * atMost(binomial(from + index, 0.01), limits(from + index)),
      0,
    );
    expect(chance(100 / 60, release(0.01))).toBeCloseTo(expected, 11);
  });

  test('is less often passed by a worse release', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        fc.constantFrom('apart' as const, 'users' as const, 'together' as const),
        (rps, one, other, whose) => {
          const metrics: Metric[] = [
            { ...success, whose },
            { ...p99, whose },
          ];
          const [better, worse] = [Math.min(one, other), Math.max(one, other)];
          const of = (failed: number) => chance(rps, release(failed, 0.001), { metrics, loadTest });
          expect(of(worse)).toBeLessThanOrEqual(of(better) + 1e-10);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a release', () => {
  test('of one weight and threshold 1 is as its one check', () => {
    const model = modelOf(analysis(even(10, 10, 1)), users(2));
    const passes = passChance(model.windows({ requestsPerSecond: 0.2, hasLoad: false }), release(0.05));
    const { promoted, rolledBack } = verdict(model, release(0.05));
    expect(promoted.chance).toBeCloseTo(passes, 14);
    expect(rolledBack.chance).toBeCloseTo(1 - passes, 14);
    // Weight at 1, check at 2, and a tick later the rollback, or two later the end of the promotion.
    expect([...promoted.byTick.keys()]).toEqual([4]);
    expect([...rolledBack.byTick.keys()]).toEqual([3]);
  });

  test('of an A/B test is promoted when as many checks pass before as many fail: a negative binomial', () => {
    const machine: MachineSpec = { progress: { kind: 'abTest', iterations: 4 }, threshold: 3 };
    const model = modelOf(analysis(machine), users(2));
    const p = passChance(model.windows({ requestsPerSecond: 0.2, hasLoad: false }), release(0.05));
    const choose = [1, 4, 10];
    const expected = choose.reduce((sum, ways, failed) => sum + ways * p ** 4 * (1 - p) ** failed, 0);
    const { promoted, rolledBack } = verdict(model, release(0.05));
    expect(promoted.chance).toBeCloseTo(expected, 13);
    expect(promoted.chance + rolledBack.chance).toBeCloseTo(1, 13);
    expect(promoted.byTick.get(4 + 3 + 2)).toBeCloseTo(10 * p ** 4 * (1 - p) ** 2, 13);
  });

  test('that never passes is rolled back, and one that always does is promoted', () => {
    const model = modelOf(analysis(even(20, 60, 3)), users(100));
    expect(verdict(model, release(1)).rolledBack.chance).toBe(1);
    expect(verdict(model, release(0)).promoted.chance).toBeCloseTo(1, 12);
  });

  test('without any check is promoted', () => {
    const model = modelOf(analysis({ ...even(20, 60, 3), skipAnalysis: true }), users(100));
    const { promoted } = verdict(model, release(1));
    expect([...promoted.byTick]).toEqual([[1, 1]]);
  });

  test('that hangs is refused', () => {
    const machine: MachineSpec = { progress: { kind: 'listedWeights', weights: [10, 10] }, threshold: 3 };
    expect(() => modelOf(analysis(machine), users(1))).toThrow(new RangeError('it never moves on'));
  });
});

describe('time', () => {
  test('begins with the change, which is seen within an interval', () => {
    const { promoted } = verdict(modelOf(analysis(even(20, 60, 1)), users(1000)), release(0));
    // Three weights: promoted at tick 4, back at 5, ended at 6.
    expect([360, 390, 420].map((seconds) => endedBy(promoted, 60, seconds))).toEqual([0, 0.5, 1]);
  });

  test('has its median and its 95 % in the plan', () => {
    const { plan } = planCanary(analysis(even(20, 60, 1)), users(1000), {
      ...assumptions,
      healthy: { failed: 0, slow: 0 },
    });
    expect(plan.healthy.promotion?.median).toBeCloseTo(390, 1);
    expect(plan.healthy.promotion?.p95).toBeCloseTo(417, 1);
    // All checks fail: rolled back at tick 3.
    expect(plan.broken.rollback?.median).toBeCloseTo(210, 1);
  });
});

describe('failed requests of users', () => {
  const distributionOf = (rps: number, failed: number, machine: MachineSpec, more: Partial<Analysis> = {}) =>
    harm(modelOf(analysis(machine, more), users(rps)), release(failed, 0.001));

  test('of a release that fails at once are those of two intervals: one that is judged, one until the rollback', () => {
    const { failed, served, distribution, group } = distributionOf(10, 1, even(10, 50, 1));
    expect(served).toBeCloseTo(120, 12);
    expect(failed).toBeCloseTo(120, 12);
    expect(group).toBe(1);
    const expected = poisson(120);
    for (const number of [90, 120, 150]) {
      expect(distribution.chances[number - distribution.from]).toBeCloseTo(
        expected.chances[number - expected.from] as number,
        12,
      );
    }
  });

  test('and the rollback go together: where none failed and some came, nothing was rolled back', () => {
    // No check is without a request, so that only a failed one can fail it.
    const machine = even(50, 50, 1);
    const { distribution } = distributionOf(10, 0.002, machine);
    const model = modelOf(analysis(machine), users(10));
    // Promoted: 300 requests as a mean, of which 2 to 4 may fail.
    const none = distribution.from === 0 ? (distribution.chances[0] as number) : 0;
    expect(none).toBeCloseTo(Math.exp(-0.6), 12);
    expect(verdict(model, release(0.002)).promoted.chance).toBeGreaterThan(none);
  });

  const cases: [string, number, number, Partial<Analysis>][] = [
    ['few', 0.5, 0.05, {}],
    ['some', 10, 0.02, {}],
    ['many', 300, 0.011, {}],
    ['of a shorter window', 2, 0.03, { metrics: [{ ...success, windowSeconds: 30 }] }],
    ['with slow ones', 5, 0.02, { metrics: [success, p99] }],
    ['of two windows', 5, 0.02, { metrics: [success, { ...p99, windowSeconds: 30 }] }],
    [
      'with a load tester',
      2,
      0.02,
      {
        metrics: [{ ...success, whose: 'together' }],
        loadTest: { requestsPerSecond: 1, seconds: 55, fromStart: false },
      },
    ],
  ];

  test.each(cases)(
    '%s: the distribution is whole, and has the mean that they are counted by',
    (_, rps, share, more) => {
      const { failed, distribution, group } = distributionOf(rps, share, even(10, 50, 3), more);
      let [sum, mean] = [0, 0];
      for (const [index, chance] of distribution.chances.entries()) {
        sum += chance;
        mean += chance * (distribution.from + index) * group;
      }
      expect(sum).toBeCloseTo(1, 10);
      expect(mean / failed).toBeCloseTo(1, 9);
    },
  );

  test('in groups are as many as one by one, but for a group', () => {
    const few = distributionOf(300, 0.0105, even(50, 50, 2));
    expect(few.group).toBe(1);
    const many = distributionOf(3000, 0.0105, even(50, 50, 2));
    expect(many.group).toBe(2);
    expect(failedAtMost(many, 0.95) / many.failed).toBeGreaterThan(1);
    expect(failedAtMost(many, 0.95) / many.failed).toBeLessThan(failedAtMost(few, 0.95) / few.failed);
  });
});
