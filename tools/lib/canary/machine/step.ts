import { advance } from './advance.ts';
import type { Observations } from './observations.ts';
import type { MachineSpec } from './spec.ts';
import { isJudged, type State } from './state.ts';
import { failPromotion, rollBack, stay, type Tick } from './tick.ts';

/**
 * One tick of Flagger 1.44: what it makes of where a release stands and of what it finds.
 *
 * @param state what the tick before has left
 * @param spec the canary's settings
 * @param seen what Flagger finds now
 * @see https://github.com/fluxcd/flagger/blob/main/pkg/controller/scheduler.go
 */
export function step(state: State, spec: MachineSpec, seen: Observations): Tick {
  const hasChanged = seen.revision !== state.revision;
  if (seen.suspended || (isAtRest(state) && !hasChanged)) return stay(state);
  if (!spec.skipAnalysis && seen.primary !== 'ready') return primaryNotReady(state, seen);
  if (!seen.routeAccepted) return stay(state);
  if (isAtRest(state) || state.phase === 'Waiting') return start(state, seen);
  if (isJudged(state) && hasChanged) return startAnew(state, seen);
  if (seen.canary !== 'ready') return seen.canary === 'stuck' ? rollBack(state) : stay(state);
  if (spec.skipAnalysis) return promoteUnseen(state);
  if (state.phase === 'Promoting') return returnTraffic(state, spec);
  if (state.phase === 'Finalising') {
    return { state: { ...state, phase: 'Succeeded' }, effects: [{ kind: 'scaleDown' }] };
  }
  if (seen.rollback || state.failed >= spec.threshold) return rollBack(state);
  const passes = asksPreRollout(state) ? seen.preRollout : seen.check;
  return passes ? advance(state, spec, seen) : stay({ ...state, failed: state.failed + 1 });
}

/**
 * Whether the next tick looks at rollout hooks and metrics, if nothing else keeps it from them: what a metric says before
 * is of no interest.
 */
export function asksMetrics(state: State, { threshold, skipAnalysis }: MachineSpec): boolean {
  return !skipAnalysis && isJudged(state) && state.failed < threshold && !asksPreRollout(state);
}

/** Before any user is on the new version it is asked whether it may have some, and nothing is measured yet. */
function asksPreRollout({ weight, iteration }: State): boolean {
  return weight === 0 && iteration === 0;
}

function isAtRest({ phase }: State): boolean {
  return phase === 'Initialized' || phase === 'Succeeded' || phase === 'Failed';
}

function primaryNotReady(state: State, { primary }: Observations): Tick {
  if (primary !== 'stuck') return stay(state);
  const isPromoted = state.phase === 'Promoting' || state.phase === 'Finalising';
  return isPromoted ? failPromotion(state) : rollBack(state);
}

/** A new version is there. The route is left as it is: after a promotion that failed, all users are on the old canary. */
function start(state: State, { revision, confirmRollout }: Observations): Tick {
  if (!confirmRollout) return stay({ ...state, phase: 'Waiting', revision });
  return {
    state: { ...state, phase: 'Progressing', failed: 0, iteration: 0, revision },
    effects: [{ kind: 'scaleUp' }],
  };
}

function startAnew(state: State, { revision }: Observations): Tick {
  return {
    state: { ...state, phase: 'Progressing', weight: 0, failed: 0, iteration: 0, revision },
    effects: [{ kind: 'route', weight: 0 }],
  };
}

function promoteUnseen(state: State): Tick {
  return {
    state: { ...state, phase: 'Succeeded', weight: 0 },
    effects: [{ kind: 'route', weight: 0 }, { kind: 'promote' }, { kind: 'scaleDown' }],
  };
}

/** The primary has the new version: its users come back to it. */
function returnTraffic(state: State, { promotionStep }: MachineSpec): Tick {
  const weight = promotionStep === undefined ? 0 : Math.max(0, state.weight - promotionStep);
  const phase = weight === 0 ? 'Finalising' : 'Promoting';
  return { state: { ...state, phase, weight }, effects: [{ kind: 'route', weight }] };
}
