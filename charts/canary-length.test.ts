import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canaryLength, ticksToSuccess } from './canary-length.ts';
import { iterationsOf, type JudgedRelease, judgement, weightSequence } from './release-strategy.ts';

/** All traffic returns at once: what Flagger does where no step is set. */
const AT_ONCE = { promotionStep: 100 } as const;

describe('a release has succeeded at the tick that Flagger was seen to end it', () => {
  test.each<[string, JudgedRelease, { failed?: number; blocked?: number }, number]>([
    ['steps of 10 to 50', { strategy: 'canary', weights: { step: 10, max: 50 }, ...AT_ONCE }, {}, 8],
    [
      'steps of 20 to 60, one failed check',
      { strategy: 'canary', weights: { step: 20, max: 60 }, threshold: 2, ...AT_ONCE },
      { failed: 1 },
      7,
    ],
    [
      'weights 1, 2, 10, 80, and back in steps of 30',
      { strategy: 'canary', weights: [1, 2, 10, 80], threshold: 3, promotionStep: 30 },
      {},
      9,
    ],
    [
      'two steps; twice no yes to start, once pods that are not ready, once a failed hook',
      { strategy: 'canary', weights: { step: 20, max: 40 }, threshold: 2, ...AT_ONCE },
      { failed: 1, blocked: 3 },
      9,
    ],
    [
      'one step; twice no yes to the promotion, then a failed check',
      { strategy: 'canary', weights: { step: 20, max: 20 }, threshold: 2, ...AT_ONCE },
      { failed: 1, blocked: 2 },
      7,
    ],
    ['steps of 25 to 50', { strategy: 'canary', weights: { step: 25, max: 50 }, ...AT_ONCE }, {}, 5],
    [
      'weights 1, 10, 80, and back in steps of 40',
      { strategy: 'canary', weights: [1, 10, 80], promotionStep: 40 },
      {},
      7,
    ],
    ['blue/green with two iterations', { strategy: 'blueGreen', iterations: 2, ...AT_ONCE }, {}, 6],
  ])('%s', (_, release, delays, tick) => {
    expect(ticksToSuccess(release, delays)).toBe(tick);
  });
});

describe('the longest that a release can take', () => {
  test('is a success with four failed checks, and pods that become ready at the last moment', () => {
    const release: JudgedRelease = { strategy: 'canary', weights: { step: 10, max: 50 }, ...AT_ONCE };
    // 8 ticks, 4 more for the failed checks, 1 before the first; 9 more until each of the two Deployments is ready.
    expect(canaryLength(release)).toBe((8 + 4 + 1 + 2 * 9) * 60);
  });

  test('holds what is asked at each gate', () => {
    const release: JudgedRelease = { strategy: 'canary' };
    const gated = (gates: JudgedRelease['gates']) =>
      canaryLength({ ...release, gates }) - canaryLength(release);
    expect(gated({ promotion: 'manual' })).toBe(60 * 60);
    expect(gated({ rollout: { url: 'https://a.example' }, promotion: 'manual', waitMinutes: 5 })).toBe(
      2 * 5 * 60,
    );
  });

  test('is reached, and never passed, by what Flagger does', () => {
    fc.assert(
      fc.property(
        releases,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (release, chances) => {
          const chance = () => chances.next().value as number;
          const length = canaryLength(release);
          expect(simulate(release, chance)).toBeLessThanOrEqual(length);
          // Where it asks at every other tick only, that may be the last one of the wait, or the one after it.
          const spare =
            release.strategy === 'blueGreen' && release.gates?.promotion ? (release.intervalSeconds ?? 0) : 0;
          const longest = simulate(release, slowest(release));
          expect(longest).toBeLessThanOrEqual(length);
          expect(longest).toBeGreaterThanOrEqual(length - spare);
        },
      ),
      { numRuns: 500 },
    );
  });
});

const releases: fc.Arbitrary<JudgedRelease> = fc
  .record({
    intervalSeconds: fc.integer({ min: 20, max: 300 }),
    threshold: fc.integer({ min: 1, max: 6 }),
    readySeconds: fc.integer({ min: 1, max: 900 }),
    promotionStep: fc.integer({ min: 1, max: 100 }),
    gates: fc.constantFrom<JudgedRelease['gates']>(
      undefined,
      { rollout: 'manual', waitMinutes: 7 },
      { promotion: 'manual' },
      { rollout: 'manual', promotion: { url: 'https://approvals.example.com' }, waitMinutes: 1 },
    ),
  })
  .chain((shared) =>
    fc.oneof(
      fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 }).map(
        (weights): JudgedRelease => ({
          strategy: 'canary',
          weights: weights.sort((a, b) => a - b),
          ...shared,
        }),
      ),
      fc
        .integer({ min: 1, max: 8 })
        .map((iterations): JudgedRelease => ({ strategy: 'blueGreen', iterations, ...shared })),
    ),
  );

/**
 * Flagger's scheduler with a clock: seconds from the change to the end of a release.
 *
 * @param chance what is left to chance, from 0 to 1, in this order: how soon after a tick the change comes, how soon a yes
 * to its start and the canary's readiness, for each check whether it passes (over a half), how soon a yes to its promotion
 * and the primary's readiness
 */
function simulate(release: JudgedRelease, chance: () => number): number {
  const { intervalSeconds, threshold, readySeconds, promotionStep } = judgement(release);
  let now = chance() * intervalSeconds;
  const tick = () => {
    now += intervalSeconds;
  };
  /** Ticks until one finds that a while has gone by; none where it was none. */
  const waitFor = (seconds: number) => {
    const end = now + seconds;
    while (now < end) tick();
  };
  /** One tick at least, and until the pods are ready. */
  const waitForPods = () => {
    const ready = now + chance() * readySeconds;
    do tick();
    while (now < ready);
  };
  const { rollout, promotion, waitMinutes = 60 } = release.gates ?? {};

  // The new version is seen, and scaled up once it may be; the tick that finds it ready sets the first weight or iteration.
  waitFor(rollout ? chance() * waitMinutes * 60 : 0);
  waitForPods();
  const weights = release.strategy === 'canary' ? weightSequence(release) : [];
  const checks = release.strategy === 'canary' ? weights.length : iterationsOf(release) + 1;
  let failed = 0;
  for (let passed = 0; passed < checks; ) {
    tick();
    if (failed >= threshold) return now;
    if (chance() > 0.5) passed++;
    else failed++;
  }
  // The last check has promoted it, once it may be; the tick that finds the primary ready begins to send traffic back.
  const yes = now + (promotion ? chance() * waitMinutes * 60 : 0);
  for (let asks = true, denied = 0; now < yes || !asks; ) {
    if (asks) denied++;
    tick();
    // From its second no on, Flagger takes a blue/green release back by an iteration, and asks when it has made up for it.
    asks = release.strategy === 'canary' || !asks || denied < 2;
  }
  waitForPods();
  let weight = Math.max(0, (weights.at(-1) ?? 100) - promotionStep);
  while (weight > 0) {
    tick();
    weight = Math.max(0, weight - promotionStep);
  }
  tick();
  return now;
}

/** The chances of the longest way: everything as late as may be, and one failed check less than would end it. */
function slowest(release: JudgedRelease): () => number {
  const late = release.gates?.rollout ? [1, 1, 1] : [1, 1];
  let failures = judgement(release).threshold - 1;
  return () => {
    const chance = late.shift();
    if (chance !== undefined) return chance;
    return failures-- > 0 ? 0 : 1;
  };
}
