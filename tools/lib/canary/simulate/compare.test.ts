import { describe, expect, test } from '@jest/globals';
import { compare, outside } from './compare.ts';
import { type Case, grid } from './grid.ts';

/** Releases of each case; `npm run plan -- --verify` takes more. */
const FEW = 2000;
const cases = grid();
/** A change on purpose need not be seen in all of them. */
const some = cases.slice(0, 12);

const holdSome = (altered?: (one: Case) => Case, ticksToRollback?: number) =>
  some.flatMap((one, index) =>
    compare(one, 2 * FEW, 1000 + index, {
      simulated: altered?.(one) ?? one,
      ...(ticksToRollback !== undefined && { rules: { ticksToRollback } }),
    }),
  );

describe('the odds, against releases that are simulated request by request', () => {
  test('are inside the band of chance in all of fifty cases', () => {
    const all = cases.flatMap((one, index) => compare(one, FEW, index));
    expect(all.length).toBeGreaterThan(500);
    expect(outside(all)).toEqual([]);
  });

  test('are inside it where some of them are looked at more closely', () => {
    expect(outside(holdSome())).toEqual([]);
  });

  test('the cases are of all kinds, and chance decides in most of them', () => {
    const chances = cases.map((one, index) => compare(one, 1, index)[0]?.exact ?? 0);
    expect(chances.filter((chance) => chance > 0.01 && chance < 0.99).length).toBeGreaterThan(25);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(50);
  });

  test.each<[string, (one: Case) => Case]>([
    [
      'a window that is a sixth shorter',
      (one) => ({
        ...one,
        analysis: {
          ...one.analysis,
          metrics: one.analysis.metrics.map((metric) => ({
            ...metric,
            windowSeconds: (metric.windowSeconds * 5) / 6,
          })),
        },
      }),
    ],
    [
      'an interval that is a tenth longer',
      (one) => ({
        ...one,
        analysis: { ...one.analysis, intervalSeconds: one.analysis.intervalSeconds * 1.1 },
      }),
    ],
    [
      'a failure more that is borne',
      ({ analysis, ...one }) => ({
        ...one,
        analysis: {
          ...analysis,
          machine: { ...analysis.machine, threshold: analysis.machine.threshold + 1 },
        },
      }),
    ],
    [
      'a tenth fewer users',
      (one) => ({
        ...one,
        traffic: { ...one.traffic, requestsPerSecond: 0.9 * one.traffic.requestsPerSecond },
      }),
    ],
  ])('notice %s', (_, altered) => {
    expect(outside(holdSome(altered)).length).toBeGreaterThan(2);
  });

  test('notice a rollback that comes a tick too early', () => {
    expect(outside(holdSome(undefined, 0)).length).toBeGreaterThan(10);
  });
});
