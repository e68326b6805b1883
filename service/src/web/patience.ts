/** A page waits only so long for what it can do without. */
import { asRequestError } from '../errors.ts';
import type { Logger } from '../log.ts';

/**
 * What an optional part of a page is made of, or nothing: when it can't be had, or not in time.
 *
 * @param milliseconds how long the page waits
 * @param log is told what was left out because it failed or took too long
 * @param message what the log is told: `a page is shown without …`
 */
export async function orNothing<Value>(
  work: Promise<Value>,
  { milliseconds, log, message }: { milliseconds: number; log: Logger; message: string },
): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    // A refusal is no fault, and of a part that is away others speak already.
    if (asRequestError(error) === undefined) log.warn({ error }, message);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
