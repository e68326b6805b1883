import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { failed, type Pace, runLoad, type Visit } from './load.ts';

let server: Server;
let connections: number;

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  connections = 0;
  server = createServer(listener).on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const GET: Visit = { method: 'GET', path: '/', status: 200 };

/** A load of so many requests in all. */
const requests = (
  url: string,
  count: number,
  more: { pace?: Pace; keepAlive?: boolean; visit?: Visit } = {},
) =>
  runLoad({
    url,
    pace: more.pace ?? { clients: 2 },
    visits: () => more.visit ?? GET,
    ...(more.keepAlive === undefined ? {} : { keepAlive: more.keepAlive }),
    goesOn: (made) => made < count,
  });

describe('clients', () => {
  test('count what was answered well, and by which release', async () => {
    let answered = 0;
    const url = await serve((_request, response) => {
      answered += 1;
      response.setHeader('X-Version', answered % 2 === 0 ? '1.0.0' : '1.0.1').end('hello');
    });
    const report = await requests(url, 10);
    expect(report).toMatchObject({ requests: 10, failures: {}, versions: { '1.0.0': 5, '1.0.1': 5 } });
    expect(answered).toBe(10);
    expect(report.latency.p50).toBeLessThanOrEqual(report.latency.p99);
    expect(report.latency.p99).toBeLessThanOrEqual(report.latency.most);
    expect(connections).toBe(2);
  });

  test('make a connection for each request where they are told to', async () => {
    const url = await serve((_request, response) => response.end());
    await requests(url, 10, { keepAlive: false });
    expect(connections).toBe(10);
  });

  test.each<[string, RequestListener, string]>([
    ['the wrong status', (_request, response) => response.writeHead(503).end(), 'GET 503'],
    ['a connection that breaks before the answer', (request) => request.socket.destroy(), 'GET ECONNRESET'],
    [
      'an answer that breaks off',
      (request, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('begun');
        setImmediate(() => request.socket.destroy());
      },
      'GET ECONNRESET',
    ],
  ])('count %s as a failure', async (_what, listener, kind) => {
    const report = await requests(await serve(listener), 4);
    expect(report.failures).toEqual({ [kind]: 4 });
    expect(failed(report)).toBe(4);
  });

  test('count nobody who listens as a failure', async () => {
    const url = await serve(() => {});
    server.close();
    await once(server, 'close');
    expect((await requests(url, 3)).failures).toEqual({ 'GET ECONNREFUSED': 3 });
  });

  test('send a body, and take the status that is expected for good', async () => {
    const bodies: string[] = [];
    const url = await serve(async (request, response) => {
      bodies.push((await request.toArray()).join(''));
      response.writeHead(201).end();
    });
    const visit: Visit = { method: 'POST', path: '/', body: '{"a":1}', status: 201 };
    expect((await requests(url, 2, { visit })).failures).toEqual({});
    expect(bodies).toEqual(['{"a":1}', '{"a":1}']);
  });

  test('who come at a pace do not wait for slow answers', async () => {
    const url = await serve(async (_request, response) => {
      await wait(200);
      response.end();
    });
    const end = performance.now() + 500;
    const report = await runLoad({
      url,
      pace: { perSecond: 200, connections: 1_000 },
      visits: () => GET,
      goesOn: () => performance.now() < end,
    });
    expect(report.failures).toEqual({});
    // One after the other it would be two.
    expect(report.requests).toBeGreaterThan(50);
    expect(report.requests).toBeLessThanOrEqual(110);
    expect(report.latency.p50).toBeGreaterThanOrEqual(199);
  });
});
