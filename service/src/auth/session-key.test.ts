/** The session key is exchanged, release by release, under people who are signed in. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '../database/migrate.ts';
import { type Service, startService } from '../server.ts';
import { call, createTestDatabase, QUIET, signUpByApi, type TestDatabase, testConfig } from '../testing.ts';

const OLD = 'the key before, of thirty-two characters';
const NEW = 'the key after, of thirty-two characters!';

/** As the service is told to, in this order. */
const RELEASES = [
  { sessionKey: OLD, sessionKeyPrevious: undefined },
  { sessionKey: OLD, sessionKeyPrevious: NEW },
  { sessionKey: NEW, sessionKeyPrevious: OLD },
  { sessionKey: NEW, sessionKeyPrevious: undefined },
];

let database: TestDatabase;
let services: Service[];
let urls: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
  services = await Promise.all(RELEASES.map((keys) => startService(testConfig(database.url, keys), QUIET)));
  urls = services.map(({ port }) => `http://127.0.0.1:${port}`);
});

afterAll(async () => {
  await Promise.all(services.map((service) => service.stop({ drainSeconds: 0 })));
  await database.drop();
});

/** What each release answers somebody who has a token or a cookie. */
const ask = (path: string, headers: Record<string, string>) =>
  Promise.all(urls.map(async (url) => (await fetch(url + path, { headers, redirect: 'manual' })).status));

/** Signs somebody up on the pages and gives their cookie. */
async function cookieFrom(url: string, username: string): Promise<string> {
  const form = { username, email: `${username}@example.com`, password: 'password1' };
  const response = await fetch(`${url}/register`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { 'sec-fetch-site': 'same-origin' },
    redirect: 'manual',
  });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

test.each([
  [0, [200, 200, 200, 401]],
  [1, [200, 200, 200, 401]],
  [2, [401, 200, 200, 200]],
  [3, [401, 200, 200, 200]],
])('who signed in at release %d is known to the one before and the one after it', async (release, known) => {
  const url = urls[release] as string;
  const token = await signUpByApi({ url }, `Api${release}`);
  expect(await ask('/api/user', { authorization: `Token ${token}` })).toEqual(known);
  const cookie = await cookieFrom(url, `Pages${release}`);
  const guest = 303;
  expect(await ask('/editor', { cookie })).toEqual(known.map((status) => (status === 401 ? guest : status)));
});

test('a token of the old key says no more than that it is invalid', async () => {
  const token = await signUpByApi({ url: urls[0] as string }, 'Late');
  expect(await call({ url: urls[3] as string }, 'GET', '/user', { token })).toEqual({
    status: 401,
    body: { errors: { token: ['is invalid'] } },
  });
});
