import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubectl } from '../kubectl.ts';
import { UserError } from '../user-error.ts';
import { type Expectation, judge } from './judge.ts';
import { readSnapshot, type Snapshot, type Target } from './snapshot.ts';
import { type Seen, Users } from './users.ts';

export interface ShipProps {
  target: Target;
  /** Makes the new image appear in the registry. */
  push: () => Promise<void>;
  expectation: Expectation;
  /** What users ask for meanwhile. @default nobody asks */
  url?: string | undefined;
  /** How long the release may take, in seconds. */
  timeoutSeconds: number;
  /** Between two looks, in seconds. @default 5 */
  intervalSeconds?: number;
  /** Told of each change that is seen. */
  tell: (line: string) => void;
}

/** How a release went. */
export interface Shipped {
  /** Why it is not as it should be. @default it is */
  wrong?: string;
  /** What users saw. @default nobody asked */
  seen?: Seen;
  /** The shares of the users that the new version had, in percent, in their order. */
  weights: number[];
}

/**
 * Ships an image the way it is always shipped, by the registry and Flux's image automation, and watches what becomes of it.
 *
 * @throws UserError when the cluster can't be asked, or a release is under way already
 */
export async function ship(kubectl: Kubectl, props: ShipProps): Promise<Shipped> {
  const { target, push, expectation, url, timeoutSeconds, intervalSeconds = 5, tell } = props;
  const before = await readSnapshot(kubectl, target);
  refuseWhileUnderWay(target, before);
  const users = url === undefined ? undefined : new Users(url);
  const weights: number[] = [];
  try {
    await push();
    const wrong = await watch();
    const seen = await users?.end();
    // Who asked meanwhile must have noticed nothing, whichever way it went: only a bad release may fail some.
    const lost = expectation === 'promoted' && seen !== undefined && seen.failed > 0;
    const why = wrong ?? (lost ? `${seen.failed} of ${seen.requests} requests failed` : undefined);
    return { ...(why !== undefined && { wrong: why }), ...(seen && { seen }), weights };
  } finally {
    await users?.end();
  }

  async function watch(): Promise<string | undefined> {
    const deadline = performance.now() + timeoutSeconds * 1000;
    let told = '';
    for (;;) {
      const now = await readSnapshot(kubectl, target);
      if (now.weight > 0 && now.weight !== weights.at(-1)) weights.push(now.weight);
      const verdict = judge(expectation, { before, now });
      if (verdict.is === 'kept') return undefined;
      if (verdict.is === 'broken') return verdict.why;
      const line = `waits for ${verdict.waitsFor}`;
      if (line !== told) tell(line);
      told = line;
      if (performance.now() > deadline) return `after ${timeoutSeconds} s it still ${line}`;
      await sleep(intervalSeconds * 1000);
    }
  }
}

function refuseWhileUnderWay({ canary }: Target, { phase }: Snapshot): void {
  if (phase === 'Initialized' || phase === 'Succeeded' || phase === 'Failed') return;
  throw new UserError(`${canary} is ${phase ?? 'not initialized'}: wait until no release is under way`);
}
