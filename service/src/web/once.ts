/** A form that is sent twice, by a double click or by impatience, is done once. */
import { randomUUID } from 'node:crypto';

/** For how long the second sending of a form is known to be one. */
const REMEMBERED_MILLISECONDS = 60_000;

/** How many forms are remembered; the oldest goes first. */
const MOST = 1_000;

/**
 * Does a form's work once.
 *
 * @param key tells one showing of a form to one visitor from every other
 * @param work is done, unless it is being done or was done lately: then what came of it is given again
 */
export type Once = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/** A name for one showing of a form; it is sent along with it. */
export function formName(): string {
  return randomUUID();
}

/** Makes one; every process remembers for itself, which is where both clicks usually arrive. */
export function createOnce(now: () => number = Date.now): Once {
  const done = new Map<string, { result: Promise<unknown>; until: number }>();

  return async <Result>(key: string, work: () => Promise<Result>): Promise<Result> => {
    const before = done.get(key);
    if (before !== undefined && before.until > now()) return before.result as Promise<Result>;
    const result = work();
    done.delete(key);
    done.set(key, { result, until: now() + REMEMBERED_MILLISECONDS });
    if (done.size > MOST) done.delete(done.keys().next().value as string);
    // What failed may be tried again.
    result.catch(() => done.get(key)?.result === result && done.delete(key));
    return result;
  };
}
