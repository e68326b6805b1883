import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Observed } from './observed.ts';
import { type Backend, type Split, startSplit } from './split.ts';

const EVERYTHING = [{ counts: 'failed', tolerated: 1, windowSeconds: 60, whose: 'together' }] as const;

let split: Split;
let observed: Observed;
let next = 0;
const servers: Server[] = [];

beforeEach(async () => {
  observed = new Observed();
  split = await startSplit(observed, () => next);
});
afterEach(async () => {
  await split.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function backend(handle: RequestListener, ready = true): Promise<Backend> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, isReady: () => ready };
}

const named = (name: string) => backend((_request, response) => response.end(name));
const ask = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
};

describe('users', () => {
  beforeEach(async () => {
    split.stable = await named('stable');
    split.canary = await named('canary');
  });

  test.each([
    [0, 0, 'stable'],
    [20, 0.19, 'canary'],
    [20, 0.2, 'stable'],
    [100, 0.99, 'canary'],
  ])('with %i %% of them on the new version: at %p comes %s', async (weight, chance, name) => {
    split.weight = weight;
    next = chance;
    expect(await ask(split.url)).toEqual({ status: 200, text: name });
  });

  test('send bodies and get answers whole', async () => {
    split.stable = await backend(async (request, response) =>
      response.end((await request.toArray()).join('')),
    );
    next = 0.5;
    const body = 'x'.repeat(200_000);
    expect((await ask(split.url, { method: 'POST', body })).text).toBe(body);
  });

  test('are failed where no pod is ready, which the new version is not blamed for', async () => {
    split.canary = await backend((_request, response) => response.end(), false);
    split.weight = 100;
    expect((await ask(split.url)).status).toBe(503);
    expect(observed.check(EVERYTHING, performance.now(), 1).requests).toBe(0);
    expect([...split.failures]).toEqual([['canary: no pod is ready', 1]]);
  });
});

test('the load tester asks the new version alone', async () => {
  split.stable = await named('stable');
  split.canary = await named('canary');
  expect((await ask(split.canaryUrl)).text).toBe('canary');
});

test.each<[string, RequestListener, string]>([
  ['answers 500', (_request, response) => response.writeHead(500).end(), 'canary: 500'],
  ['breaks off', (request) => request.socket.destroy(), 'canary: ECONNRESET'],
])('a new version that %s has failed, and is not tried again', async (_, handle, why) => {
  split.canary = await backend(handle);
  split.weight = 100;
  expect((await ask(split.url)).status).toBeGreaterThanOrEqual(500);
  expect([...split.failures]).toEqual([[why, 1]]);
  expect(observed.check(EVERYTHING, performance.now(), 1)).toMatchObject({ successPercent: 0, requests: 1 });
});
