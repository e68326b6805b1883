import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../src/testing.ts';
import { type Front, startProxy, type Upstream } from './proxy.ts';
import { startTcpBalancer } from './tcp-balancer.ts';

let front: Front;
const servers: Server[] = [];

afterEach(async () => {
  await front.close();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A process with a name that it answers, and a switch for its readiness. */
async function upstream(
  name: string,
  listener: RequestListener = (_request, response) => response.end(name),
): Promise<Upstream & { ready: boolean; connections: () => Promise<number> }> {
  const listen = async (handle: RequestListener) => {
    const server = createServer(handle).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };
  const application = await listen(listener);
  const management = await listen((_request, response) => {
    response.writeHead(state.ready ? 200 : 503).end();
  });
  const state = {
    ready: true,
    url: application.url,
    managementUrl: management.url,
    connections: () =>
      new Promise<number>((resolve) => application.server.getConnections((_error, count) => resolve(count))),
  };
  return state;
}

const ask = async (options: RequestInit = {}) => {
  const response = await fetch(front.url, options);
  return { status: response.status, text: await response.text() };
};

/** Who answers, over some requests that each have a connection of their own. */
async function answering(): Promise<string[]> {
  const names = new Set<string>();
  for (let time = 0; time < 6; time += 1) names.add((await ask({ headers: { connection: 'close' } })).text);
  return [...names].sort();
}

describe.each([
  ['the proxy', startProxy],
  ['the balancer of connections', startTcpBalancer],
])('%s', (_name, start) => {
  beforeEach(async () => {
    front = await start();
  });

  test('shares requests among the processes that are ready', async () => {
    const [a, b] = [await upstream('a'), await upstream('b')];
    await Promise.all([front.add(a), front.add(b)]);
    expect(await answering()).toEqual(['a', 'b']);
    a.ready = false;
    await eventually(answering, (names) => names.join() === 'b');
    a.ready = true;
    await eventually(answering, (names) => names.join() === 'a,b');
    front.remove(b);
    expect(await answering()).toEqual(['a']);
  });

  test('waits for a process to be ready before it is used', async () => {
    const [a, b] = [await upstream('a'), await upstream('b')];
    b.ready = false;
    await front.add(a);
    const added = front.add(b);
    expect(await answering()).toEqual(['a']);
    b.ready = true;
    await added;
    expect(await answering()).toEqual(['a', 'b']);
  });
});

describe('the proxy', () => {
  beforeEach(async () => {
    front = await startProxy();
  });

  const breaks: RequestListener = (request) => request.socket.destroy();

  test('repeats a request that is safe, at another process, once', async () => {
    await Promise.all([front.add(await upstream('a', breaks)), front.add(await upstream('b'))]);
    for (let time = 0; time < 4; time += 1) expect(await ask()).toEqual({ status: 200, text: 'b' });
    expect(front.repeated()).toBeGreaterThan(0);
  });

  test('does not repeat it for ever', async () => {
    await Promise.all([front.add(await upstream('a', breaks)), front.add(await upstream('b', breaks))]);
    expect(await ask()).toEqual({ status: 502, text: 'ECONNRESET' });
  });

  test('does not repeat a request that may have done something', async () => {
    await Promise.all([front.add(await upstream('a', breaks)), front.add(await upstream('b'))]);
    const statuses = [];
    for (let time = 0; time < 4; time += 1)
      statuses.push((await ask({ method: 'POST', body: 'something' })).status);
    expect(statuses.sort()).toEqual([200, 200, 502, 502]);
    expect(front.repeated()).toBe(0);
  });

  test('passes bodies on, both ways, and does not wait for their end', async () => {
    const begun = Promise.withResolvers<void>();
    await front.add(
      await upstream('a', async (request, response) => {
        response.write('begun;');
        await begun.promise;
        response.end((await request.toArray()).join(''));
      }),
    );
    const response = await fetch(front.url, { method: 'POST', body: 'x'.repeat(300_000) });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    expect(Buffer.from(first.value as Uint8Array).toString()).toBe('begun;');
    begun.resolve();
    let length = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) length += part.value.length;
    expect(length).toBe(300_000);
  });

  test('does not pretend that an answer that broke off was whole', async () => {
    await front.add(
      await upstream('a', (request, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('begun');
        setImmediate(() => request.socket.destroy());
      }),
    );
    await expect(ask()).rejects.toThrow('terminated');
  });

  test('keeps connections, and closes them when their process is not ready any more', async () => {
    const a = await upstream('a');
    await front.add(a);
    for (let time = 0; time < 3; time += 1) await ask();
    expect(await a.connections()).toBe(1);
    a.ready = false;
    await eventually(a.connections, (connections) => connections === 0);
    expect(await ask()).toEqual({ status: 503, text: 'no upstream is ready' });
  });
});
