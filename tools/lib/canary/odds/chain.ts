import { ALL_WELL } from '../machine/observations.ts';
import type { MachineSpec } from '../machine/spec.ts';
import { hasEnded, initialized, type State } from '../machine/state.ts';
import { asksMetrics, step } from '../machine/step.ts';

/** Where a release can stand after a tick, when pods are ready and gates open. */
export interface Node {
  /** Counted from the one at which Flagger sees the new version. */
  tick: number;
  state: State;
  /** The places in the chain of what can follow; both the same where nothing is measured; none at an end. */
  next?: { passes: number; fails: number };
}

/** All that a release can go through, tick by tick: what can follow stands further on. */
export type Chain = readonly Node[];

/** More than this no release has that ends: 100 weights, each with failures up to a threshold of a hundred. */
const MOST = 100_000;

/**
 * Every way that the state machine can go.
 *
 * @throws RangeError for a release that never ends, or has too many ways
 */
export function chainOf(spec: MachineSpec): Chain {
  const revision = 'new';
  const nodes: Node[] = [];
  const known = new Map<string, number>();
  const place = (state: State, tick: number): number => {
    const key = `${tick} ${state.phase} ${state.weight} ${state.failed} ${state.iteration}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, nodes.length);
    nodes.push({ tick, state });
    return nodes.length - 1;
  };
  place(step(initialized('old'), spec, { ...ALL_WELL, revision }).state, 0);
  // What can follow is put at the end, and its turn comes.
  for (const node of nodes) {
    if (hasEnded(node.state)) continue;
    const follow = (check: boolean) => {
      const { state } = step(node.state, spec, { ...ALL_WELL, revision, check });
      if (check && state === node.state) throw new RangeError('it never moves on');
      return place(state, node.tick + 1);
    };
    const passes = follow(true);
    node.next = { passes, fails: asksMetrics(node.state, spec) ? follow(false) : passes };
    if (nodes.length > MOST) throw new RangeError(`it has more than ${MOST} ways to go`);
  }
  return nodes;
}

/** Whether the tick after a node measures. */
export function isChecked({ next }: Node): boolean {
  return next !== undefined && next.passes !== next.fails;
}
