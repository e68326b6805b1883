import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestService, type TestService, Visitor } from '../testing.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

const ADA = { username: 'Ada', email: 'ada@example.com', password: 'countess1' };

/** Somebody who is signed in as a new user. */
async function signedIn(username: string): Promise<Visitor> {
  const visitor = new Visitor(service);
  await visitor.submit('/register', { username, email: `${username}@example.com`, password: 'password1' });
  return visitor;
}

describe('signing up and in', () => {
  test('goes from the form to a page with the name, and back out again', async () => {
    const visitor = new Visitor(service);
    expect(await (await visitor.get('/register')).text()).toContain(
      '<form method="post" action="/register">',
    );

    const registered = await visitor.submit('/register', ADA);
    expect([registered.status, registered.headers.get('location')]).toEqual([303, '/']);
    const home = await (await visitor.get('/')).text();
    expect(home).toContain('<span>Ada</span>');
    expect(home).not.toContain('href="/login"');

    const left = await visitor.submit('/logout', {});
    expect([left.status, left.headers.get('location')]).toEqual([303, '/']);
    expect(await (await visitor.get('/')).text()).toContain('href="/login"');

    const back = await visitor.submit('/login', { email: ADA.email, password: ADA.password });
    expect([back.status, back.headers.get('location')]).toEqual([303, '/']);
    expect(await (await visitor.get('/')).text()).toContain('<span>Ada</span>');
  });

  test.each(['/login', '/register'])('leads home from %s when one is signed in already', async (path) => {
    const response = await (await signedIn(`At${path.slice(1)}`)).get(path);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  });

  test('makes a cookie that no script can read and no other site can send', async () => {
    const plain = await new Visitor(service).submit('/login', { email: ADA.email, password: ADA.password });
    expect(plain.headers.get('set-cookie')).toMatch(
      /^conduit_session=[\w.-]+; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  test('makes a cookie for https only when the visitor came by https', async () => {
    const headers = { 'x-forwarded-proto': 'https' };
    const secure = await new Visitor(service).submit(
      '/login',
      { email: ADA.email, password: ADA.password },
      headers,
    );
    expect(secure.headers.get('set-cookie')).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
  });

  test.each([
    ['a wrong password', { email: ADA.email, password: 'wrong-password' }],
    ['an unknown address', { email: 'nobody@example.com', password: 'wrong-password' }],
  ])('says the same of %s, and keeps what was typed but for the password', async (_what, form) => {
    const response = await new Visitor(service).submit('/login', form);
    const text = await response.text();
    expect(response.status).toBe(401);
    expect(text).toContain('<ul class="error-messages" role="alert"><li>credentials invalid</li></ul>');
    expect(text).toContain(`value="${form.email}"`);
    expect(text).not.toContain(form.password);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('says what is wrong with a new account, and keeps what was typed but for the password', async () => {
    const typed = { username: 'New "one"', email: 'no address', password: 'short' };
    const response = await new Visitor(service).submit('/register', typed);
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(text).toContain(
      '<ul class="error-messages" role="alert"><li>email is invalid</li><li>password is too short (minimum is 8 characters)</li></ul>',
    );
    expect(text).toContain('value="New &#34;one&#34;"');
    expect(text).toContain('value="no address"');
    expect(text).not.toContain('"short"');
  });

  test('says that a name is taken', async () => {
    const response = await new Visitor(service).submit('/register', { ...ADA, email: 'other@example.com' });
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('<li>username has already been taken</li>');
  });

  test('takes an empty form without falling over', async () => {
    for (const path of ['/login', '/register']) {
      expect((await new Visitor(service).submit(path, {})).status).toBe(422);
    }
  });

  test.each(['nonsense', 'a.b.c', ''])('takes whoever has the cookie %j for a guest', async (value) => {
    const response = await new Visitor(service).get('/', { cookie: `conduit_session=${value}` });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('href="/login"');
  });

  test('takes somebody whose account is gone for a guest', async () => {
    const visitor = await signedIn('Gone');
    await service.database.pool.query("DELETE FROM users WHERE username = 'Gone'");
    expect(await (await visitor.get('/')).text()).toContain('href="/login"');
  });
});

describe('a form of another site', () => {
  test.each([
    ['says so', { 'sec-fetch-site': 'cross-site' }],
    ['is on a neighbouring host', { 'sec-fetch-site': 'same-site' }],
    ['was not sent by a page', { 'sec-fetch-site': 'none' }],
  ])('is refused when it %s', async (_what, headers) => {
    const visitor = await signedIn(`Csrf${headers['sec-fetch-site'].replace('-', '')}`);
    const response = await visitor.submit('/logout', {}, headers);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('form was sent from another site');
    expect((await visitor.get('/editor')).status).toBe(200);
  });

  test.each([
    ['another origin', 'https://evil.example'],
    ['an opaque origin', 'null'],
    ['an origin that only begins like ours', 'OURS.evil.example'],
  ])('is refused when an old browser names %s', async (_what, origin) => {
    const response = await fetch(`${service.url}/login`, {
      method: 'POST',
      headers: { origin: origin.replace('OURS', service.url) },
      body: new URLSearchParams({ email: ADA.email, password: ADA.password }),
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('is refused when nothing says where it came from', async () => {
    const response = await fetch(`${service.url}/logout`, { method: 'POST' });
    expect(response.status).toBe(403);
  });

  test('is told from our own by the origin in an old browser', async () => {
    const response = await fetch(`${service.url}/logout`, {
      method: 'POST',
      headers: { origin: service.url },
      redirect: 'manual',
    });
    expect(response.status).toBe(303);
  });
});

describe('a new article', () => {
  const ARTICLE = {
    title: 'On engines',
    description: 'Notes',
    body: 'They weave.',
    tags: 'weaving, engines,, weaving',
  };

  test('is for those who are signed in', async () => {
    const guest = new Visitor(service);
    for (const response of [await guest.get('/editor'), await guest.submit('/editor', ARTICLE)]) {
      expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
    }
  });

  test('leads to its page', async () => {
    const visitor = await signedIn('Writer');
    expect(await (await visitor.get('/editor')).text()).toContain('Publish Article');
    const response = await visitor.submit('/editor', ARTICLE);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/article/on-engines']);
    const text = await (await visitor.get('/article/on-engines')).text();
    expect(text).toContain('<h1>On engines</h1>');
    expect(text.match(/tag-outline">\w+/g)).toEqual(['tag-outline">weaving', 'tag-outline">engines']);
  });

  test('with something left out comes back as it was typed', async () => {
    const visitor = await signedIn('Forgetful');
    const body = '\n</textarea><script>alert(1)</script>';
    const response = await visitor.submit('/editor', { title: '', description: 'D "q"', body, tags: 'a, b' });
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(text).toContain('<li>title can&#39;t be blank</li>');
    expect(text).toContain('value="D &#34;q&#34;"');
    expect(text).toContain('value="a, b"');
    expect(text).toContain('>\n\n&#60;/textarea&#62;&#60;script&#62;alert(1)&#60;/script&#62;</textarea>');
  });

  test('of more than 256 kB is refused', async () => {
    const visitor = await signedIn('Verbose');
    const response = await visitor.submit('/editor', { ...ARTICLE, body: 'x'.repeat(260 * 1024) });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('body is too large');
  });
});
