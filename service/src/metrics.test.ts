import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATIONS } from './contract/operations.ts';
import { migrate } from './database/migrate.ts';
import { type Service, startService } from './server.ts';
import { parsePrometheus, type Sample, sampleOf } from './testing/prometheus.ts';
import { createTestDatabase, eventually, QUIET, type TestDatabase, testConfig } from './testing.ts';

let database: TestDatabase;
let service: Service;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
  service = await startService(testConfig(database.url), QUIET);
  url = `http://127.0.0.1:${service.port}`;
});

afterAll(async () => {
  await service.stop({ drainSeconds: 0 });
  await database.drop();
});

async function samples(): Promise<Sample[]> {
  const response = await fetch(`http://127.0.0.1:${service.managementPort}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parsePrometheus(await response.text());
}

const COUNT = 'http_server_request_duration_seconds_count';

/** A text that no metric may ever hold. */
const MARKER = 'somebody-in-particular';

describe('requests are counted', () => {
  test.each(OPERATIONS.filter(({ part }) => part !== 'recommendations'))(
    'by their route: $method /api$path',
    async ({ method, path }) => {
      const named = path.replaceAll(/:\w+/g, MARKER);
      const { status } = await fetch(`${url}/api${named}?name=${MARKER}`, {
        method: method.toUpperCase(),
        headers: { 'content-type': 'application/json' },
        ...(method === 'get' ? {} : { body: '{}' }),
      });
      const labels = {
        http_request_method: method.toUpperCase(),
        http_route: `/api${path}`,
        http_response_status_code: String(status),
      };
      expect(sampleOf(await samples(), COUNT, labels)).toBe(1);
      expect(JSON.stringify(await samples())).not.toContain(MARKER);
    },
  );

  test.each([
    ['/', '/'],
    [`/article/${MARKER}`, '/article/:slug'],
    [`/profile/${MARKER}?page=2`, '/profile/:username'],
    [`/avatars/${MARKER}/default-avatar.svg`, '/avatars/:username/default-avatar.svg'],
    [`/${MARKER}`, undefined],
    [`/api/${MARKER}`, undefined],
  ])('by their route: the page %s', async (path, route) => {
    const { status } = await fetch(url + path);
    const now = await samples();
    const counted = now.filter(
      ({ name, labels }) =>
        name === COUNT && labels.http_route === route && labels.http_response_status_code === String(status),
    );
    expect(counted).not.toEqual([]);
    expect(JSON.stringify(now)).not.toContain(MARKER);
  });

  test('with their duration, in buckets', async () => {
    await fetch(`${url}/assets/conduit.svg`);
    const bucket = 'http_server_request_duration_seconds_bucket';
    const labels = { http_route: '/assets/conduit.svg' };
    const now = await samples();
    expect(sampleOf(now, bucket, { ...labels, le: '0.5' })).toBe(1);
    expect(sampleOf(now, bucket, { ...labels, le: '+Inf' })).toBe(1);
    expect(sampleOf(now, 'http_server_request_duration_seconds_sum', labels)).toBeLessThan(0.5);
  });

  test('as one of others when nobody knows their method', async () => {
    const purge = request(`${url}/`, { method: 'PURGE' }).end();
    const [answer] = await once(purge, 'response');
    answer.resume();
    expect(sampleOf(await samples(), COUNT, { http_request_method: '_OTHER' })).toBe(1);
    expect(sampleOf(await samples(), COUNT, { http_request_method: 'PURGE' })).toBeUndefined();
  });

  test('while they are under way, and as aborted when the client goes away', async () => {
    const active = 'http_server_active_requests';
    const blocker = await database.pool.connect();
    await blocker.query('BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE');
    const visit = request(`${url}/api/articles`).on('error', () => {});
    visit.end();
    await eventually(
      async () => sampleOf(await samples(), active),
      (value) => value === 1,
    );
    const waiting = await samples();
    expect(sampleOf(waiting, 'db_client_connection_count', { state: 'used' })).toBeGreaterThan(0);
    visit.destroy();
    await eventually(
      async () => sampleOf(await samples(), active),
      (value) => value === 0,
    );
    await blocker.query('ROLLBACK');
    blocker.release();
    expect(sampleOf(await samples(), COUNT, { error_type: 'aborted' })).toBe(1);
  });
});

describe('the state of the process is told', () => {
  test.each([
    ['db_client_connection_count', 0, 10],
    ['db_client_connection_max', 1, 100],
    ['db_client_connection_pending_requests', 0, 0],
    ['nodejs_eventloop_delay_p99_seconds', 0, 5],
    ['nodejs_eventloop_utilization', 0, 1],
    ['process_memory_usage_bytes', 20e6, 4e9],
    ['v8js_memory_heap_used_bytes', 5e6, 4e9],
    ['process_cpu_time_seconds_total', 0.01, 1e5],
    ['conduit_requests_shed_total', 0, 0],
  ])('%s, from %d to %d', async (name, least, most) => {
    const value = sampleOf(await samples(), name);
    expect(value).toBeGreaterThanOrEqual(least);
    expect(value).toBeLessThanOrEqual(most);
  });

  test('with the release', async () => {
    const labels = { service_name: 'conduit', service_version: '9.8.7-test', conduit_target: 'all' };
    expect(sampleOf(await samples(), 'target_info', labels)).toBe(1);
  });

  test('to nobody but the platform', async () => {
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });
});
