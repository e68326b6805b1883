import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATIONS } from './contract/operations.ts';
import { migrate } from './database/migrate.ts';
import { type OtlpReceiver, startOtlpReceiver } from './testing/otlp-receiver.ts';
import {
  createTestDatabase,
  environment,
  type ServiceProcess,
  spawnService,
  type TestDatabase,
  Visitor,
} from './testing.ts';

let database: TestDatabase;
let receiver: OtlpReceiver;
let service: ServiceProcess;

/** Everything that the service says to others than its visitors. */
let said: string;

const PLACES = [
  'path',
  'query-name',
  'query-value',
  'host',
  'user-agent',
  'referer',
  'cookie',
  'authorization',
  'forwarded-for',
  'header-name',
  'tracestate',
  'baggage',
  'username',
  'email',
  'password',
  'bio',
  'image',
  'title',
  'description',
  'body',
  'tag',
  'comment',
  'broken-json',
] as const;
type Place = (typeof PLACES)[number];

/** What somebody puts into one place; short, so that no limit on lengths hides it. */
const secret = (place: Place) => `leak-${place}`;

/** Headers with something in each. */
const headers: Record<string, string> = {
  host: `${secret('host')}.example`,
  'user-agent': secret('user-agent'),
  referer: `http://example.com/${secret('referer')}`,
  cookie: `session=${secret('cookie')}`,
  'x-forwarded-for': secret('forwarded-for'),
  [`x-${secret('header-name')}`]: '1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: `vendor=${secret('tracestate')}`,
  baggage: `key=${secret('baggage')}`,
  'content-type': 'application/json',
};

const user = {
  username: secret('username'),
  email: `${secret('email')}@example.com`,
  password: secret('password'),
  bio: secret('bio'),
  image: `https://example.com/${secret('image')}`,
};
const article = {
  title: secret('title'),
  description: secret('description'),
  body: secret('body'),
  tagList: [secret('tag')],
};
const everything = JSON.stringify({ user, article, comment: { body: secret('comment') } });

/** Sends a request with node:http, since fetch chooses some headers itself. */
async function send(
  method: string,
  path: string,
  body?: string,
  more: Record<string, string> = {},
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(`${service.url}${path}`, { method, headers: { ...headers, ...more } }, (response) => {
    response.resume().once('end', () => resolve(response.statusCode as number));
  });
  sent.once('error', reject).end(body);
  return promise;
}

/** Every operation and page, with something private wherever there is room for it. */
async function visitEverything(token: string): Promise<number[]> {
  const statuses: number[] = [];
  const query = `?${secret('query-name')}=1&tag=${secret('query-value')}&author=${secret('query-value')}`;
  for (const { method, path } of OPERATIONS) {
    const named = `/api${path.replaceAll(/:\w+/g, secret('path'))}${query}`;
    const body = method === 'get' ? undefined : everything;
    for (const authorization of [`Token ${token}`, `Token ${secret('authorization')}`]) {
      statuses.push(await send(method.toUpperCase(), named, body, { authorization }));
    }
  }
  for (const path of [
    '/',
    '/tag/:',
    '/article/:',
    '/profile/:',
    '/editor',
    '/login',
    '/:',
    '/avatars/:/default-avatar.svg',
  ]) {
    statuses.push(await send('GET', path.replace(':', secret('path')) + query));
  }
  statuses.push(await send('POST', '/api/users', `{"user":{"username":"${secret('broken-json')}`));
  statuses.push(await send('GET', `/%E0%A4%A-${secret('path')}`));
  return statuses;
}

beforeAll(async () => {
  [database, receiver] = await Promise.all([createTestDatabase(), startOtlpReceiver()]);
  await migrate(database.pool);
  service = await spawnService(
    environment({
      ...receiver.environment,
      DATABASE_URL: database.url,
      DRAIN_SECONDS: '0',
      LOG_LEVEL: 'trace',
    }),
  );
  const signedUp = await fetch(`${service.url}/api/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: everything,
  });
  const { token } = ((await signedUp.json()) as { user: { token: string } }).user;
  const visitor = new Visitor(service);
  await visitor.submit('/register', { ...user, username: `${user.username}2`, email: `2${user.email}` });
  const { tagList, ...texts } = article;
  await visitor.submit('/editor', { ...texts, tags: tagList.join() });
  await visitEverything(token);

  // What fails inside is logged most of all.
  await database.pool.query(
    'ALTER TABLE articles RENAME TO hidden; ALTER TABLE users RENAME COLUMN bio TO hidden',
  );
  const statuses = await visitEverything(token);
  expect(statuses.filter((status) => status === 500).length).toBeGreaterThan(10);

  const metrics = await (await fetch(`${service.managementUrl}/metrics`)).text();
  service.child.kill('SIGTERM');
  expect(await service.exited).toBe(0);
  said = [JSON.stringify(service.log()), receiver.text(), metrics].join('\n');
}, 60_000);

afterAll(async () => {
  await receiver.close();
  await database.drop();
});

describe('what a visitor sends stays out of logs, traces and metrics', () => {
  test.each(PLACES)('%s', (place) => {
    const at = said.toLowerCase().indexOf(secret(place));
    expect(at === -1 ? '' : said.slice(Math.max(0, at - 150), at + 50)).toBe('');
  });

  test('their address too', () => {
    expect(receiver.text()).not.toMatch(/"(client|network\.peer)\.address"/);
  });

  test('while there is much to read in them', () => {
    expect(service.log().filter(({ msg }) => msg === 'request').length).toBeGreaterThan(80);
    expect(service.log().filter(({ level }) => level === 'error').length).toBeGreaterThan(10);
    expect(service.log()).toContainEqual(
      expect.objectContaining({ level: 'error', route: '/api/articles/:slug', trace_id: expect.any(String) }),
    );
    const names = receiver.spans().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['GET /api/articles/:slug', 'POST /api/users', 'GET /tag/:tag']),
    );
    expect(receiver.text()).toContain('db.query.text');
  });
});
