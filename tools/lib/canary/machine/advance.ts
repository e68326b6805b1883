import type { Observations } from './observations.ts';
import type { AbTest, BlueGreen, EvenWeights, ListedWeights, MachineSpec } from './spec.ts';
import type { State } from './state.ts';
import { stay, type Tick } from './tick.ts';

/** Moves a release on whose checks have passed at this tick. */
export function advance(state: State, { progress }: MachineSpec, seen: Observations): Tick {
  switch (progress.kind) {
    case 'evenWeights':
    case 'listedWeights':
      return advanceWeights(state, progress, seen);
    case 'abTest':
      return advanceAbTest(state, progress, seen);
    case 'blueGreen':
      return advanceBlueGreen(state, progress, seen);
  }
}

function advanceWeights(state: State, progress: EvenWeights | ListedWeights, seen: Observations): Tick {
  const step = nextStep(progress, state.weight);
  if (step <= 0) return stay(state);
  if (!seen.confirmTrafficIncrease && state.phase !== 'WaitingPromotion') return stay(state);
  if (state.weight < maxWeight(progress)) return route(state, Math.min(100, state.weight + step));
  return seen.confirmPromotion ? promote(state) : waitForPromotion(state);
}

function advanceAbTest(state: State, { iterations }: AbTest, seen: Observations): Tick {
  if (state.iteration < iterations) return route({ ...state, iteration: state.iteration + 1 }, 100);
  return seen.confirmPromotion ? promote(state) : waitForPromotion(state, iterations);
}

function advanceBlueGreen(state: State, { iterations }: BlueGreen, seen: Observations): Tick {
  if (state.iteration < iterations) return stay({ ...state, iteration: state.iteration + 1 });
  if (!seen.confirmPromotion) return waitForPromotion(state, iterations);
  return state.iteration === iterations
    ? route({ ...state, iteration: iterations + 1 }, 100)
    : promote(state);
}

/** What the next step adds to the weight, in percent: with nothing or less, a release never moves on. */
function nextStep(progress: EvenWeights | ListedWeights, weight: number): number {
  if (progress.kind === 'evenWeights') return progress.step;
  if (weight === 0) return progress.weights[0] ?? 0;
  // Flagger finds out by the weight itself how far it has come; on the last one any step leads to the promotion.
  const index = progress.weights.indexOf(weight);
  const next = index < 0 ? undefined : progress.weights[index + 1];
  return next === undefined ? Math.max(1, 100 - weight) : next - weight;
}

function maxWeight(progress: EvenWeights | ListedWeights): number {
  return progress.kind === 'evenWeights' ? progress.max : Math.min(100, progress.weights.at(-1) ?? 100);
}

function route(state: State, weight: number): Tick {
  return { state: { ...state, weight }, effects: [{ kind: 'route', weight }] };
}

function promote(state: State): Tick {
  return { state: { ...state, phase: 'Promoting' }, effects: [{ kind: 'promote' }] };
}

/**
 * Waits for a yes, while the checks go on.
 *
 * @param iterations of blue/green and A/B: told no once more, Flagger takes the last iteration back, so that it asks at every
 *   other tick only
 * @see https://github.com/fluxcd/flagger/blob/main/pkg/controller/scheduler_hooks.go
 */
function waitForPromotion(state: State, iterations?: number): Tick {
  if (state.phase !== 'WaitingPromotion') return stay({ ...state, phase: 'WaitingPromotion' });
  return stay(iterations === undefined ? state : { ...state, iteration: iterations - 1 });
}
