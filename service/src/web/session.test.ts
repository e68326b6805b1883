import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestService, type TestService, Visitor } from '../testing.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
  await Visitor.signedUp(service, 'Ada');
});

afterAll(() => service.stop());

const ADA = { email: 'ada@example.com', password: 'password1' };
const HTTPS = { 'x-forwarded-proto': 'https' };

async function isGuest(visitor: Visitor, headers: Record<string, string> = {}): Promise<boolean> {
  const response = await visitor.get('/', headers);
  expect(response.status).toBe(200);
  return (await response.text()).includes('href="/login"');
}

describe('the cookie of a session', () => {
  test('can be read by no script and sent along by no other site', async () => {
    const response = await new Visitor(service).submit('/login', ADA);
    expect(response.headers.get('set-cookie')).toMatch(
      /^conduit_session=[\w.-]+; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  test('over https goes over https only, and can be set by no other host', async () => {
    const response = await new Visitor(service).submit('/login', ADA, HTTPS);
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-conduit_session=[\w.-]+; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test('over https is not one that anybody could have set', async () => {
    const visitor = new Visitor(service);
    await visitor.submit('/login', ADA);
    expect(await isGuest(visitor)).toBe(false);
    expect(await isGuest(visitor, HTTPS)).toBe(true);
  });

  test('over https signs in and out', async () => {
    const visitor = new Visitor(service);
    await visitor.submit('/login', ADA, HTTPS);
    expect(await isGuest(visitor, HTTPS)).toBe(false);
    await visitor.submit('/logout', {}, HTTPS);
    expect(await isGuest(visitor, HTTPS)).toBe(true);
  });

  test.each(['nonsense', 'a.b.c', ''])('that holds %j makes a guest', async (value) => {
    expect(await isGuest(new Visitor(service), { cookie: `conduit_session=${value}` })).toBe(true);
  });

  test('of somebody whose account is gone makes a guest', async () => {
    const visitor = await Visitor.signedUp(service, 'Gone');
    await service.database.pool.query("DELETE FROM users WHERE username = 'Gone'");
    expect(await isGuest(visitor)).toBe(true);
    // What is for users leads to where one signs in.
    const response = await visitor.submit('/editor', { title: 't', description: 'd', body: 'b' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
  });
});
