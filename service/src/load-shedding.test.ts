import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { migrate } from './database/migrate.ts';
import type { LoadLimits } from './load-shedding.ts';
import { type Service, startService } from './server.ts';
import { parsePrometheus, sampleOf } from './testing/prometheus.ts';
import { createTestDatabase, eventually, QUIET, type TestDatabase, testConfig } from './testing.ts';

let database: TestDatabase;
let service: Service | undefined;
let url: string;
let blocker: PoolClient;

beforeEach(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
  blocker = await database.pool.connect();
});

afterEach(async () => {
  await blocker.query('ROLLBACK');
  await service?.stop({ drainSeconds: 0 });
  blocker.release();
  await database.drop();
});

async function start(load: Partial<LoadLimits>): Promise<void> {
  const limits = { maxInFlight: 1_000, maxQueueMilliseconds: 60_000, ...load };
  service = await startService(testConfig(database.url, { load: limits }), QUIET);
  url = `http://127.0.0.1:${service.port}`;
}

/** Requests that wait in the database until it is unlocked. */
const lock = () => blocker.query('BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE');
const unlock = () => blocker.query('ROLLBACK');
let visits = 0;
// Each another: equal ones would share one look into the database.
const visit = () => fetch(`${url}/api/articles?offset=${visits++}`);

async function figure(name: string, labels: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${service?.managementPort}/metrics`);
  return sampleOf(parsePrometheus(await response.text()), name, labels) ?? 0;
}

const shed = (reason: string) => figure('conduit_requests_shed_total', { reason });
const inFlight = () => figure('http_server_active_requests');

describe('too many requests at once', () => {
  test('are turned away politely, while the platform is answered and the others are finished', async () => {
    await start({ maxInFlight: 3 });
    await lock();
    const taken = [visit(), visit(), visit()];
    await eventually(inFlight, (requests) => requests === 3);

    // A browser that shows the API's own answer is told in the API's words.
    const refused = await fetch(`${url}/api/tags`, { headers: { accept: 'text/html' } });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual({
      errors: { server: ['is busy; please try again in a moment'] },
    });
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '1',
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'x-version': '9.8.7-test',
      'x-colour': 'rebeccapurple',
      // Pages of other sites are told too.
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Retry-After, X-Version',
    });
    const page = await fetch(url, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    const text = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'retry-after': '1',
      'cache-control': 'no-store',
      'x-version': '9.8.7-test',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(text).toMatch(/<h1[^>]*>One moment, please<\/h1>.*try again in a few seconds/);
    expect(text).toContain('fill="rebeccapurple"');
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect((await fetch(`http://127.0.0.1:${service?.managementPort}${path}`)).status).toBe(200);
    }

    await unlock();
    for (const response of await Promise.all(taken)) expect(response.status).toBe(200);
    await eventually(inFlight, (requests) => requests === 0);
    expect((await visit()).status).toBe(200);
    expect(await shed('in-flight')).toBe(2);
  });

  test('do not count those whose clients are slow at sending', async () => {
    await start({ maxInFlight: 2 });
    const slow = Array.from({ length: 5 }, () => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
      socket.write(
        'POST /api/users/login HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      );
      return socket;
    });
    // The first two are taken; they are held against the others only for a second.
    await eventually(
      async () => (await fetch(`${url}/api/tags`)).status,
      (status) => status === 200,
    );
    expect(await shed('in-flight')).toBeGreaterThan(0);
    for (const socket of slow) socket.destroy();
    await Promise.all(slow.map((socket) => once(socket, 'close')));
  });
});

describe('a long wait for a connection of the database', () => {
  test('turns requests away until the line is gone', async () => {
    await start({ maxQueueMilliseconds: 200 });
    await lock();
    // More than there are connections.
    const taken = Array.from({ length: 30 }, visit);
    const refused = await eventually(
      () => fetch(`${url}/assets/conduit.svg`),
      ({ status }) => status === 503,
    );
    expect(refused.headers.get('retry-after')).toBe('1');
    await unlock();
    const statuses = (await Promise.all(taken)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(20);
    await eventually(
      async () => (await visit()).status,
      (status) => status === 200,
    );
    expect(await shed('database')).toBeGreaterThan(0);
    expect(await shed('in-flight')).toBe(0);
  });
});

describe('a processor that does not keep up', () => {
  test('turns requests away until it does', async () => {
    await start({ maxQueueMilliseconds: 100 });
    // As a long line of work does: nothing else gets its turn for a while, again and again.
    let busy = true;
    const work = () => {
      const end = performance.now() + 200;
      while (performance.now() < end);
      if (busy) setTimeout(work, 1);
    };
    work();
    await eventually(
      async () => (await fetch(`${url}/assets/conduit.svg`)).status,
      (status) => status === 503,
    );
    busy = false;
    await eventually(
      async () => (await fetch(`${url}/assets/conduit.svg`)).status,
      (status) => status === 200,
    );
    expect(await shed('event-loop')).toBeGreaterThan(0);
  });
});
