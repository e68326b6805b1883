import autocannon from 'autocannon';

/** What a server was asked and how it did. */
export interface Load {
  /** Answers a second. */
  readonly perSecond: number;
  /** The time within which 99 of 100 requests were answered, in milliseconds. */
  readonly p99: number;
  /** The mean time of a request, in milliseconds. */
  readonly mean: number;
}

/** What to ask. */
export interface LoadOptions {
  readonly url: string;
  /** One after the other on each connection, from the first again after the last. */
  readonly paths: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks as fast as the answers come.
 *
 * @throws Error when any answer was not 200: the speed of a failure is of no use
 */
export async function load({ connections, headers = {}, paths, seconds, url }: LoadOptions): Promise<Load> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: paths.map((path) => ({ method: 'GET', path, headers: { ...headers } })),
  });
  const failed = result.errors + result.non2xx;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests to ${paths[0]} failed`);
  return {
    perSecond: result.requests.average,
    p99: result.latency.p99,
    mean: result.latency.mean,
  };
}
