import { setTimeout as delay } from 'node:timers/promises';
import type { Kubectl } from '../kubectl.ts';
import { carryOut } from './carry-out.ts';
import { type Action, nextAction } from './next-action.ts';
import { readState } from './read-state.ts';

export interface RotateOptions {
  kubectl: Kubectl;
  /** Begin though none is due. */
  force: boolean;
  /** Only say what would be done next. */
  dryRun: boolean;
  /** How long to wait for one thing, in milliseconds. */
  patienceMs: number;
  /** How often to look, in milliseconds. */
  everyMs: number;
  /** Is told of each step as it is begun, and of what is waited for once. */
  tell(says: string): void;
  /** @default the clock */
  now?(): Date;
}

/** How a run ended. */
export type Ending =
  | { is: 'done' }
  /** There is more to do, and not before then. */
  | { is: 'later'; at: Date }
  /** What was waited for did not come. */
  | { is: 'stuck'; on: string };

/** Does the steps of a rotation until there is none, or one that must not be done yet. */
export async function rotate(options: RotateOptions): Promise<Ending> {
  const { kubectl, force, dryRun, patienceMs, everyMs, tell, now = () => new Date() } = options;
  let waited: { says: string; since: number } | undefined;
  // A run that has done anything ends a rotation, and begins no other.
  let hasActed = false;
  for (;;) {
    const action: Action = nextAction(await readState(kubectl, now()), force && !hasActed);
    const isFinished = action.do === 'done' && hasActed;
    if (action.says !== waited?.says) tell(isFinished ? 'the anchor is exchanged' : action.says);
    if (action.do === 'done') return { is: 'done' };
    if (action.do === 'later') return { is: 'later', at: action.at };
    if (dryRun) return { is: 'stuck', on: action.says };
    if (action.do === 'wait') {
      if (action.says !== waited?.says) waited = { says: action.says, since: performance.now() };
      if (performance.now() - waited.since > patienceMs) return { is: 'stuck', on: action.says };
      await delay(everyMs);
      continue;
    }
    waited = undefined;
    hasActed = true;
    await carryOut(kubectl, action, now());
  }
}
