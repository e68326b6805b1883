import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Metric } from '../canary/odds/analysis.ts';
import { bucketQuantile } from './latency-buckets.ts';
import { Observed, type Sample } from './observed.ts';

const FAILED: Metric = { counts: 'failed', tolerated: 0.01, windowSeconds: 60, whose: 'apart' };
const SLOW: Metric = {
  counts: 'slow',
  tolerated: 0.01,
  maxMilliseconds: 500,
  windowSeconds: 60,
  whose: 'apart',
};

function many(number: number, sample: Partial<Sample> = {}): Sample[] {
  return Array.from({ length: number }, () => ({
    at: 1000,
    source: 'users',
    failed: false,
    milliseconds: 20,
    ...sample,
  }));
}

function check(samples: Sample[], metrics: Metric[] = [FAILED, SLOW], now = 1500, speed = 60) {
  const observed = new Observed();
  for (const sample of samples) observed.add(sample);
  return observed.check(metrics, now, speed);
}

describe('a check', () => {
  const bad: Partial<Sample> = { failed: true };
  const late: Partial<Sample> = { milliseconds: 800 };
  const tester: Partial<Sample> = { source: 'loadTester' };

  test.each<[string, Sample[], boolean]>([
    ['without a request fails', [], false],
    ['with one failed of a hundred passes', [...many(99), ...many(1, bad)], true],
    ['with two of a hundred fails', [...many(98), ...many(2, bad)], false],
    ['with one late of a hundred passes', [...many(99), ...many(1, late)], true],
    ['with two late of a hundred fails', [...many(98), ...many(2, late)], false],
    ['by the load tester alone passes', many(50, tester), true],
    [
      "of users is not made good by the load tester's",
      [...many(10), ...many(1, bad), ...many(1000, tester)],
      false,
    ],
    [
      "by the load tester's fails where users' pass",
      [...many(500), ...many(9, tester), ...many(1, { ...tester, ...bad })],
      false,
    ],
    ['does not see what came before its window', [...many(100, { ...bad, at: 499 }), ...many(10)], true],
  ])('%s', (_, samples, passes) => expect(check(samples).passes).toBe(passes));

  test('counts them together where the metric does', () => {
    const together: Metric = { ...FAILED, whose: 'together' };
    const samples = [...many(10), ...many(1, { failed: true }), ...many(100, { source: 'loadTester' })];
    expect(check(samples, [together]).passes).toBe(true);
    expect(check(samples, [FAILED]).passes).toBe(false);
  });

  test('counts users alone where the metric does, and fails without any of them', () => {
    const users: Metric = { ...FAILED, whose: 'users' };
    const failing = many(50, { ...tester, ...bad });
    expect(check([...many(10), ...failing], [users]).passes).toBe(true);
    expect(check([...many(10), ...failing], [FAILED]).passes).toBe(false);
    expect(check(many(50, tester), [users]).passes).toBe(false);
  });

  test('tells of what is in its longest window, however fast time goes', () => {
    const samples = [...many(3, { at: 499 }), ...many(10, { at: 501 })];
    const longer = { ...FAILED, windowSeconds: 120 };
    expect(check(samples, [FAILED]).requests).toBe(10);
    expect(check(samples, [FAILED, longer]).requests).toBe(13);
    expect(check(samples, [FAILED], 1500, 1).requests).toBe(13);
  });

  test('tells what users saw', () => {
    expect(check([...many(9), ...many(1, { failed: true })])).toMatchObject({
      successPercent: 90,
      requests: 10,
    });
  });
});

describe('the time within which a share of the answers came', () => {
  test.each([
    [[], undefined],
    [[7], 9.95],
    [[500], 499],
    [[501], 995],
  ])('of %j, 99 of 100 within %p', (times, within) => {
    const found = bucketQuantile(times, 0.99);
    if (within === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(within, 5);
  });

  test('is over the limit exactly when more than the rest are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 400 }), (quick, late) => {
        const times = [...Array(quick).fill(20), ...Array(late).fill(800)];
        const isOver = (bucketQuantile(times, 0.99) as number) > 500;
        expect(isOver).toBe(late > 0.01 * times.length + 1e-9);
      }),
    );
  });
});
