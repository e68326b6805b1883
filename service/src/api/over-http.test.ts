import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTokens } from '../auth/token.ts';
import { createArticle, getArticle, listArticles, listTags } from '../contract/articles.ts';
import { getCurrentUser, signIn } from '../contract/users.ts';
import { RequestError } from '../errors.ts';
import { QUIET, SESSION_KEY } from '../testing.ts';
import type { Api } from './api.ts';
import { overHttp } from './over-http.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const tokens = createTokens(SESSION_KEY);
let server: Server;
let answer: Answer;
let asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
let api: Api;
let url: string;

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  api = overHttp({ auth: url, content: url, recommendations: url }, tokens, QUIET, 64);
});

afterEach(async () => {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
});

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

/** One answer after the other; the last one stays. */
function inTurn(...answers: Answer[]): Answer {
  let next = 0;
  return (request, response) => {
    const turn = answers[Math.min(next, answers.length - 1)];
    next += 1;
    turn?.(request, response);
  };
}

async function refusal(call: Promise<unknown>): Promise<RequestError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestError)) throw new Error(`no refusal: ${error}`);
  return error;
}

const PAGE = { articles: [], articlesCount: 0 };
const publish = () => api.call(createArticle, { viewer: 7, body: { article: { title: 'A' } } });

describe('what is sent', () => {
  test('path, query and the address of the visitor', async () => {
    answer = json(200, PAGE);
    const query = { tag: 'a&b', author: undefined, limit: '10' };
    expect(await api.call(listArticles, { query, client: '203.0.113.9' })).toEqual(PAGE);
    expect(asked[0]).toMatchObject({
      method: 'GET',
      url: '/api/articles?tag=a%26b&limit=10',
      headers: { 'x-forwarded-for': '203.0.113.9' },
    });
    expect(asked[0]?.headers.authorization).toBeUndefined();
  });

  test.each(['a/b', '...', 'ä ö', '%2F', '?x=1#y'])(
    'a name %j stays one segment of the path',
    async (slug) => {
      answer = json(200, { article: {} });
      await api.call(getArticle, { params: { slug } });
      const path = asked[0]?.url.replace('/api/articles/', '') ?? '';
      expect([path.includes('/'), decodeURIComponent(path)]).toEqual([false, slug]);
    },
  );

  test.each(['', '.', '..'])('nothing for the name %j, which no path can hold', async (slug) => {
    const error = await refusal(api.call(getArticle, { params: { slug } }));
    expect([error.status, error.errors]).toEqual([404, { article: ['not found'] }]);
    expect(asked).toEqual([]);
  });

  test('a token for whoever looks, good for the API', async () => {
    answer = json(200, { user: {} });
    await api.call(getCurrentUser, { viewer: 42 });
    const token = asked[0]?.headers.authorization?.replace('Token ', '') ?? '';
    expect(await tokens.verify(token, 'api')).toBe(42);
  });

  test('the body as JSON', async () => {
    answer = json(201, { article: {} });
    await publish();
    expect(asked[0]).toMatchObject({
      headers: { 'content-type': 'application/json' },
      body: '{"article":{"title":"A"}}',
    });
  });
});

describe('equal reads', () => {
  test('of one reader at once share a call', async () => {
    answer = (_request, response) => setTimeout(() => json(200, PAGE)(_request, response), 50);
    const list = (viewer: number | null) => api.call(listArticles, { viewer });
    const pages = await Promise.all([1, 1, 1, 2, null, null].map(list));
    expect(asked).toHaveLength(3);
    // One object: what is made of it can be shared as well.
    expect(pages[1]).toBe(pages[0]);
    expect(pages[5]).toBe(pages[4]);
    expect(pages[3]).not.toBe(pages[0]);
  });

  test('never show what was true before they were asked', async () => {
    const slow = (tag: string): Answer => {
      return (request, response) => setTimeout(() => json(200, { tags: [tag] })(request, response), 100);
    };
    answer = inTurn(slow('before'), slow('after'));
    const first = api.call(listTags);
    while (asked.length === 0) await new Promise(setImmediate);
    const second = api.call(listTags);
    expect([await first, await second]).toEqual([{ tags: ['before'] }, { tags: ['after'] }]);
  });

  test('are no longer waited for than a call of their own', async () => {
    answer = () => {};
    const first = refusal(api.call(listTags));
    while (asked.length === 0) await new Promise(setImmediate);
    const start = performance.now();
    await refusal(api.call(listTags));
    expect(performance.now() - start).toBeLessThan(4_500);
    await first;
  });
});

