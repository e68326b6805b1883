/**
 * A balancer of connections, as a Service of Kubernetes is without a mesh: a connection goes to a process that is ready
 * when it is made, and stays there until one side ends it, whatever becomes of the process.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Front, isReady, type Upstream } from './proxy.ts';

const POLL_MILLISECONDS = 100;

/** Starts a balancer without upstreams. */
export async function startTcpBalancer(): Promise<Front> {
  const ready = new Map<Upstream, boolean>();
  const sockets = new Set<Socket>();
  let turn = 0;

  async function poll(upstream: Upstream): Promise<void> {
    while (ready.has(upstream)) {
      const now = await isReady(upstream);
      if (ready.has(upstream)) ready.set(upstream, now);
      await wait(POLL_MILLISECONDS);
    }
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const choices = [...ready].filter(([, isReady]) => isReady);
    turn += 1;
    const [upstream] = choices[turn % choices.length] ?? [];
    if (upstream === undefined) return client.destroy();
    const { hostname, port } = new URL(upstream.url);
    const process = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    for (const [one, other] of [
      [client, process],
      [process, client],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.once('error', () => other.destroy());
      one.once('close', () => sockets.delete(one));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async add(upstream) {
      ready.set(upstream, false);
      void poll(upstream);
      while (ready.get(upstream) === false) await wait(POLL_MILLISECONDS / 4);
    },
    remove: (upstream) => void ready.delete(upstream),
    repeated: () => 0,
    async close() {
      ready.clear();
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
