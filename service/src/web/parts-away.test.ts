/** The pages while a part of the API is away, or slow: what stands on another part goes on. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { migrate } from '../database/migrate.ts';
import { seed } from '../seed/seed.ts';
import { type Service, startService } from '../server.ts';
import { createTestDatabase, QUIET, type TestDatabase, testConfig, Visitor } from '../testing.ts';

const ARTICLE = '/article/leave-the-leaves';

let database: TestDatabase;
let auth: Service;
let content: Service;
/** Stands where recommendations should be and does what a test says. */
let recommendations: Server;
let web: Service;
let site: { url: string };
let visitor: Visitor;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
  await seed(database.pool);
});

afterAll(() => database.drop());

beforeEach(async () => {
  const config = testConfig(database.url);
  recommendations = createServer((_request, response) => response.writeHead(500).end());
  recommendations.listen(0, '127.0.0.1');
  await once(recommendations, 'listening');
  [auth, content] = await Promise.all([
    startService({ ...config, target: 'auth' }, QUIET),
    startService({ ...config, target: 'content' }, QUIET),
  ]);
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const partUrls = {
    auth: at(auth.port),
    content: at(content.port),
    recommendations: at((recommendations.address() as AddressInfo).port),
  };
  web = await startService({ ...config, target: 'web', partUrls }, QUIET);
  site = { url: at(web.port) };
  visitor = new Visitor(site);
  await visitor.submit('/login', { email: 'demo@conduit.example', password: 'conduit-demo' });
});

const stopped = new Set<Service>();

async function stop(service: Service): Promise<void> {
  if (stopped.has(service)) return;
  stopped.add(service);
  await service.stop({ drainSeconds: 0 });
}

afterEach(async () => {
  recommendations.closeAllConnections();
  recommendations.close();
  await Promise.all([web, auth, content].map(stop));
});

async function page(
  path: string,
  who = visitor,
): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await who.get(path);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('while accounts are away', () => {
  beforeEach(() => stop(auth));

  test('somebody who is signed in still reads, and is told', async () => {
    for (const path of ['/', ARTICLE, '/tag/gardening', '/?feed=following']) {
      const { status, text } = await page(path);
      expect([path, status]).toEqual([path, 200]);
      expect(text).toContain('Your account can’t be reached at the moment.');
      expect(text).not.toContain('href="/login"');
      expect(text).toContain('href="/editor"');
    }
  });

  test('they still favourite, comment and publish', async () => {
    expect((await visitor.submit('/article/ship-on-a-tuesday-morning/unfavorite', {})).status).toBe(303);
    expect((await visitor.submit(`${ARTICLE}/comments`, { body: 'Still here' })).status).toBe(303);
    expect((await page(ARTICLE)).text).toContain('<p class="card-text">Still here</p>');
    const draft = { title: 'Still here too', description: 'd', body: 'b' };
    expect((await visitor.submit('/editor', draft)).headers.get('location')).toBe('/article/still-here-too');
  });

  test('what is of accounts alone is said to be away, in the frame of all pages', async () => {
    for (const path of ['/settings', '/profile/Edith%20Brandt']) {
      const { status, text, headers } = await page(path);
      expect([path, status]).toEqual([path, 503]);
      expect(text).toContain('<h1 class="heading">One moment, please</h1>');
      expect(text).toContain(`<a class="btn btn-primary" href="${path}">Try again</a>`);
      expect(text).toContain('<a class="navbar-brand" href="/">');
      expect([headers.get('retry-after'), headers.get('cache-control')]).toEqual(['1', 'no-store']);
    }
  });

  test('signing in keeps the address that was typed, and says that it is not the visitor’s fault', async () => {
    const form = { email: 'demo@conduit.example', password: 'conduit-demo' };
    const response = await new Visitor(site).submit('/login', form);
    const text = await response.text();
    expect(response.status).toBe(503);
    expect(text).toContain('<li>Unable to connect to this part of Conduit.');
    expect(text).toContain('value="demo@conduit.example"');
  });

  test('signing out works', async () => {
    expect((await visitor.submit('/logout', {})).status).toBe(303);
    expect((await page('/')).text).toContain('href="/login"');
  });
});

describe('while articles are away', () => {
  beforeEach(() => stop(content));

  test('the home page says so, in its own frame', async () => {
    const { status, text, headers } = await page('/');
    expect([status, headers.get('retry-after'), headers.get('cache-control')]).toEqual([
      503,
      '1',
      'no-store',
    ]);
    expect(text).toContain('class="feed-toggle"');
    expect(text).toContain('The articles can’t be shown at the moment.');
    expect(text).toContain('<span class="user-name">Demo Reader</span>');
  });

  test('an article says so', async () => {
    const { status, text } = await page(ARTICLE);
    expect(status).toBe(503);
    expect(text).toContain('One moment, please');
  });

  test('a profile is shown without them', async () => {
    const { status, text } = await page('/profile/Edith%20Brandt');
    expect(status).toBe(200);
    expect(text).toContain('Forty years of vegetables');
    expect(text).toContain('The articles can’t be shown at the moment.');
  });

  test('an article that was being written is not lost', async () => {
    const draft = { title: 'Kept', description: 'd', body: 'Every word', tags: 'a' };
    const response = await visitor.submit('/editor', draft);
    const text = await response.text();
    expect(response.status).toBe(503);
    expect(text).toContain('Unable to connect to this part of Conduit.');
    expect(text).toContain('Every word</textarea>');
  });
});

describe('recommendations', () => {
  const RECOMMENDED = {
    slug: 'sow-less-more-often',
    title: 'Sow less, more often',
    description: 'd',
    tagList: [],
    createdAt: '2026-01-02T00:00:00.000Z',
    updatedAt: '2026-01-02T00:00:00.000Z',
    favorited: false,
    favoritesCount: 0,
    author: { username: 'Edith Brandt', bio: null, image: null, following: false },
  };

  function answer(with_: (request: string) => Promise<object>): void {
    recommendations.removeAllListeners('request');
    recommendations.on('request', async (request, response) => {
      const body = JSON.stringify(await with_(request.url ?? ''));
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
  }

  test('are shown, for the article that is read', async () => {
    const asked: string[] = [];
    answer(async (url) => {
      asked.push(url);
      return { articles: [RECOMMENDED] };
    });
    const { text } = await page(ARTICLE);
    expect(asked).toEqual(['/api/recommendations?article=leave-the-leaves&limit=4']);
    expect(text).toContain('<h2 id="also">You may also like</h2>');
    expect(text).toMatch(/href="\/article\/sow-less-more-often"><span[^>]*>Sow less, more often</);
    expect(text).toContain('Edith Brandt, 2 January 2026');
  });

  test.each([
    ['fail', () => {}],
    ['are slow', () => answer(() => new Promise(() => {}))],
    ['are none', () => answer(async () => ({ articles: [] }))],
  ])('that %s are left out, and hold nothing up', async (_what, arrange) => {
    arrange();
    const start = performance.now();
    const { status, text } = await page(ARTICLE);
    expect(status).toBe(200);
    expect(text).toContain('<h1>Leave the leaves</h1>');
    expect(text).not.toContain('You may also like');
    // The page waits 0.3 seconds; each try of a call may take two.
    expect(performance.now() - start).toBeLessThan(1_900);
  });
});
