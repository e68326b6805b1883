import { expect, test } from '@jest/globals';
import { canaryLength, ticksToSuccess } from '../../../../charts/canary-length.ts';
import {
  iterationsOf,
  type JudgedRelease,
  judgement,
  weightSequence,
} from '../../../../charts/release-strategy.ts';
import type { Progress } from '../machine/spec.ts';
import { chainOf } from './chain.ts';

// How long Flux waits for a release is computed by formulas: they must say what the state machine does.
test.each<[string, JudgedRelease]>([
  ['the default canary', { strategy: 'canary' }],
  ['steps that pass their maximum', { strategy: 'canary', weights: { step: 30, max: 50 }, threshold: 3 }],
  [
    'named weights that return slowly',
    { strategy: 'canary', weights: [1, 5, 90], promotionStep: 7, threshold: 2 },
  ],
  ['the default blue/green release', { strategy: 'blueGreen' }],
  ['a short one', { strategy: 'blueGreen', iterations: 1, promotionStep: 100, threshold: 1 }],
])('%s ends when the formulas say', (_, release) => {
  const { threshold, promotionStep, intervalSeconds } = judgement(release);
  const progress: Progress =
    release.strategy === 'blueGreen'
      ? { kind: 'blueGreen', iterations: iterationsOf(release) }
      : { kind: 'listedWeights', weights: weightSequence(release) };
  const ends = chainOf({ progress, threshold, promotionStep }).filter(
    ({ state }) => state.phase === 'Succeeded',
  );
  const ticks = ends.map(({ tick }) => tick);
  expect(Math.min(...ticks)).toBe(ticksToSuccess(release));
  expect(Math.max(...ticks)).toBe(ticksToSuccess(release, { failed: threshold - 1 }));
  expect(canaryLength(release)).toBeGreaterThanOrEqual(intervalSeconds * (1 + Math.max(...ticks)));
});
