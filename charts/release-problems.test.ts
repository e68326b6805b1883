import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { releaseProblems } from './release-problems.ts';
import { type CanaryRelease, type ReleaseStrategy, weightSequence } from './release-strategy.ts';

const canary = (settings: Omit<CanaryRelease, 'strategy'>): ReleaseStrategy => ({
  strategy: 'canary',
  ...settings,
});

const said = (release: ReleaseStrategy) =>
  releaseProblems(release).map(({ path, says }) => `${path}: ${says}`);

describe('a release is refused', () => {
  test.each<[string, ReleaseStrategy, string]>([
    [
      'with weights that stay the same: Flagger would never find the next',
      canary({ weights: [5, 5, 20] }),
      'release.weights[1]: found 5; allowed: more than 5, the weight before it (else the canary hangs for ever)',
    ],
    [
      'with falling weights',
      canary({ weights: [5, 20, 10] }),
      'release.weights[2]: found 10; allowed: more than 20, the weight before it (else the canary hangs for ever)',
    ],
    ['with no weights', canary({ weights: [] }), 'release.weights: found []; allowed: one weight or more'],
    [
      'with a weight over all of the traffic',
      canary({ weights: [50, 120] }),
      'release.weights[1]: found 120; allowed: a whole number from 1 to 100 (percent)',
    ],
    [
      'with steps of nothing',
      canary({ weights: { step: 0, max: 50 } }),
      'release.weights.step: found 0; allowed: a whole number from 1 to 100 (percent; 0 hangs for ever)',
    ],
    [
      'with a maximum that its steps pass by',
      canary({ weights: { step: 20, max: 50 } }),
      'release.weights.max: found 50; allowed: a weight that steps of 20 reach, such as 40 or 60: they end at 60',
    ],
    [
      'with a maximum under its first step',
      canary({ weights: { step: 20, max: 10 } }),
      'release.weights.max: found 10; allowed: a weight that steps of 20 reach, such as 20: they end at 20',
    ],
    [
      'with a threshold that Flagger would take for another',
      canary({ threshold: 0 }),
      'release.threshold: found 0; allowed: a whole number of 1 or more (Flagger takes 0 for 1)',
    ],
    [
      'with an interval too short for two scrapes, which Flagger would even lengthen under 10',
      canary({ intervalSeconds: 5 }),
      'release.intervalSeconds: found 5; allowed: a whole number of 20 or more (seconds; a shorter window holds no two scrapes of the mesh, so every check would fail)',
    ],
    [
      'with a window that reaches back into the step before',
      canary({ intervalSeconds: 60, windowSeconds: 90 }),
      'release.windowSeconds: found 90; allowed: a whole number from 20 to 60 (seconds; a window longer than the interval mixes the weights of two steps)',
    ],
    [
      'with a window that holds no two scrapes',
      canary({ windowSeconds: 10 }),
      'release.windowSeconds: found 10; allowed: a whole number from 20 to 60 (seconds; a window longer than the interval mixes the weights of two steps)',
    ],
    [
      'with a success rate of more than everything',
      canary({ minSuccessPercent: 101 }),
      'release.minSuccessPercent: found 101; allowed: a number over 0 and up to 100',
    ],
    [
      'with no time to answer',
      canary({ maxP99Milliseconds: 0 }),
      'release.maxP99Milliseconds: found 0; allowed: a number over 0',
    ],
    [
      'with no time to start',
      canary({ readySeconds: 0 }),
      'release.readySeconds: found 0; allowed: a whole number of 1 or more (seconds)',
    ],
    [
      'with a promotion that moves nobody',
      canary({ promotionStep: 0 }),
      'release.promotionStep: found 0; allowed: a whole number from 1 to 100 (percent)',
    ],
    [
      'with a load test of nothing',
      canary({ loadTest: { requestsPerSecond: 0 } }),
      'release.loadTest.requestsPerSecond: found 0; allowed: a whole number from 1 to 1000',
    ],
    [
      'with a path that a shell would take for a command',
      canary({ loadTest: { path: "/'; rm -rf /'" } }),
      'release.loadTest.path: found "/\'; rm -rf /\'"; allowed: a path and its query, such as /products?page=1',
    ],
    [
      'with a gate that nobody can be asked at',
      canary({ gates: { promotion: { url: 'approvals.example.com' } } }),
      'release.gates.promotion.url: found "approvals.example.com"; allowed: an http or https address',
    ],
    [
      'with a gate that waits for no time',
      canary({ gates: { rollout: 'manual', waitMinutes: 0 } }),
      'release.gates.waitMinutes: found 0; allowed: a whole number of 1 or more (minutes)',
    ],
    [
      'with no checks before all users move',
      { strategy: 'blueGreen', iterations: 0 },
      'release.iterations: found 0; allowed: a whole number of 1 or more',
    ],
    [
      'with a preview for nobody',
      { strategy: 'blueGreen', preview: { host: 'preview.example.com', allowFrom: [] } },
      'release.preview.allowFrom: found []; allowed: one CIDR or more; leave it out for everywhere',
    ],
  ])('%s', (_, release, message) => {
    expect(said(release)).toEqual([message]);
  });

  test('for all that is wrong with it at once', () => {
    expect(said(canary({ threshold: 0, promotionStep: 101, weights: [0] }))).toHaveLength(3);
  });
});

