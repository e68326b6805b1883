import type { State } from './state.ts';

/** What Flagger does at a tick, in this order. */
export type Effect =
  /** The new version's pods are started. */
  | { kind: 'scaleUp' }
  /** So many percent of the users' requests go to the new version from now on, the rest to the primary. */
  | { kind: 'route'; weight: number }
  /** The new version's template is copied to the primary, whose pods are replaced. */
  | { kind: 'promote' }
  /** The pods beside the primary are stopped. */
  | { kind: 'scaleDown' };

/** One run of the canary's job. */
export interface Tick {
  state: State;
  effects: readonly Effect[];
}

/** A tick at which nothing happens. */
export function stay(state: State): Tick {
  return { state, effects: [] };
}

/** Users are back on the primary, and the new version is stopped. */
export function rollBack(state: State): Tick {
  return {
    state: { ...state, phase: 'Failed', weight: 0, failed: 0, iteration: 0 },
    effects: [{ kind: 'route', weight: 0 }, { kind: 'scaleDown' }],
  };
}

/** The primary could not take the new version: all users stay on the pods beside it, which have it and serve. */
export function failPromotion(state: State): Tick {
  return { state: { ...state, phase: 'Failed', weight: 100 }, effects: [{ kind: 'route', weight: 100 }] };
}
