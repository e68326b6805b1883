import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signUpByApi, startTestService, type TestService, Visitor } from './testing.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

const HEADERS = {
  'content-security-policy':
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' https:;form-action 'self';base-uri 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-powered-by': null,
};

test.each([
  '/',
  '/login',
  '/nothing',
  '/assets/conduit.css',
  '/api/tags',
  '/api/user',
  '/api/nothing',
  '/api/%E0%A4%A',
])('the answer of %s tells browsers what they may not do', async (path) => {
  const { headers } = await fetch(service.url + path);
  const told = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, headers.get(name)]));
  expect(told).toEqual(HEADERS);
});

describe('a page of another site', () => {
  const origin = 'https://conduit.example';

  test('may ask the API before it calls it, and need not ask again soon', async () => {
    const response = await fetch(`${service.url}/api/articles/some-slug`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': 'Authorization, Content-Type, X-Requested-With',
      'access-control-max-age': '7200',
    });
  });

  test.each([
    ['/api/tags', 200],
    ['/api/user', 401],
    ['/api/nothing', 404],
  ])('may read the answer of %s, which is %d', async (path, status) => {
    const response = await fetch(service.url + path, { headers: { origin } });
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After, X-Version');
    // Browsers send no cookies then, and tell the page nothing if they did.
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test.each(['/', '/login', '/assets/conduit.css'])('may not read %s', async (path) => {
    const response = await fetch(service.url + path, { headers: { origin } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('the cookie of the pages opens no API', async () => {
  const visitor = new Visitor(service);
  const form = { username: 'Ada', email: 'ada@example.com', password: 'countess1' };
  expect((await visitor.submit('/register', form)).status).toBe(303);
  expect((await visitor.get('/editor')).status).toBe(200);
  expect((await visitor.get('/api/user')).status).toBe(401);
  expect((await visitor.submit('/api/articles', {})).status).toBe(401);
});

test('answers that hold a token are stored nowhere', async () => {
  const authorization = `Token ${await signUpByApi(service, 'Bea')}`;
  const user = { email: 'nobody@example.com', password: 'password1' };
  const answers = await Promise.all([
    fetch(`${service.url}/api/user`, { headers: { authorization } }),
    fetch(`${service.url}/api/users/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user }),
    }),
  ]);
  expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(['no-store', 'no-store']);
});
