import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Observed, Source } from './observed.ts';

/** A version that can be sent requests. */
export interface Backend {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly isReady: () => boolean;
}

/** Who answers, and how much of the users' requests the new version gets. */
export interface Split {
  /** Where users ask. */
  readonly url: string;
  /** Where the load tester asks: the new version alone. */
  readonly canaryUrl: string;
  stable: Backend | undefined;
  canary: Backend | undefined;
  /** Percent of the users' requests that go to the new version. */
  weight: number;
  /** Why users' requests failed, and how many: `stable: ECONNRESET`, `canary: 500`, `canary: no pod is ready`. */
  readonly failures: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Shorter than the service's own (75 s), so that it never closes a connection that is about to be used. */
const IDLE_MILLISECONDS = 30_000;

/** Longer than any client here is silent. */
const KEEP_ALIVE_MILLISECONDS = 75_000;

/** Headers that speak of one connection, and not of the request. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Stands where the mesh stands: sends each request of users to the one or the other version, by the weight and by chance, and
 * counts what arrives at the new one. Nothing is tried again.
 *
 * @param observed what counts
 * @param random gives a number from 0 up to 1, as Math.random does
 */
export async function startSplit(observed: Observed, random: () => number = Math.random): Promise<Split> {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MILLISECONDS });
  const state: { stable?: Backend; canary?: Backend; weight: number } = { weight: 0 };
  const failures = new Map<string, number>();

  function pick(): Backend | undefined {
    return random() * 100 < state.weight ? state.canary : state.stable;
  }

  function forward(incoming: IncomingMessage, outgoing: ServerResponse, source: Source): void {
    const backend = source === 'users' ? pick() : state.canary;
    const isCanary = backend === state.canary;
    const note = (why: string) => {
      if (source !== 'users') return;
      const line = `${isCanary ? 'canary' : 'stable'}: ${why}`;
      failures.set(line, (failures.get(line) ?? 0) + 1);
    };
    // The mesh answers for a Service without pods.
    if (backend === undefined || !backend.isReady()) {
      note('no pod is ready');
      outgoing.writeHead(503).end();
      return;
    }
    const began = performance.now();
    const count = (failed: boolean) => {
      if (!isCanary) return;
      const at = performance.now();
      observed.add({ at, source, failed, milliseconds: at - began });
    };
    const { hostname, port } = new URL(backend.url);
    const { method = 'GET', url: path } = incoming;
    const sent = request({ agent, hostname, port, method, path, headers: endToEnd(incoming.headers) });
    sent.once('response', (answer) => {
      const status = answer.statusCode as number;
      if (status >= 500) note(String(status));
      outgoing.writeHead(status, endToEnd(answer.headers));
      answer.pipe(outgoing);
      answer.once('end', () => count(status >= 500));
      answer.once('error', (error: NodeJS.ErrnoException) => {
        count(true);
        note(error.code ?? error.message);
        outgoing.destroy();
      });
    });
    sent.once('error', (error: NodeJS.ErrnoException) => {
      if (outgoing.headersSent) return;
      count(true);
      note(error.code ?? error.message);
      outgoing.writeHead(502).end();
    });
    incoming.pipe(sent);
  }

  const servers = await Promise.all(
    (['users', 'loadTester'] as const).map((source) =>
      listening(createServer((incoming, outgoing) => forward(incoming, outgoing, source))),
    ),
  );
  const [url = '', canaryUrl = ''] = servers.map(
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  return Object.assign(state, {
    url,
    canaryUrl,
    failures,
    async close() {
      agent.destroy();
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  }) as Split;
}

async function listening(server: Server): Promise<Server> {
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function endToEnd(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}
