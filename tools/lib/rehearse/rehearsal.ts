import { setTimeout as sleep } from 'node:timers/promises';
import { ALL_WELL } from '../canary/machine/observations.ts';
import { hasEnded, initialized, type Phase, type State } from '../canary/machine/state.ts';
import { asksMetrics, step } from '../canary/machine/step.ts';
import type { Analysis } from '../canary/odds/analysis.ts';
import { Observed, type Seen } from './observed.ts';
import { type Load, startLoad, type UsersSaw } from './people.ts';
import { Pod, type PodProps } from './pods.ts';
import { startSplit } from './split.ts';

export interface RehearsalProps {
  analysis: Analysis;
  /** Users' requests a second, in life. */
  requestsPerSecond: number;
  /** How much faster than life it goes: intervals are as much shorter, and requests come as much faster. */
  speed: number;
  /** The version that runs, and the one that is released. */
  stable: PodVersion;
  canary: PodVersion;
  logFile: string;
  /** Seconds in which a version must be ready, in life. */
  readySeconds: number;
  /** Told of each tick. */
  onTick?: (moment: Moment) => void;
  /** Breaks it off. */
  signal: AbortSignal;
}

/** A version, as pods are made of it. */
export type PodVersion = Pick<PodProps, 'bundle' | 'env'>;

/** A tick, as somebody who watches sees it. */
export interface Moment {
  tick: number;
  phase: Phase;
  /** Percent of the users' requests that go to the new version. */
  weight: number;
  failedChecks: number;
  /** What the check saw, at a tick that had one. */
  seen: Seen | undefined;
  /** Users' requests so far, and those of them that failed. */
  requests: number;
  failed: number;
}

/** How a release went. */
export interface Rehearsed {
  decision: 'promoted' | 'rolledBack';
  users: UsersSaw;
  /** Why users' requests failed, and how many: `canary: 500`. */
  failures: Readonly<Record<string, number>>;
  moments: Moment[];
  /** From the change to the decision, in seconds of life. */
  seconds: number;
}

/** The kubelet starts again what has ended after so many seconds. */
const BACK_OFF_SECONDS = 10;

/** Ticks that a release may take beyond all reason: one that waits for ever is broken off. */
const MOST_TICKS = 200;

/**
 * Releases a version on this machine: its processes, users' requests through a split, and Flagger's own decisions about it.
 *
 * @throws the signal's reason when it is broken off
 */
export async function rehearse(props: RehearsalProps): Promise<Rehearsed> {
  const { analysis, speed, signal } = props;
  const pod = (version: PodVersion) =>
    new Pod({
      ...version,
      logFile: props.logFile,
      deadlineSeconds: props.readySeconds / speed,
      backOffSeconds: BACK_OFF_SECONDS / speed,
    });
  const observed = new Observed();
  const split = await startSplit(observed);
  const pods = {
    stable: pod(props.stable),
    canary: undefined as Pod | undefined,
    next: undefined as Pod | undefined,
  };
  const stopping: Promise<void>[] = [];
  let users: Load | undefined;
  let tester: Load | undefined;
  const moments: Moment[] = [];
  try {
    await until(() => pods.stable.isReady(), signal);
    split.stable = pods.stable;
    const asking = startLoad(split.url, props.requestsPerSecond * speed);
    users = asking;
    const began = performance.now();
    let state = initialized('old');
    for (let tick = 0; tick < MOST_TICKS && !(tick > 0 && hasEnded(state)); tick += 1) {
      if (tick > 0) await sleep((analysis.intervalSeconds / speed) * 1000, undefined, { signal });
      takeOver();
      const isChecked = asksMetrics(state, analysis.machine) && pods.canary?.isReady() === true;
      const seen = isChecked ? observed.check(analysis.metrics, performance.now(), speed) : undefined;
      state = await act(state, seen);
      moments.push({
        tick,
        phase: state.phase,
        weight: split.weight,
        failedChecks: state.failed,
        seen,
        requests: asking.requests,
        failed: asking.failed,
      });
      props.onTick?.(moments.at(-1) as Moment);
    }
    const seconds = ((performance.now() - began) / 1000) * speed;
    await tester?.end();
    return {
      decision: state.phase === 'Succeeded' ? 'promoted' : 'rolledBack',
      users: await asking.end(),
      failures: Object.fromEntries(split.failures),
      moments,
      seconds,
    };

    /** One tick: what Flagger finds, decides and does. */
    async function act(before: State, seen: Seen | undefined): Promise<State> {
      const { state: after, effects } = step(before, analysis.machine, {
        ...ALL_WELL,
        revision: 'new',
        primary: pods.next === undefined ? pods.stable.readiness : pods.next.readiness,
        canary: pods.canary?.readiness ?? 'notReady',
        check: seen?.passes ?? false,
      });
      for (const effect of effects) {
        if (effect.kind === 'scaleUp') {
          pods.canary = pod(props.canary);
          split.canary = pods.canary;
        }
        if (effect.kind === 'route') split.weight = effect.weight;
        if (effect.kind === 'promote') pods.next = pod(props.canary);
        if (effect.kind === 'scaleDown' && pods.canary !== undefined) {
          await tester?.end();
          tester = undefined;
          split.canary = undefined;
          stopping.push(pods.canary.stop());
          pods.canary = undefined;
        }
      }
      // A pre-rollout hook starts it, once the new version is ready.
      if (tester === undefined && pods.canary?.isReady() && analysis.loadTest !== undefined) {
        tester = startLoad(split.canaryUrl, analysis.loadTest.requestsPerSecond * speed, ['/']);
      }
      return after;
    }

    /** The primary's new pod takes the place of the old one as soon as it is ready: a rolling update of one pod. */
    function takeOver(): void {
      if (pods.next?.isReady() !== true) return;
      const old = pods.stable;
      pods.stable = pods.next;
      split.stable = pods.stable;
      pods.next = undefined;
      stopping.push(old.stop());
    }
  } finally {
    // Else they would ask on, and keep this process from its end.
    await Promise.all([users?.end(), tester?.end()]);
    for (const one of [pods.stable, pods.canary, pods.next]) if (one !== undefined) stopping.push(one.stop());
    await Promise.all(stopping);
    await split.close();
  }
}

async function until(condition: () => boolean, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the version that runs does not become ready');
    await sleep(20, undefined, { signal });
  }
}
