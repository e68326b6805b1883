/** Being asked to stop: by Ctrl-C, by `kill`, by the terminal's closing. */
export interface Interrupt {
  /** Aborted by the first request. */
  readonly signal: AbortSignal;
  /** Resolves at the first request. */
  readonly asked: Promise<void>;
  /** Stops listening: from then on a request ends the process as usual. */
  ignore(): void;
}

/** What a step throws that ends because of an {@link Interrupt}. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm passes a Ctrl-C on that the terminal has sent to us as well: within this time the two are one request. */
const ONE_REQUEST_MS = 300;

/**
 * Listens for requests to stop. The first one asks; whoever asks again does not want to wait.
 *
 * @param kill what a second request does, at once
 */
export function listenForInterrupt(kill: () => void): Interrupt {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  let heardAt = 0;
  const hear = () => {
    if (controller.signal.aborted) {
      if (performance.now() - heardAt > ONE_REQUEST_MS) kill();
      return;
    }
    heardAt = performance.now();
    controller.abort(new Interrupted('interrupted'));
    resolve();
  };
  for (const signal of SIGNALS) process.on(signal, hear);
  return {
    signal: controller.signal,
    asked: promise,
    ignore() {
      for (const signal of SIGNALS) process.off(signal, hear);
    },
  };
}

/** Waits for a work that can't be broken off, but no longer than until the interrupt. */
export async function unlessInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
