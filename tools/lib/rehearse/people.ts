import autocannon from 'autocannon';

/** What users saw of a release. Times in milliseconds. */
export interface UsersSaw {
  requests: number;
  /** Of those, that got no answer, or one that says it is the server's fault. */
  failed: number;
  p50: number;
  p99: number;
}

/** Somebody who sends requests at a rate, until told to end. */
export interface Load {
  /** So far. */
  readonly requests: number;
  readonly failed: number;
  /** Asks no more. May be called again. */
  end(): Promise<UsersSaw>;
}

/** What people look at. */
const PATHS = ['/', '/api/articles', '/api/tags', '/login'];

/** A person waits no longer, in seconds. */
const PATIENCE_SECONDS = 10;

/**
 * Sends requests at an even rate, over connections that are kept.
 *
 * @param url where to ask
 * @param perSecond requests in all
 */
export function startLoad(url: string, perSecond: number, paths: readonly string[] = PATHS): Load {
  // Few enough that each has something to do in a second, and enough that a slow answer holds up no other.
  const connections = Math.min(50, Math.max(1, Math.floor(perSecond)));
  const instance = autocannon(
    {
      url,
      connections,
      overallRate: perSecond,
      duration: 24 * 60 * 60,
      timeout: PATIENCE_SECONDS,
      requests: paths.map((path) => ({ method: 'GET', path })),
    },
    () => undefined,
  );
  let failed = 0;
  let requests = 0;
  const times: number[] = [];
  instance.on('response', (_client, status, _bytes, milliseconds) => {
    requests += 1;
    times.push(milliseconds);
    if (status >= 500) failed += 1;
  });
  instance.on('reqError', () => {
    requests += 1;
    failed += 1;
  });
  const done = new Promise<void>((resolve) => instance.once('done', () => resolve()));
  return {
    get requests() {
      return requests;
    },
    get failed() {
      return failed;
    },
    async end() {
      // What is under way when it is broken off is nobody's failure.
      const seen = { requests, failed };
      instance.stop();
      await done;
      times.sort((a, b) => a - b);
      const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
      return { ...seen, p50: at(0.5), p99: at(0.99) };
    },
  };
}
