/** Parts that take every request and answer none: what waits for them gives up before whoever asked does. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTokens } from './auth/token.ts';
import { type Service, startService } from './server.ts';
import { QUIET, SESSION_KEY, testConfig } from './testing.ts';

/** Less than a connection may be silent (20 s), and a lot less than a proxy waits (60 s). */
const MOST_MILLISECONDS = 12_000;

let hung: Server;
let web: Service;

beforeAll(async () => {
  hung = createServer(() => {}).listen(0, '127.0.0.1');
  await once(hung, 'listening');
  const url = `http://127.0.0.1:${(hung.address() as AddressInfo).port}`;
  const partUrls = { auth: url, content: url, recommendations: url };
  web = await startService(
    testConfig('postgres://nobody@127.0.0.1:1/none', { target: 'web', partUrls }),
    QUIET,
  );
});

afterAll(async () => {
  await web.stop({ drainSeconds: 0 });
  hung.closeAllConnections();
  hung.close();
});

const cookie = `conduit_session=${createTokens(SESSION_KEY).sign(1, 'pages')}`;

describe('with every part hung', () => {
  test.concurrent.each<[method: string, path: string, status: number, form?: Record<string, string>]>([
    ['GET', '/', 503],
    ['GET', '/tag/a', 503],
    ['GET', '/article/a', 503],
    ['GET', '/profile/a', 503],
    ['GET', '/editor', 200],
    ['GET', '/editor/a', 503],
    ['GET', '/settings', 503],
    ['POST', '/login', 503, { email: 'a@example.com', password: 'password1' }],
    ['POST', '/editor', 503, { title: 'a', description: 'a', body: 'a' }],
    ['POST', '/article/a/favorite', 503, {}],
    // Three in a row: the account, the comment, and the article again with what was typed.
    ['POST', '/article/a/comments', 503, { body: 'a' }],
  ])('%s %s is answered %d in time', async (method, path, status, form) => {
    const start = performance.now();
    const response = await fetch(`http://127.0.0.1:${web.port}${path}`, {
      method,
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
      ...(form && { body: new URLSearchParams(form) }),
    });
    const text = await response.text();
    expect([response.status, text.includes('navbar-brand')]).toEqual([status, true]);
    expect(performance.now() - start).toBeLessThan(MOST_MILLISECONDS);
  });
});
