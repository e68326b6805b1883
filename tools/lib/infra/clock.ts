import { setTimeout as delay } from 'node:timers/promises';

/** What tells the time and waits: hours, when AWS is at work. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** The machine's own. */
export const CLOCK: Clock = {
  now: () => performance.now(),
  sleep: async (ms) => {
    await delay(ms);
  },
};
