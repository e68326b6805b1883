/** Keeps a part that does not answer from holding all the requests that this process may be at work on. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';

const current = new AsyncLocalStorage<ServerResponse>();

/** Lets bulkheads know which request their work is done for. */
export const knownToBulkheads: RequestHandler = (_request, response, next) => current.run(response, next);

/** Too many requests wait for the same already: the work is not begun. */
export class Full extends Error {
  override readonly name = 'Full';
}

/**
 * Does work that only so many requests may wait for at once; several works for the same request count once.
 *
 * @throws {@link Full}
 */
export type Bulkhead = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Makes a bulkhead.
 *
 * @param most requests that may wait; work that is done for none, as in a test, counts as one
 * @param patienceMilliseconds how long one more may wait for a place: many that come at once are done soon. There is no
 *   waiting where somebody has not been answered for so long already.
 */
export function createBulkhead(most: number, patienceMilliseconds: number): Bulkhead {
  /** Who has a place: since when, and for how many works. The first has had it longest. */
  const places = new Map<object, { readonly since: number; works: number }>();
  /** Who waits for one, the first first. */
  const line = new Map<object, { readonly taken: Promise<void>; take(): void }>();

  function take(request: object): void {
    places.set(request, { since: performance.now(), works: 0 });
  }

  function giveBack(request: object): void {
    if (!places.delete(request)) return;
    const [next] = line.values();
    next?.take();
  }

  /** @throws {@link Full} */
  async function wait(request: object): Promise<void> {
    const [longest] = places.values();
    const left = patienceMilliseconds - (performance.now() - (longest?.since ?? 0));
    if (left <= 0) throw new Full();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      line.delete(request);
      reject(new Full());
    }, left);
    line.set(request, {
      taken: promise,
      take() {
        clearTimeout(timer);
        line.delete(request);
        take(request);
        resolve();
      },
    });
    await promise;
  }

  async function enter(request: object): Promise<void> {
    if (places.has(request)) return;
    if (places.size < most) take(request);
    else await (line.get(request)?.taken ?? wait(request));
  }

  return async (work) => {
    const response = current.getStore();
    const request: object = response ?? {};
    await enter(request);
    const place = places.get(request);
    if (place !== undefined) place.works += 1;
    // It may be answered without the rest: then nobody waits any more.
    if (place?.works === 1) response?.once('close', () => giveBack(response));
    try {
      return await work();
    } finally {
      if (place !== undefined) {
        place.works -= 1;
        if (place.works === 0 && places.get(request) === place) giveBack(request);
      }
    }
  };
}
