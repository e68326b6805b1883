import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createGracefulServer, type GracefulServer } from '../graceful-server.ts';
import { eventually, QUIET } from '../testing.ts';
import { createPartClient, NoAnswer, type PartClient } from './part-client.ts';

const LIMITS = { connections: 4, connectMilliseconds: 200, idleMilliseconds: 300 };
const GET = { method: 'GET', path: '/', headers: {}, milliseconds: 2_000 };

const open: GracefulServer[] = [];

afterEach(async () => {
  for (const { server } of open.splice(0)) {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
});

/** A part: the server that every target runs, and the connections that it was ever given. */
interface Part {
  readonly server: GracefulServer;
  readonly connections: Socket[];
  readonly port: number;
  readonly ask: PartClient;
}

async function startPart(listener: RequestListener, limits = LIMITS): Promise<Part> {
  const server = createGracefulServer(listener, QUIET);
  const connections: Socket[] = [];
  server.server.on('connection', (socket) => connections.push(socket)).listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  open.push(server);
  const { port } = server.server.address() as AddressInfo;
  return { server, connections, port, ask: createPartClient(`http://127.0.0.1:${port}`, limits) };
}

/** An address that leads new connections to one port or another, as a Service of Kubernetes does. */
async function startService(port: number) {
  let target = port;
  const server = createServer({ noDelay: true }, (client) => {
    const process = connect({ port: target, host: '127.0.0.1', noDelay: true });
    client.on('error', () => process.destroy()).pipe(process);
    process.on('error', () => client.destroy()).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (other: number) => {
      target = other;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function failureOf(answer: Promise<unknown>): Promise<NoAnswer> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NoAnswer)) throw new Error(`no failure: ${error}`);
  return error;
}

const hello: RequestListener = (_request, response) => response.end('hello');

describe('connections', () => {
  test('are kept from one request to the next', async () => {
    const { ask, connections } = await startPart(hello);
    for (let request = 0; request < 5; request += 1)
      expect(await ask(GET)).toMatchObject({ status: 200, text: 'hello' });
    expect(connections).toHaveLength(1);
  });

  test('are as many as allowed at the most; more requests wait for one', async () => {
    const { ask, connections } = await startPart((_request, response) => {
      setTimeout(() => response.end('hello'), 20);
    });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(GET)));
    expect(answers.map(({ text }) => text)).toEqual(Array(20).fill('hello'));
    expect(connections).toHaveLength(LIMITS.connections);
  });

  test('that are all taken by a part which answers nobody are not waited for', async () => {
    const { ask, connections } = await startPart(() => {});
    const first = Array.from({ length: 4 }, () => failureOf(ask({ ...GET, milliseconds: 1_000 })));
    await eventually(
      async () => connections.length,
      (count) => count === 4,
    );
    expect(await failureOf(ask(GET))).toMatchObject({
      message: 'no connection within 200 ms',
      received: false,
    });
    for (const failure of await Promise.all(first))
      expect(failure).toMatchObject({ message: 'no answer within 1000 ms', received: true });
    await eventually(
      async () => connections.every(({ destroyed }) => destroyed),
      (closed) => closed,
    );
  });

  test('that are not in use are closed before the part would', async () => {
    const { ask, connections } = await startPart(hello);
    const start = performance.now();
    await ask(GET);
    await eventually(
      async () => connections[0]?.destroyed,
      (closed) => closed === true,
    );
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(await ask(GET)).toMatchObject({ text: 'hello' });
  });

  test('are not used again once the part drains', async () => {
    const { ask, connections, server } = await startPart(hello);
    await ask(GET);
    server.drain();
    await ask(GET);
    expect(connections).toHaveLength(1);
    await ask(GET);
    expect(connections).toHaveLength(2);
  });

  test('break under no request when a part drains for longer than they lie idle, and another takes over', async () => {
    const [old, fresh] = [await startPart(hello), await startPart(hello)];
    const service = await startService(old.port);
    const ask = createPartClient(service.url, LIMITS);
    let replaced = false;
    let answers = 0;
    const sender = async (pause: number) => {
      while (!replaced) {
        const { status } = await ask({ ...GET, method: 'POST', body: '{}' });
        if (status === 200) answers += 1;
        await wait(pause);
      }
    };
    // Those who keep a connection busy, and those who come back just before it is closed for lying idle.
    const senders = Promise.all([0, 10, 150, 250, 290, 299].map(sender));
    await wait(500);
    service.leadTo(fresh.port);
    old.server.drain();
    await wait(2 * LIMITS.idleMilliseconds);
    await old.server.close();
    await wait(300);
    replaced = true;
    await senders;
    await service.close();
    expect(answers).toBeGreaterThan(30);
  });
});

describe('a part', () => {
  test('that is not there has received nothing', async () => {
    const { ask, server } = await startPart(hello);
    await server.close();
    expect(await failureOf(ask(GET))).toMatchObject({ message: 'ECONNREFUSED', received: false });
  });

  test('whose machine is gone is given up soon, and has received nothing', async () => {
    // An address that is kept for documentation: nobody answers there, or the network says so.
    const failure = await failureOf(
      createPartClient('http://192.0.2.1', LIMITS)({ ...GET, milliseconds: 5_000 }),
    );
    expect(failure.received).toBe(false);
    expect(failure.message).toMatch(
      /^(no connection within 200 ms|E(NETUNREACH|HOSTUNREACH|CONNREFUSED|ACCES))$/,
    );
  });

  test.each<[string, RequestListener, string | RegExp]>([
    ['cuts the connection', (_request, response) => response.destroy(), 'ECONNRESET'],
    [
      'breaks off in the middle',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '99' }).write('{');
        setTimeout(() => response.destroy(), 20);
      },
      'ECONNRESET',
    ],
    [
      'stops in the middle',
      (_request, response) => response.writeHead(200, { 'content-length': '99' }).write('{'),
      'no answer within 300 ms',
    ],
  ])('that %s may have received the request', async (_what, listener, message) => {
    const { ask } = await startPart(listener);
    expect(await failureOf(ask({ ...GET, milliseconds: 300 }))).toMatchObject({ message, received: true });
  });
});
