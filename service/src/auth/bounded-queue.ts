import { RequestError } from '../errors.ts';

/** Work that must not all be done at once. */
export type BoundedQueue = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** The line moves fast: what found it full may come again soon. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Does so much work at a time, lets so much more wait, first come first served, and turns the rest away.
 *
 * @returns a function that gives what the work gives; it throws {@link RequestError} 503 when the line is full
 */
export function boundedQueue(limits: { running: number; waiting: number }): BoundedQueue {
  const line: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running < limits.running) running += 1;
    else if (line.length < limits.waiting) await new Promise<void>((turn) => line.push(turn));
    else {
      const busy = { server: ['is busy; please try again in a moment'] };
      throw new RequestError(503, busy, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    try {
      return await work();
    } finally {
      const next = line.shift();
      // Whoever is next takes this place over, so that nobody who comes now can slip in before them.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
