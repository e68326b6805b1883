/** Parts that take every request and answer none: what waits for them gives up before whoever asked does. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PartUrls } from './api/over-http.ts';
import { createTokens } from './auth/token.ts';
import type { Config } from './config.ts';
import { type Service, startService } from './server.ts';
import { QUIET, SESSION_KEY, testConfig } from './testing.ts';

/** Less than a connection may be silent (20 s), and a lot less than a proxy waits (60 s). */
const MOST_MILLISECONDS = 12_000;

let hung: Server;
let hungUrl: string;
let web: Service;

beforeAll(async () => {
  hung = createServer(() => {}).listen(0, '127.0.0.1');
  await once(hung, 'listening');
  hungUrl = `http://127.0.0.1:${(hung.address() as AddressInfo).port}`;
  web = await startWeb({ auth: hungUrl, content: hungUrl, recommendations: hungUrl });
});

function startWeb(partUrls: PartUrls, config: Partial<Config> = {}): Promise<Service> {
  const nowhere = 'postgres://nobody@127.0.0.1:1/none';
  return startService(testConfig(nowhere, { target: 'web', partUrls, ...config }), QUIET);
}

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

describe('with one part hung, and more visitors for it than are served at once', () => {
  const MAX_IN_FLIGHT = 16;
  let auth: Server;
  let busy: Service;

  beforeAll(async () => {
    const user = { username: 'Reader', email: 'reader@example.com', bio: null, image: null, token: 't' };
    auth = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ user }));
    }).listen(0, '127.0.0.1');
    await once(auth, 'listening');
    busy = await startWeb(
      {
        auth: `http://127.0.0.1:${(auth.address() as AddressInfo).port}`,
        content: hungUrl,
        recommendations: hungUrl,
      },
      { load: { maxInFlight: MAX_IN_FLIGHT, maxQueueMilliseconds: 10_000 } },
    );
  });

  afterAll(async () => {
    await busy.stop({ drainSeconds: 0 });
    auth.closeAllConnections();
    auth.close();
  });

  async function ask(path: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${busy.port}${path}`, { headers: { cookie } });
    const text = await response.text();
    return `${response.status}${text.includes('navbar-brand') ? ' in the frame' : ''}`;
  }

  test('whoever needs it is told so, and all others are served', async () => {
    let crowded = true;
    let pages = 0;
    const told = new Set<string>();
    // Each asks for another page every time, so that none share a call; and they come one after the other, as people do.
    const crowd = Array.from({ length: 2 * MAX_IN_FLIGHT }, async (_, person) => {
      await wait(20 * person);
      while (crowded) {
        pages += 1;
        told.add(await ask(pages % 2 === 0 ? `/tag/${pages}` : `/article/${pages}`));
        await wait(200);
      }
    });
    const others = new Set<string>();
    for (let round = 0; round < 30; round += 1) {
      for (const path of ['/editor', '/settings', '/assets/conduit.svg'])
        others.add(`${path} ${await ask(path)}`);
      await wait(100);
    }
    crowded = false;
    await Promise.all(crowd);
    expect([...others]).toEqual([
      '/editor 200 in the frame',
      '/settings 200 in the frame',
      '/assets/conduit.svg 200',
    ]);
    expect([...told]).toEqual(['503 in the frame']);
    // Those who could not wait any more did not have to.
    expect(pages).toBeGreaterThan(10 * MAX_IN_FLIGHT);
  }, 30_000);
});
