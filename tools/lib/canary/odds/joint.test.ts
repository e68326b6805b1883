import { describe, expect, test } from '@jest/globals';
import type { Analysis } from './analysis.ts';
import { BROKEN, HEALTHY } from './assumptions.ts';
import { jointOdds } from './joint.ts';
import { planCanary } from './plan.ts';
import { endedBy } from './times.ts';

const analysis: Analysis = {
  machine: { progress: { kind: 'listedWeights', weights: [10, 50] }, threshold: 2 },
  intervalSeconds: 60,
  metrics: [{ counts: 'failed', tolerated: 0.01, windowSeconds: 60, whose: 'users' }],
};
const assumptions = { healthy: HEALTHY, broken: BROKEN, loadSees: 0 };
const of = (requestsPerSecond: number) =>
  planCanary(analysis, { requestsPerSecond, matched: 0.1 }, assumptions);

describe('canaries that are released together', () => {
  const four = [of(2), of(1), of(5), of(0.5)];
  const joint = jointOdds(four);

  test('all promote a healthy release only when each does', () => {
    const all = four.reduce((product, { plan }) => product * (1 - plan.healthy.rolledBack), 1);
    expect(joint.healthy.anyRolledBack).toBeCloseTo(1 - all, 12);
  });

  test('let a broken one through when any does', () => {
    const promoted = four.map(({ plan }) => plan.broken.promoted);
    expect(joint.broken.anyPromoted).toBeCloseTo(1 - promoted.reduce((rest, one) => rest * (1 - one), 1), 12);
    expect(joint.broken.allPromoted).toBeCloseTo(
      promoted.reduce((product, one) => product * one, 1),
      14,
    );
    expect(joint.broken.failed).toBeCloseTo(
      four.reduce((sum, { plan }) => sum + plan.broken.failed.mean, 0),
      12,
    );
  });

  test('end when the last one has', () => {
    const median = joint.healthy.promotion?.median ?? 0;
    const byThen = four.reduce((product, { healthy }) => product * endedBy(healthy.promoted, 60, median), 1);
    expect(byThen).toBeCloseTo(0.5, 3);
    for (const { plan } of four) expect(median).toBeGreaterThanOrEqual(plan.healthy.promotion?.median ?? 0);
  });

  test('are as the one where there is one', () => {
    const [one] = four;
    const alone = jointOdds(four.slice(0, 1));
    expect(alone.healthy.anyRolledBack).toBeCloseTo(one?.plan.healthy.rolledBack ?? 0, 12);
    expect(alone.healthy.promotion).toEqual(one?.plan.healthy.promotion);
  });
});