test('equal writes are two', async () => {
  answer = json(201, { article: {} });
  await Promise.all([publish(), publish()]);
  expect(asked).toHaveLength(2);
});

describe('a refusal', () => {
  test('comes through as it is', async () => {
    const errors = { credentials: ['have been tried too often'] };
    answer = json(429, { errors }, { 'retry-after': '30' });
    const error = await refusal(api.call(signIn, { body: {} }));
    expect(error).toMatchObject({ status: 429, errors, retryAfterSeconds: 30 });
    expect(asked).toHaveLength(1);
  });
});

describe('a part that is in trouble', () => {
  test.each([500, 502, 503, 504])('a read is tried once more after %d', async (status) => {
    answer = inTurn(json(status, {}), json(200, { tags: ['a'] }));
    expect(await api.call(listTags)).toEqual({ tags: ['a'] });
    expect(asked).toHaveLength(2);
  });

  test('a write is not: it may have been done', async () => {
    answer = json(503, {});
    const error = await refusal(publish());
    expect(error).toMatchObject({
      status: 503,
      errors: { content: ['is not available; please try again in a moment'] },
      retryAfterSeconds: 1,
    });
    expect(asked).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ['cuts the connection', (_request, response) => response.destroy()],
    [
      'answers with half of it',
      (_request, response) => response.writeHead(200, { 'content-length': '99' }).write('{'),
    ],
    ['answers with no JSON', (_request, response) => response.end('<html>')],
    [
      'leads elsewhere',
      (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
  ])('one that %s is tried twice for a read, then reported', async (what, trouble) => {
    answer = (request, response) => {
      trouble(request, response);
      if (what.includes('half')) setTimeout(() => response.destroy(), 20);
    };
    expect(await refusal(api.call(listTags))).toMatchObject({ status: 503 });
    expect(asked).toHaveLength(2);
  });

  test('one that is not there is reported; a write is tried again, since it reached nobody', async () => {
    const warned: string[] = [];
    const log = { ...QUIET, warn: (about: { reason: string }) => warned.push(about.reason) };
    const gone = url;
    server.close();
    const nobody = overHttp({ auth: gone, content: gone, recommendations: gone }, tokens, log as never, 64);
    expect(await refusal(nobody.call(createArticle, { viewer: 1, body: {} }))).toMatchObject({ status: 503 });
    expect(warned).toEqual(['ECONNREFUSED']);
  });

  test('a route that it does not know is its trouble: it may be of an older release', async () => {
    answer = json(404, { errors: { route: ['not found'] } });
    expect(await refusal(api.call(getArticle, { params: { slug: 'a' } }))).toMatchObject({ status: 503 });
  });

  test('one call in ten is repeated, for long', async () => {
    answer = json(503, {});
    for (let call = 0; call < 200; call += 1) await refusal(api.call(listTags));
    expect(asked.length - 200).toBeGreaterThanOrEqual(20);
    expect(asked.length - 200).toBeLessThanOrEqual(30);
  });

  test('what is repeated for one part is not taken from another', async () => {
    answer = json(503, {});
    for (let call = 0; call < 50; call += 1) await refusal(api.call(listTags));
    asked = [];
    await refusal(api.call(getCurrentUser, { viewer: 1 }));
    expect(asked).toHaveLength(2);
  });

  test('the log is told once, not for every call', async () => {
    const warned: object[] = [];
    const log = { ...QUIET, warn: (about: object) => warned.push(about) };
    answer = json(500, {});
    const calls = overHttp({ auth: url, content: url, recommendations: url }, tokens, log as never, 64);
    for (let call = 0; call < 20; call += 1) await refusal(calls.call(listTags));
    expect(warned).toEqual([{ part: 'content', operation: 'GetTags', reason: 'it answers 500', calls: 1 }]);
  });

  test('one that does not answer is given up after four seconds, and a read is tried twice in them', async () => {
    answer = () => {};
    const start = performance.now();
    const given = async (call: Promise<unknown>) => {
      const { status } = await refusal(call);
      return { status, seconds: Math.round((performance.now() - start) / 1_000) };
    };
    const outcomes = await Promise.all([given(publish()), given(api.call(listTags))]);
    expect(outcomes).toEqual([
      { status: 503, seconds: 4 },
      { status: 503, seconds: 4 },
    ]);
    expect(asked.map(({ method }) => method).sort()).toEqual(['GET', 'GET', 'POST']);
  });
});
