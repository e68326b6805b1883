/**
 * A reverse proxy as platforms have them: it asks every process whether it is ready, sends requests only where the answer
 * was yes, keeps connections to the processes, and repeats nothing that can't be repeated safely.
 */
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A process that answers requests. */
export interface Upstream {
  readonly url: string;
  readonly managementUrl: string;
}

/** What stands before the processes. */
export interface Front {
  readonly url: string;
  /** Begins to ask an upstream; resolves when it is ready. */
  add(upstream: Upstream): Promise<void>;
  /** Forgets an upstream. */
  remove(upstream: Upstream): void;
  /** How many requests were repeated at another upstream. */
  repeated(): number;
  close(): Promise<void>;
}

/** How often each upstream is asked. */
const POLL_MILLISECONDS = 100;

/** Shorter than the upstreams' own (75 s), so that they never close what we are about to use. */
const IDLE_MILLISECONDS = 30_000;

/** How long clients may keep a connection that they don't use. */
const KEEP_ALIVE_MILLISECONDS = 75_000;

/** Headers that speak of one connection, and not of the request. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

/** Methods that may be repeated when their connection broke before anything was answered (RFC 9110, 9.2.2). */
const SAFE = new Set(['GET', 'HEAD']);

interface Backend {
  readonly upstream: Upstream;
  readonly agent: Agent;
  ready: boolean;
}

/** Starts a proxy without upstreams. */
export async function startProxy(): Promise<Front> {
  const backends = new Map<Upstream, Backend>();
  let turn = 0;
  let repeated = 0;

  /** The next that is ready, in turn. */
  function pick(except?: Backend): Backend | undefined {
    const ready = [...backends.values()].filter((backend) => backend.ready && backend !== except);
    turn += 1;
    return ready[turn % ready.length];
  }

  async function poll(backend: Backend): Promise<void> {
    while (backends.get(backend.upstream) === backend) {
      const ready = await isReady(backend.upstream);
      // What lies idle would be closed by a process that is about to end, maybe just when we use it.
      if (backend.ready && !ready) closeIdle(backend.agent);
      backend.ready = ready;
      await wait(POLL_MILLISECONDS);
    }
  }

  function forward(incoming: IncomingMessage, outgoing: ServerResponse, failedAt?: Backend): void {
    const backend = pick(failedAt);
    if (backend === undefined) {
      outgoing.writeHead(503).end('no upstream is ready');
      return;
    }
    const { hostname, port } = new URL(backend.upstream.url);
    const { method = 'GET', url: path } = incoming;
    const headers = { ...endToEnd(incoming.headers), 'x-forwarded-for': incoming.socket.remoteAddress };
    const sent = request({ agent: backend.agent, hostname, port, method, path, headers });
    sent.once('response', (answer) => {
      outgoing.writeHead(answer.statusCode as number, endToEnd(answer.headers));
      answer.pipe(outgoing);
      answer.once('error', () => outgoing.destroy());
    });
    sent.once('error', (error: NodeJS.ErrnoException) => {
      if (outgoing.headersSent || outgoing.destroyed) {
        outgoing.destroy();
      } else if (failedAt === undefined && SAFE.has(method)) {
        repeated += 1;
        forward(incoming, outgoing, backend);
      } else {
        outgoing.writeHead(502).end(error.code ?? error.message);
      }
    });
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) sent.destroy();
    });
    if (SAFE.has(method)) sent.end();
    else incoming.pipe(sent);
  }

  const server = createServer((incoming, outgoing) => forward(incoming, outgoing));
  // Longer than any client of ours is silent: Node's own five seconds would close what one is about to use.
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async add(upstream) {
      const agent = new Agent({ keepAlive: true, timeout: IDLE_MILLISECONDS });
      const backend = { upstream, agent, ready: false };
      backends.set(upstream, backend);
      void poll(backend);
      while (!backend.ready && backends.has(upstream)) await wait(POLL_MILLISECONDS / 4);
    },
    remove(upstream) {
      backends.get(upstream)?.agent.destroy();
      backends.delete(upstream);
    },
    repeated: () => repeated,
    async close() {
      for (const { agent } of backends.values()) agent.destroy();
      backends.clear();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Whether an upstream wants requests. */
export async function isReady({ managementUrl }: Upstream): Promise<boolean> {
  try {
    const response = await fetch(`${managementUrl}/readyz`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function closeIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}

function endToEnd(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}
