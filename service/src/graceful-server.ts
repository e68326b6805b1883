import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Logger } from './log.ts';
import { UnderWay } from './under-way.ts';

/** What a client may take its time for, and how much it may send, before its connection is closed. */
export interface ClientLimits {
  /** From the first byte of a request, or from the connection's opening, to the end of the headers. */
  readonly headersMilliseconds: number;
  /** To the end of the body. */
  readonly requestMilliseconds: number;
  /** With nothing sent or received, while a request is under way: for a client that stops sending, or reading. */
  readonly idleMilliseconds: number;
  /** Between two requests. */
  readonly keepAliveMilliseconds: number;
  /** How often the first two are looked at. */
  readonly checkMilliseconds: number;
  /** Open at once; what they cost is memory, about ten kilobytes each. */
  readonly connections: number;
  /** Then the client is asked to come by a new connection, so that processes that were added later get their share. */
  readonly requestsPerConnection: number;
}

const LIMITS: ClientLimits = {
  headersMilliseconds: 10_000,
  requestMilliseconds: 30_000,
  // Longer than the slowest query, whose client waits in silence.
  idleMilliseconds: 20_000,
  // Longer than the idle time of the proxies in front (60 s), or they would send into a connection we just closed.
  keepAliveMilliseconds: 75_000,
  checkMilliseconds: 2_000,
  connections: 4_096,
  requestsPerConnection: 10_000,
};

/** Line and headers together; more is answered with 431. Cookies and tokens of ours are far below. */
const HEADER_BYTES = 16 * 1_024;

/** More headers than these are answered with 431 too; browsers and proxies together send some forty. */
const HEADER_COUNT = 100;

/** How long the last requests may take before they are cut off. */
const LAST_REQUESTS_SECONDS = 20;

/** A server that ends without dropping a request. */
export interface GracefulServer {
  readonly server: Server;
  /** Serves on, but asks every client to come back by another connection, to a process that stays. */
  drain(): void;
  /** Takes no new connections, and is done when the last request is answered. */
  close(): Promise<void>;
}

/** Makes a server; it listens nowhere yet. */
export function createGracefulServer(
  listener: RequestListener,
  log: Logger,
  limits: ClientLimits = LIMITS,
): GracefulServer {
  const unanswered = new UnderWay<ServerResponse>();
  let draining = false;
  let closing = false;

  const options = {
    headersTimeout: limits.headersMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    keepAliveTimeout: limits.keepAliveMilliseconds,
    connectionsCheckingInterval: limits.checkMilliseconds,
    maxHeaderSize: HEADER_BYTES,
  };
  const server = createServer(options, (request, response) => {
    const entry = unanswered.add(response);
    response.once('close', () => {
      unanswered.remove(entry);
      // Its headers may have gone out before we were told to end; then the connection would stay, idle.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    if (draining) response.setHeader('Connection', 'close');
    listener(request, response);
  });
  server.timeout = limits.idleMilliseconds;
  server.maxConnections = limits.connections;
  server.maxHeadersCount = HEADER_COUNT;
  server.maxRequestsPerSocket = limits.requestsPerConnection;

  function drain(): void {
    draining = true;
    for (const response of unanswered) if (!response.headersSent) response.setHeader('Connection', 'close');
  }

  return {
    server,
    drain,
    async close() {
      drain();
      closing = true;
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeIdleConnections();
      const timer = setTimeout(() => {
        log.warn(
          { requests: unanswered.size, seconds: LAST_REQUESTS_SECONDS },
          'requests are cut off: they take too long',
        );
        server.closeAllConnections();
      }, LAST_REQUESTS_SECONDS * 1_000);
      await promise;
      clearTimeout(timer);
    },
  };
}
