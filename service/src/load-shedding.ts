/** Turns requests away while there are too many, so that those it takes are answered in time. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Pool } from './database/pool.ts';
import type { Logger } from './log.ts';
import { EventLoopDelay, PoolDelay } from './queue-delay.ts';
import { ANY_ORIGIN } from './security-headers.ts';
import { UnderWay } from './under-way.ts';

/** From where on requests are turned away. */
export interface LoadLimits {
  /**
   * How many requests may be at work at once. One thread and ten connections to the database finish about a thousand a
   * second, and with a third of a processor three hundred: 64 of them are a fraction of a second's work, and more would
   * only wait.
   */
  readonly maxInFlight: number;
  /** How long requests may have to wait for the processor, or for a connection to the database. */
  readonly maxQueueMilliseconds: number;
}

/** Why a request was turned away. */
export type ShedReason = 'in-flight' | 'event-loop' | 'database';

export interface LoadSheddingOptions {
  readonly limits: LoadLimits;
  /** The connections that requests wait for. @default the service has no database */
  readonly pool?: Pick<Pool, 'connect' | 'waitingCount'> | undefined;
  /** What stands in every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** HTML for browsers that want a page. @default they are answered as the API is */
  readonly page?: string | undefined;
  /** Told of every request that is turned away. */
  onShed(method: string, reason: ShedReason): void;
  readonly log: Logger;
}

const SAMPLE_MILLISECONDS = 50;

/** A request whose client is longer at sending or reading is the client's work, not ours. */
const CLIENT_MILLISECONDS = 1_000;

/** How often the log tells that requests are turned away; a line for each would make things worse. */
const REPORT_MILLISECONDS = 10_000;

const BODY = JSON.stringify({ errors: { server: ['is busy; please try again in a moment'] } });

/** A request that is at work, and when it came. */
interface InFlight {
  readonly response: ServerResponse;
  readonly since: number;
}

/** Made once: turning away has to be cheap. */
interface Refusal {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | number>>;
}

function refusalOf(type: string, text: string, headers: Readonly<Record<string, string>>): Refusal {
  const body = Buffer.from(text);
  return {
    body,
    headers: {
      ...headers,
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
      'Retry-After': '1',
    },
  };
}

/** What watches over the load. */
export interface LoadShedding {
  /**
   * Stands before all other work on a request, Express included: turning away has to be cheap, or it would be what
   * overloads us.
   */
  guard(listener: RequestListener): RequestListener;
  /** Ends the watch. */
  stop(): void;
}

/** Begins to watch over the load. */
export function shedLoad(options: LoadSheddingOptions): LoadShedding {
  const { limits, pool, onShed, log } = options;
  const json = refusalOf('application/json', BODY, { ...options.headers, ...ANY_ORIGIN });
  const page = options.page === undefined ? json : refusalOf('text/html', options.page, options.headers);
  const loop = new EventLoopDelay(SAMPLE_MILLISECONDS, performance.now());
  const database = pool && new PoolDelay(pool);
  /** The requests that are not done with. */
  const inFlight = new UnderWay<InFlight>();
  let withClients = 0;
  let unreported: Partial<Record<ShedReason, number>> = {};
  let reported = Number.NEGATIVE_INFINITY;

  function report(now: number): void {
    if (Object.keys(unreported).length === 0 || now - reported < REPORT_MILLISECONDS) return;
    log.warn({ requests: unreported, limits }, 'requests are turned away: there are too many');
    unreported = {};
    reported = now;
  }

  const timer = setInterval(() => {
    const now = performance.now();
    loop.sample(now);
    database?.sample(now);
    withClients = countWithClients(inFlight, now);
    report(now);
  }, SAMPLE_MILLISECONDS);

  function reason(): ShedReason | undefined {
    if (inFlight.size - withClients >= limits.maxInFlight) return 'in-flight';
    if (loop.milliseconds > limits.maxQueueMilliseconds) return 'event-loop';
    if (database !== undefined && database.milliseconds > limits.maxQueueMilliseconds) return 'database';
    return undefined;
  }

  return {
    guard: (listener) => (request, response) => {
      const tooMuch = reason();
      if (tooMuch !== undefined) {
        onShed(request.method ?? '', tooMuch);
        unreported[tooMuch] = (unreported[tooMuch] ?? 0) + 1;
        const { body, headers } = wantsPage(request) ? page : json;
        response.writeHead(503, headers).end(body);
        return;
      }
      const entry = inFlight.add({ response, since: performance.now() });
      response.once('close', () => inFlight.remove(entry));
      listener(request, response);
    },
    stop: () => clearInterval(timer),
  };
}

/** Whether a browser is about to show the answer; the API has but one way to say it. */
function wantsPage({ headers: { accept }, url }: IncomingMessage): boolean {
  return accept?.includes('text/html') === true && !url?.startsWith('/api/');
}

/** How many requests wait for their clients: for the rest of a body, or for the answer to be read. */
function countWithClients(inFlight: Iterable<InFlight>, now: number): number {
  let count = 0;
  for (const { response, since } of inFlight) {
    if (now - since < CLIENT_MILLISECONDS) break;
    if (response.writableEnded || !response.req.complete) count += 1;
  }
  return count;
}
