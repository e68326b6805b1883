import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 20;

/**
 * Asks again and again until the answer is neither `undefined` nor `false`.
 *
 * @param ask the question; what it throws ends the wait
 * @param timeoutMs how long to go on asking
 * @returns the answer, or `undefined` when the time was over
 */
export async function until<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs: number,
): Promise<T | undefined> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() >= end) return undefined;
    await delay(EVERY_MS);
  }
}
