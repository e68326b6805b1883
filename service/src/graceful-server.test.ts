import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ClientLimits, createGracefulServer, type GracefulServer } from './graceful-server.ts';
import { QUIET } from './testing.ts';

const IMPATIENT: ClientLimits = {
  headersMilliseconds: 300,
  requestMilliseconds: 900,
  idleMilliseconds: 500,
  keepAliveMilliseconds: 2_000,
  checkMilliseconds: 50,
  connections: 400,
  requestsPerConnection: 3,
};

const GET = 'GET / HTTP/1.1\r\nHost: test\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n';
const TIMED_OUT = /^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n\r\n$/;

let graceful: GracefulServer;
const clients: Socket[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await graceful.close();
});

async function serve(listener: RequestListener, limits: ClientLimits = IMPATIENT): Promise<void> {
  graceful = createGracefulServer(listener, QUIET, limits);
  graceful.server.listen(0, '127.0.0.1');
  await once(graceful.server, 'listening');
}

/** A client that speaks raw HTTP. */
function client(): Socket {
  const { port } = graceful.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  // A connection that is closed while the client still sends is what these tests are about.
  socket.on('error', () => {});
  clients.push(socket);
  return socket;
}

/** Sends a piece every now and then, as long as it is taken. */
function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.writable && socket.write(piece), 50);
  socket.once('close', () => clearInterval(timer));
}

/** All that comes until the connection ends, however it does. */
function received(socket: Socket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  socket.once('close', () => resolve(text));
  return promise;
}

/** Reads the body, then answers. */
const patient: RequestListener = (request, response) => {
  buffer(request).then(
    () => response.end('read'),
    () => {},
  );
};

describe('a server that closes', () => {
  test('does not wait for a client that keeps its connection after an answer that had begun before', async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 4 }).write('ab');
      begun.resolve(response);
    });
    const socket = client();
    socket.write(GET);
    const response = await begun.promise;
    const closed = graceful.close();
    response.end('cd');
    const text = await received(socket);
    await closed;
    expect(text).toMatch(/Connection: keep-alive.*\r\n\r\nabcd$/s);
  });

  test('asks clients that have a connection to come by another one, and answers them still', async () => {
    await serve(patient);
    const socket = client();
    socket.write(GET);
    await once(socket, 'data');
    graceful.drain();
    socket.write(GET);
    expect(await received(socket)).toMatch(/^HTTP\/1\.1 200 OK.*Connection: close\r\n.*read$/s);
  });
});

describe('a slow client', () => {
  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['says nothing', () => {}, TIMED_OUT],
    ['never ends its headers', (socket) => drip(socket, 'X-More: and more\r\n'), TIMED_OUT],
    ['never ends its body', (socket) => drip(socket, 'x'), TIMED_OUT],
    ['stops in the middle of its body', () => {}, /^$/],
  ])('that %s is cut off', async (what, act, answer) => {
    await serve(patient);
    const socket = client();
    if (what.includes('headers')) socket.write('GET / HTTP/1.1\r\nHost: test\r\n');
    if (what.includes('body')) socket.write(`${POST}begun`);
    act(socket);
    expect(await received(socket)).toMatch(answer);
  });

  test('that does not read its answer is cut off', async () => {
    await serve((_request, response) => response.end(Buffer.alloc(50_000_000)));
    const socket = client();
    socket.write(GET);
    const [, response] = await once(graceful.server, 'request');
    socket.pause();
    await once(response as ServerResponse, 'close');
    expect((response as ServerResponse).writableFinished).toBe(false);
  });

  test('may keep its connection between two requests for longer than its headers may take', async () => {
    await serve(patient);
    const socket = client();
    socket.write(GET);
    await once(socket, 'data');
    await new Promise((resolve) => setTimeout(resolve, 2 * IMPATIENT.headersMilliseconds));
    socket.write(GET);
    const [second] = await once(socket, 'data');
    expect(String(second)).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  test('does not keep the others waiting, in whatever numbers it comes', async () => {
    await serve(patient);
    const slow = Array.from({ length: 300 }, () => {
      const socket = client();
      socket.write('GET / HTTP/1.1\r\nHost: test\r\n');
      drip(socket, 'X-More: and more\r\n');
      return received(socket);
    });
    const { port } = graceful.server.address() as AddressInfo;
    for (let time = 0; time < 20; time += 1) {
      const start = performance.now();
      const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
      expect([response.status, await response.text()]).toEqual([200, 'read']);
      expect(performance.now() - start).toBeLessThan(1_000);
    }
    // One that was still sending may be cut off before it has read why.
    for (const answer of await Promise.all(slow)) if (answer !== '') expect(answer).toMatch(TIMED_OUT);
  });
});

describe('a client that asks for too much', () => {
  test.each([
    ['large', `Cookie: ${'x'.repeat(16 * 1_024)}\r\n`],
    ['many', 'X-More: and more\r\n'.repeat(101)],
  ])('is told when its headers are too %s', async (_what, headers) => {
    await serve(patient);
    const socket = client();
    socket.write(`GET / HTTP/1.1\r\nHost: test\r\n${headers}\r\n`);
    expect(await received(socket)).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
  });

  test('is refused more connections than there may be, and keeps those it has', async () => {
    await serve(patient, { ...IMPATIENT, connections: 2 });
    const kept = [client(), client()];
    for (const socket of kept) {
      socket.write(GET);
      expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 200 OK/);
    }
    expect(await received(client())).toBe('');
    kept[0]?.write(GET);
    expect(String(await once(kept[0] as Socket, 'data'))).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  test('is asked to come by a new connection after so many requests', async () => {
    await serve(patient);
    const socket = client();
    for (let request = 1; request < IMPATIENT.requestsPerConnection; request += 1) {
      socket.write(GET);
      expect(String(await once(socket, 'data'))).toContain('Connection: keep-alive');
    }
    socket.write(GET);
    expect(String(await once(socket, 'data'))).toMatch(/Connection: close\r\n.*read$/s);
  });
});
