import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Logger } from './log.ts';

/** Longer than the idle time of the proxies in front (60 s), or they would send into a connection we just closed. */
const KEEP_ALIVE_MILLISECONDS = 75_000;

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
export function createGracefulServer(listener: RequestListener, log: Logger): GracefulServer {
  const unanswered = new Set<ServerResponse>();
  let draining = false;
  let closing = false;

  const server = createServer((request, response) => {
    unanswered.add(response);
    response.once('close', () => {
      unanswered.delete(response);
      // Its headers may have gone out before we were told to end; then the connection would stay, idle.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    if (draining) response.setHeader('Connection', 'close');
    listener(request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  server.headersTimeout = KEEP_ALIVE_MILLISECONDS + 5_000;

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
