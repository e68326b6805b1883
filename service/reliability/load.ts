/** Clients: many at once over connections of their own, each request judged, every failure counted by its kind. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** One request, and the status that answers it well. */
export interface Visit {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. @default no body */
  readonly body?: string;
  readonly status: number;
}

/** How hard clients push. */
export type Pace =
  /** So many clients, each with its next request as soon as the one before is answered. */
  | { readonly clients: number; readonly pauseMilliseconds?: number }
  /** So many requests a second, however long the answers take; at most so many connections at once. */
  | { readonly perSecond: number; readonly connections: number };

export interface LoadOptions {
  readonly url: string;
  readonly pace: Pace;
  /** Gives the next request, for every client in turn. */
  readonly visits: () => Visit;
  /** Whether a client keeps its connection for its next request. @default true */
  readonly keepAlive?: boolean;
  /** Asked before every request: whether to make it. */
  readonly goesOn: (requests: number) => boolean;
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** What clients saw. */
export interface LoadReport {
  readonly requests: number;
  readonly seconds: number;
  /** Of those answered as they should be. */
  readonly latency: Latency;
  /** By kind, as `GET 503` or `POST ECONNRESET`: how many requests were not answered as they should be. */
  readonly failures: Readonly<Record<string, number>>;
  /** How many answers each release gave, by `X-Version`. */
  readonly versions: Readonly<Record<string, number>>;
}

/** Longer than anybody waits. */
const TIMEOUT_MILLISECONDS = 30_000;

/** Runs clients until it goes on no more, and every request has ended. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { url, pace, visits, keepAlive = true, goesOn } = options;
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive, ...('connections' in pace ? { maxSockets: pace.connections } : {}) });
  const latency = createHistogram();
  const failures: Record<string, number> = {};
  const versions: Record<string, number> = {};
  let requests = 0;

  async function visit(): Promise<void> {
    const next = visits();
    requests += 1;
    const start = performance.now();
    const { version, failure } = await send(next, { hostname, port, agent });
    if (version !== undefined) versions[version] = (versions[version] ?? 0) + 1;
    if (failure === undefined) record(latency, performance.now() - start);
    else failures[`${next.method} ${failure}`] = (failures[`${next.method} ${failure}`] ?? 0) + 1;
  }

  const start = performance.now();
  if ('clients' in pace) {
    const client = async () => {
      while (goesOn(requests)) {
        await visit();
        if (pace.pauseMilliseconds !== undefined) await wait(pace.pauseMilliseconds);
      }
    };
    await Promise.all(Array.from({ length: pace.clients }, client));
  } else {
    const underWay = new Set<Promise<void>>();
    for (let due = 0; goesOn(requests); await wait(1)) {
      due = ((performance.now() - start) / 1_000) * pace.perSecond;
      while (requests < due) {
        const one = visit().finally(() => underWay.delete(one));
        underWay.add(one);
      }
    }
    await Promise.all(underWay);
  }
  const seconds = (performance.now() - start) / 1_000;
  agent.destroy();
  return { requests, seconds, latency: summary(latency), failures, versions };
}

interface Outcome {
  readonly version?: string | undefined;
  /** The wrong status, or the code of the error. */
  readonly failure?: string;
}

function send(
  { method, path, headers, body, status }: Visit,
  to: { hostname: string; port: string; agent: Agent },
): Promise<Outcome> {
  return new Promise((resolve) => {
    const sent = request({
      ...to,
      method,
      path,
      timeout: TIMEOUT_MILLISECONDS,
      headers: {
        ...headers,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
    });
    const failed = (error: NodeJS.ErrnoException) => resolve({ failure: error.code ?? error.message });
    sent.once('timeout', () => sent.destroy(new Error('timeout')));
    sent.once('error', failed);
    sent.once('response', (response: IncomingMessage) => {
      const version = response.headers['x-version']?.toString();
      // An answer that breaks off is an error of the answer.
      response.once('error', failed);
      response.once('end', () =>
        resolve(
          response.statusCode === status ? { version } : { version, failure: String(response.statusCode) },
        ),
      );
      response.resume();
    });
    sent.end(body);
  });
}

/** In microseconds, since a histogram takes whole numbers from one on. */
function record(histogram: RecordableHistogram, milliseconds: number): void {
  histogram.record(Math.max(1, Math.round(milliseconds * 1_000)));
}

function summary(histogram: RecordableHistogram): Latency {
  const milliseconds = (microseconds: number) => Math.round(microseconds / 100) / 10;
  return {
    p50: milliseconds(histogram.percentile(50)),
    p99: milliseconds(histogram.percentile(99)),
    most: milliseconds(histogram.max),
  };
}

/** How many requests failed in all. */
export function failed({ failures }: Pick<LoadReport, 'failures'>): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

/** Kinds of failure with their numbers, as a line; empty when nothing failed. */
export function failuresLine({ failures }: Pick<LoadReport, 'failures'>): string {
  return Object.entries(failures)
    .map(([kind, count]) => `${count} x ${kind}`)
    .join(', ');
}
