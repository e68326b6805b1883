/** Clients: many at once over connections of their own, each request judged, every failure counted by its kind. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { type Outcome, rawConnections } from './raw-connections.ts';

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
  /**
   * So many requests a second, however long the answers take, as long as one of so many connections has none under way.
   */
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
export async function runLoad({ url, pace, visits, keepAlive, goesOn }: LoadOptions): Promise<LoadReport> {
  const tally = new Tally();
  const start = performance.now();
  if ('clients' in pace) {
    const agent = new Agent({ keepAlive: keepAlive ?? true });
    const { hostname, port } = new URL(url);
    const client = async () => {
      while (goesOn(tally.requests)) {
        const visit = visits();
        await tally.count(visit, send(visit, { hostname, port, agent }));
        if (pace.pauseMilliseconds !== undefined) await wait(pace.pauseMilliseconds);
      }
    };
    await Promise.all(Array.from({ length: pace.clients }, client));
    agent.destroy();
  } else {
    const connections = rawConnections(new URL(url), pace.connections);
    const underWay = new Set<Promise<void>>();
    let due = 0;
    for (let last = start; goesOn(tally.requests); await wait(1)) {
      const now = performance.now();
      due += ((now - last) / 1_000) * pace.perSecond;
      last = now;
      for (; due >= 1; due -= 1) {
        const visit = visits();
        const sent = connections.send(visit);
        // All connections are busy: what was due is not made up for later.
        if (sent === undefined) continue;
        const one = tally.count(visit, sent).finally(() => underWay.delete(one));
        underWay.add(one);
      }
    }
    await Promise.all(underWay);
    connections.close();
  }
  return tally.report((performance.now() - start) / 1_000);
}

/** Counts what came of requests. */
class Tally {
  requests = 0;
  readonly #latency = createHistogram();
  readonly #failures: Record<string, number> = {};
  readonly #versions: Record<string, number> = {};

  async count({ method }: Visit, sent: Promise<Outcome>): Promise<void> {
    this.requests += 1;
    const start = performance.now();
    const { version, failure } = await sent;
    if (version !== undefined) this.#versions[version] = (this.#versions[version] ?? 0) + 1;
    if (failure === undefined) record(this.#latency, performance.now() - start);
    else this.#failures[`${method} ${failure}`] = (this.#failures[`${method} ${failure}`] ?? 0) + 1;
  }

  report(seconds: number): LoadReport {
    const [failures, versions] = [this.#failures, this.#versions];
    return { requests: this.requests, seconds, latency: summary(this.#latency), failures, versions };
  }
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
