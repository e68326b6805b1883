import { describe, expect, test } from '@jest/globals';
import type { Analysis } from './analysis.ts';
import { BROKEN, HEALTHY } from './assumptions.ts';
import { planCanary } from './plan.ts';
import { suggest } from './suggest.ts';

const metric = { tolerated: 0.01, windowSeconds: 60, whose: 'apart' as const };
const analysis: Analysis = {
  machine: { progress: { kind: 'evenWeights', step: 10, max: 50 }, threshold: 5, promotionStep: 25 },
  intervalSeconds: 60,
  metrics: [
    { ...metric, counts: 'failed' },
    { ...metric, counts: 'slow' },
  ],
  loadTest: { requestsPerSecond: 10, seconds: 55, fromStart: true },
};
const assumptions = { healthy: HEALTHY, broken: BROKEN, loadSees: 0 };
const wanted = { healthyRolledBack: 0.05, brokenPromoted: 0.05 };
const at = (requestsPerSecond: number) => ({ requestsPerSecond, matched: 0.1 });

describe('suggested settings', () => {
  test.each([0.5, 2, 10, 100])('at %d requests/s keep what they promise when they are planned', (rate) => {
    const { fastest, gentlest, sameLimit } = suggest(analysis, at(rate), assumptions, wanted);
    expect(fastest).toBeDefined();
    for (const suggestion of [fastest, gentlest, sameLimit]) {
      if (suggestion === undefined) continue;
      const { plan } = planCanary(suggestion.analysis, at(rate), assumptions);
      expect(plan.healthy.rolledBack).toBeCloseTo(suggestion.healthyRolledBack, 10);
      expect(plan.broken.promoted).toBeCloseTo(suggestion.brokenPromoted, 10);
      expect(plan.healthy.rolledBack).toBeLessThanOrEqual(wanted.healthyRolledBack);
      expect(plan.broken.promoted).toBeLessThanOrEqual(wanted.brokenPromoted);
      expect(plan.broken.failed.p95).toBe(suggestion.failed.p95);
      expect(suggestion.seconds).toBeGreaterThanOrEqual(fastest?.seconds ?? 0);
      // A window is never longer than the interval, and the load test never longer than both.
      for (const { windowSeconds } of suggestion.analysis.metrics) {
        expect(windowSeconds).toBe(suggestion.analysis.intervalSeconds);
      }
      expect(suggestion.analysis.loadTest?.seconds).toBe(suggestion.analysis.intervalSeconds - 5);
    }
  });

  test('take less time where there are more requests', () => {
    const seconds = [0.5, 2, 10].map(
      (rate) => suggest(analysis, at(rate), assumptions, wanted).fastest?.seconds ?? Number.NaN,
    );
    expect(seconds).toEqual([...seconds].sort((a, b) => b - a));
    expect(seconds[0]).toBeGreaterThan(seconds[2] ?? 0);
  });

  test('take longer where more is wanted', () => {
    const strict = suggest(analysis, at(2), assumptions, { healthyRolledBack: 0.001, brokenPromoted: 0.001 });
    const loose = suggest(analysis, at(2), assumptions, wanted);
    expect(strict.fastest?.seconds).toBeGreaterThan(loose.fastest?.seconds ?? Number.NaN);
  });

  test('keep the way in which users come', () => {
    const machine = { ...analysis.machine, progress: { kind: 'blueGreen' as const, iterations: 5 } };
    const { fastest } = suggest({ ...analysis, machine }, at(2), { ...assumptions, loadSees: 1 }, wanted);
    expect(fastest?.analysis.machine.progress.kind).toBe('blueGreen');
  });

  test('are none where nothing can tell good from bad', () => {
    const alike = { ...assumptions, broken: { ...HEALTHY, failed: 0.0011 } };
    expect(suggest(analysis, at(1), alike, wanted)).toEqual({
      fastest: undefined,
      gentlest: undefined,
      sameLimit: undefined,
    });
  });
});
