import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestService, type TestService, Visitor } from '../../testing.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

const ADA = { username: 'Ada', email: 'ada@example.com', password: 'countess1' };

const to = (response: Response) => [response.status, response.headers.get('location')];

describe('signing up and in', () => {
  test('goes from the form to a page with the name, and back out again', async () => {
    const visitor = new Visitor(service);
    expect(await (await visitor.get('/register')).text()).toContain('<form method="post" action="/register"');

    expect(to(await visitor.submit('/register', ADA))).toEqual([303, '/']);
    const home = await (await visitor.get('/')).text();
    expect(home).toContain('<span class="user-name">Ada</span>');
    expect(home).not.toContain('href="/login"');

    expect(to(await visitor.submit('/logout', {}))).toEqual([303, '/']);
    expect(await (await visitor.get('/')).text()).toContain('href="/login"');

    expect(to(await visitor.submit('/login', { email: ADA.email, password: ADA.password }))).toEqual([
      303,
      '/',
    ]);
    expect(await (await visitor.get('/')).text()).toContain('<span class="user-name">Ada</span>');
  });

  test.each(['/login', '/register'])('leads home from %s when one is signed in already', async (path) => {
    const visitor = await Visitor.signedUp(service, `At${path.slice(1)}`);
    expect(to(await visitor.get(path))).toEqual([303, '/']);
  });

  test.each(['/', '/login', '/register', '/tag/x', '/nothing'])(
    'has one link to /login and one named Sign in on %s',
    async (path) => {
      const text = await (await new Visitor(service).get(path)).text();
      expect(text.match(/href="\/login"/g)).toHaveLength(1);
      expect(text.match(/>Sign in<\/a>/g)).toHaveLength(1);
    },
  );

  test('says what is wrong with a new account, and keeps what was typed but for the password', async () => {
    const typed = { username: 'New "one"', email: 'no address', password: 'short' };
    const response = await new Visitor(service).submit('/register', typed);
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(text).toContain(
      '<div role="alert"><ul class="error-messages"><li>email is invalid</li><li>password is too short (minimum is 8 characters)</li></ul>',
    );
    expect(text).toContain('value="New &#34;one&#34;"');
    expect(text).toContain('value="no address"');
    expect(text).not.toContain('"short"');
  });

  test.each([
    ['a wrong password', { email: ADA.email, password: 'wrong-password' }],
    ['an unknown address', { email: 'nobody@example.com', password: 'wrong-password' }],
  ])('says the same of %s, and keeps what was typed but for the password', async (_what, form) => {
    const response = await new Visitor(service).submit('/login', form);
    const text = await response.text();
    expect(response.status).toBe(401);
    expect(text).toContain('<div role="alert"><ul class="error-messages"><li>credentials invalid</li></ul>');
    expect(text).toContain(`value="${form.email}"`);
    expect(text).not.toContain(form.password);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('says that a name is taken', async () => {
    const response = await new Visitor(service).submit('/register', { ...ADA, email: 'other@example.com' });
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('<li>username has already been taken</li>');
  });

  test('a form for a new account that is sent twice signs in twice', async () => {
    const twice = { username: 'Twice', email: 'twice@example.com', password: 'password1', form: 'one' };
    const visitors = [new Visitor(service), new Visitor(service)];
    const responses = await Promise.all(visitors.map((visitor) => visitor.submit('/register', twice)));
    expect(responses.map(to)).toEqual([
      [303, '/'],
      [303, '/'],
    ]);
    for (const visitor of visitors) {
      expect(await (await visitor.get('/')).text()).toContain('<span class="user-name">Twice</span>');
    }
  });

  test('takes an empty form without falling over', async () => {
    for (const path of ['/login', '/register']) {
      expect((await new Visitor(service).submit(path, {})).status).toBe(422);
    }
  });
});

describe('too many tries', () => {
  test('are told when to try again', async () => {
    const strict = await startTestService({
      config: { authLimits: { signInFailuresPerHour: 1, signUpsPerHour: 1 } },
    });
    const visitor = new Visitor(strict);
    let response = await visitor.submit('/login', ADA);
    for (let tries = 1; response.status !== 429 && tries < 50; tries += 1) {
      response = await visitor.submit('/login', ADA);
    }
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    const text = await response.text();
    expect(text).toMatch(/<li>That was too often\. Please try again in \d+ (seconds?|minutes)\.<\/li>/);
    expect(text).toContain(`value="${ADA.email}"`);
    await strict.stop();
  });
});

describe('where one goes on after signing in', () => {
  async function destination(path: string, headers: Record<string, string> = {}): Promise<string | null> {
    const visitor = new Visitor(service);
    const form = await (await visitor.get(path, headers)).text();
    const next = /name="next" value="([^"]*)"/
      .exec(form)?.[1]
      ?.replaceAll('&#61;', '=')
      .replaceAll('&#38;', '&');
    const { email, password } = ADA;
    return (await visitor.submit('/login', { email, password, next: next ?? '' })).headers.get('location');
  }

  test('is where one came from', async () => {
    const referer = `${service.url}/article/x?y=1`;
    expect(await destination('/login', { referer })).toBe('/article/x?y=1');
    expect(await destination('/login?next=%2Farticle%2Fz', { referer })).toBe('/article/z');
  });

  test.each(['/login', '/register', '/logout'])('is not %s', async (path) => {
    expect(await destination('/login', { referer: service.url + path })).toBe('/');
  });

  test('is kept while the password is mistyped', async () => {
    const { email } = ADA;
    const form = { email, password: 'mistyped', next: '/article/x' };
    const text = await (await new Visitor(service).submit('/login', form)).text();
    expect(text).toContain('name="next" value="/article/x"');
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    '\\\\evil.example',
    'evil.example',
  ])('is never elsewhere: not %j', async (next) => {
    expect(await destination(`/login?next=${encodeURIComponent(next)}`)).toBe('/');
    const { email, password } = ADA;
    const response = await new Visitor(service).submit('/login', { email, password, next });
    expect(response.headers.get('location')).toBe('/');
  });

  test('by default is the home page, for a link from another site too', async () => {
    expect(await destination('/login')).toBe('/');
    expect(await destination('/login', { referer: 'https://evil.example/article/x' })).toBe('/');
  });
});
