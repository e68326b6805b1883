/** HTTP to one part, over connections that are kept: how many there may be, and how long anything may take. */
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** What a part is asked. */
export interface PartRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. @default no body */
  readonly body?: string | undefined;
  /** From now to the end of the answer. */
  readonly milliseconds: number;
}

/** What a part answers. */
export interface PartAnswer {
  readonly status: number;
  readonly text: string;
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined;
}

/** Asks one part. @throws {@link NoAnswer} */
export type PartClient = (request: PartRequest) => Promise<PartAnswer>;

/** A part was asked and no whole answer came; the message says why, as `ECONNREFUSED`. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** Whether the part may have received the request. */
  readonly received: boolean;

  constructor(message: string, { received, cause }: { received: boolean; cause: unknown }) {
    super(message, { cause });
    this.received = received;
  }
}

/** How a part is reached. */
export interface PartLimits {
  /** Connections at the most; who finds them all in use waits for one. */
  readonly connections: number;
  /** Until a request has got a connection: a free one, or a new one to a process that is there. */
  readonly connectMilliseconds: number;
  /** How long a connection is kept that is not in use. */
  readonly idleMilliseconds: number;
}

const LIMITS: PartLimits = {
  // A process takes a hundred requests at once, and several of ours may send to the same one.
  connections: 64,
  connectMilliseconds: 1_000,
  // Less than DRAIN_SECONDS: whatever connection is left when a part has drained was used meanwhile, and then told to
  // close. So no part closes one just as a request that can't be repeated goes into it.
  idleMilliseconds: 3_000,
};

/**
 * Makes what asks a part. By `node:http` and not by `fetch`, which has no bound for connections, keeps them for as long as
 * the part does, and is not seen by the instrumentation that hands the trace on.
 *
 * @param url where it answers: `http://conduit-auth`
 */
export function createPartClient(url: string, limits: PartLimits = LIMITS): PartClient {
  const protocol = url.startsWith('https:') ? https : http;
  const agent = new protocol.Agent({
    keepAlive: true,
    maxSockets: limits.connections,
    timeout: limits.idleMilliseconds,
  });

  return async ({ method, path, headers, body, milliseconds }) => {
    const signal = AbortSignal.timeout(milliseconds);
    const request = protocol.request(url + path, { agent, method, headers, signal });
    // What happens once the answer has begun is told by the answer.
    request.on('error', () => {});
    let received = false;
    const stranded = setTimeout(() => {
      request.destroy(new Error(`no connection within ${limits.connectMilliseconds} ms`));
    }, limits.connectMilliseconds);
    const connected = () => {
      received = true;
      clearTimeout(stranded);
    };
    request.once('socket', (socket: Socket) => {
      if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    request.end(body);
    try {
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      const text = Buffer.concat(await response.toArray()).toString();
      return { status: response.statusCode as number, text, retryAfter: response.headers['retry-after'] };
    } catch (cause) {
      const message = signal.aborted ? `no answer within ${milliseconds} ms` : reasonOf(cause);
      throw new NoAnswer(message, { received, cause });
    } finally {
      clearTimeout(stranded);
    }
  };
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code ?? message;
}