describe('what cannot be typed', () => {
  test('is more than one of weights, iterations and neither', () => {
    // @ts-expect-error iterations are blue/green's
    const both: ReleaseStrategy = { strategy: 'canary', weights: [1], iterations: 5 };
    // @ts-expect-error weights are a canary's
    const other: ReleaseStrategy = { strategy: 'blueGreen', weights: [1] };
    // @ts-expect-error nobody judges a rolling release
    const judged: ReleaseStrategy = { strategy: 'rolling', threshold: 5 };
    expect([both, other, judged]).toHaveLength(3);
  });

  test('is blue/green without requests to judge by', () => {
    // @ts-expect-error no user reaches the new version
    const blind: ReleaseStrategy = { strategy: 'blueGreen', loadTest: false };
    expect(blind).toBeDefined();
  });

  test('is a preview of a version that users see at once', () => {
    // @ts-expect-error only blue/green keeps it from them
    const late: ReleaseStrategy = { strategy: 'canary', preview: { host: 'preview.example.com' } };
    expect(late).toBeDefined();
  });

  test('is two gates of the load tester, which has one for each canary', () => {
    // @ts-expect-error
    const gates: ReleaseStrategy = { strategy: 'canary', gates: { rollout: 'manual', promotion: 'manual' } };
    expect(gates).toBeDefined();
  });

  test('is a canary with mirrored traffic, which never progresses on the Gateway API', () => {
    // @ts-expect-error
    const mirror: ReleaseStrategy = { strategy: 'canary', mirror: true };
    expect(mirror).toBeDefined();
  });
});

describe('weights that are taken', () => {
  test('rise, whatever steps they are made of, and end at the maximum', () => {
    const weights = fc.record({
      step: fc.integer({ min: 1, max: 100 }),
      max: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(weights, (weights) => {
        const release = canary({ weights });
        if (releaseProblems(release).length > 0) return;
        const sequence = weightSequence(release as CanaryRelease);
        expect(sequence).toEqual([...new Set(sequence)].sort((a, b) => a - b));
        expect(sequence.at(-1)).toBe(weights.max);
      }),
    );
  });

  test('may end at everything with a shorter last step, since Flagger goes no further', () => {
    const release: CanaryRelease = { strategy: 'canary', weights: { step: 30, max: 100 } };
    expect(releaseProblems(release)).toEqual([]);
    expect(weightSequence(release)).toEqual([30, 60, 90, 100]);
  });
});

test('every strategy is fine with its defaults', () => {
  for (const strategy of ['canary', 'blueGreen', 'rolling'] as const) {
    expect(releaseProblems({ strategy })).toEqual([]);
  }
});
