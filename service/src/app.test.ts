import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, startTestService, type TestService } from './testing.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

describe('the API', () => {
  test.each([
    ['GET', '/nothing'],
    ['DELETE', '/users'],
    ['POST', ''],
  ])('knows no %s /api%s', async (method, path) => {
    expect(await call(service, method, path)).toEqual({
      status: 404,
      body: { errors: { route: ['not found'] } },
    });
  });

  test.each(['{"user":', 'hello', '"text"', '{"user":{"username":"\\ud800'])(
    'refuses %j, which is no JSON',
    async (body) => {
      expect(await call(service, 'POST', '/users', { body })).toEqual({
        status: 400,
        body: { errors: { body: ['is not valid JSON'] } },
      });
    },
  );

  test('refuses a body of more than 256 kB', async () => {
    const body = { user: { username: 'x'.repeat(256 * 1024) } };
    expect(await call(service, 'POST', '/users', { body })).toEqual({
      status: 413,
      body: { errors: { body: ['is too large (maximum is 256 kB)'] } },
    });
  });

  test('refuses a body that unpacks to more than that', async () => {
    const response = await fetch(`${service.url}/api/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify({ user: { username: 'x'.repeat(20_000_000) } })),
    });
    expect([response.status, await response.json()]).toEqual([
      413,
      { errors: { body: ['is too large (maximum is 256 kB)'] } },
    ]);
  });

  test('refuses headers of more than 16 kB', async () => {
    const { status } = await fetch(`${service.url}/api/tags`, { headers: { 'x-long': 'x'.repeat(17_000) } });
    expect(status).toBe(431);
  });

  test('refuses an encoding that it does not know', async () => {
    const headers = { 'content-encoding': 'snappy' };
    expect(await call(service, 'POST', '/users', { body: {}, headers })).toEqual({
      status: 415,
      body: { errors: { body: ['has an encoding that is not supported'] } },
    });
  });

  test('refuses a path that cannot be decoded', async () => {
    expect(await call(service, 'GET', '/articles/%E0%A4%A')).toEqual({
      status: 400,
      body: { errors: { request: ['is malformed'] } },
    });
  });

  test('tells nothing of what went wrong inside', async () => {
    await service.database.pool.query('ALTER TABLE tags RENAME TO hidden_tags');
    const answer = await call(service, 'GET', '/tags');
    await service.database.pool.query('ALTER TABLE hidden_tags RENAME TO tags');
    expect(answer).toEqual({
      status: 500,
      body: { errors: { server: ['failed; please try again in a moment'] } },
    });
    expect((await call(service, 'GET', '/tags')).status).toBe(200);
  });
});

describe('every answer', () => {
  test.each(['/', '/api/tags', '/api/nothing', '/nothing', '/assets/conduit.css'])(
    'of %s names the release and keeps scripts out',
    async (path) => {
      const { headers } = await fetch(service.url + path);
      expect(headers.get('x-version')).toBe('9.8.7-test');
      expect(headers.get('x-colour')).toBe('rebeccapurple');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self' https:;form-action 'self';base-uri 'none';frame-ancestors 'none'",
      );
    },
  );
});
