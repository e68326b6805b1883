import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seed } from '../seed/seed.ts';
import { call, signUpByApi, startTestService, type TestService, Visitor } from '../testing.ts';

let service: TestService;
let guest: Visitor;

beforeAll(async () => {
  service = await startTestService();
  await seed(service.database.pool);
  guest = new Visitor(service);
});

afterAll(() => service.stop());

async function page(path: string, visitor = guest): Promise<{ status: number; text: string }> {
  const response = await visitor.get(path);
  return { status: response.status, text: await response.text() };
}

const count = (text: string, part: string) => text.split(part).length - 1;

describe('the home page', () => {
  test('shows the newest ten articles, the tabs, the popular tags and the other pages', async () => {
    const { status, text } = await page('/');
    expect(status).toBe(200);
    expect(count(text, '<article class="article-preview">')).toBe(10);
    expect(text).toContain('<h1 class="logo-font">conduit</h1>');
    expect(text).toContain('Ship on a Tuesday morning');
    expect(text).toContain('<a class="tag-pill tag-default" href="/tag/gardening">gardening</a>');
    expect(text).toContain('<a class="nav-link active" href="/" aria-current="page">Global Feed</a>');
    expect(count(text, 'class="page-link"')).toBe(3);
    expect(text).toContain('<li class="page-item active"><a class="page-link" href="/?page=1"');
  });

  test('shows the rest on its last page', async () => {
    const { text } = await page('/?page=3');
    expect(count(text, '<article class="article-preview">')).toBe(7);
    expect(text).toContain('<li class="page-item active"><a class="page-link" href="/?page=3"');
  });

  test.each(['0', '-1', 'x', '1;DROP TABLE users', '1e9', '99999999999'])(
    'takes ?page=%s for the first page',
    async (given) => {
      expect((await page(`/?page=${encodeURIComponent(given)}`)).text).toContain('Ship on a Tuesday morning');
    },
  );

  test('says so when a page is beyond the last', async () => {
    expect((await page('/?page=99')).text).toContain('No articles are here... yet.');
  });

  test('names the release and shows its colour', async () => {
    const { text } = await page('/');
    expect(text).toContain('version <b>9.8.7-test</b>');
    expect(text).toContain('<rect width="100%" height="6" fill="rebeccapurple"/>');
  });

  test('has one link to sign in for a guest, and loads nothing from elsewhere', async () => {
    const { text } = await page('/');
    expect(count(text, 'href="/login"')).toBe(1);
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(text).not.toMatch(/<script| style="| on[a-z]+="/);
  });

  test('is kept by no shared cache', async () => {
    expect((await guest.get('/')).headers.get('cache-control')).toBe('private, no-cache');
  });
});

describe('the page of a tag', () => {
  test('shows its articles only', async () => {
    const { text } = await page('/tag/gardening');
    expect(count(text, '<article class="article-preview">')).toBe(6);
    expect(text).toContain(
      '<a class="nav-link active" href="/tag/gardening" aria-current="page"># gardening</a>',
    );
  });

  test('of nothing says so', async () => {
    expect((await page('/tag/nothing')).text).toContain('No articles are here... yet.');
  });
});

describe('the page of an article', () => {
  test('shows it whole, with one heading', async () => {
    const { status, text } = await page('/article/leave-the-leaves');
    expect(status).toBe(200);
    expect(count(text, '<h1')).toBe(1);
    expect(text).toContain('<title>Leave the leaves — Conduit</title>');
    expect(count(text, '<p>')).toBeGreaterThan(3);
    expect(text).toContain('<a class="author" href="/profile/Edith%20Brandt">Edith Brandt</a>');
    expect(text).toContain('<li class="tag-default tag-pill tag-outline">autumn</li>');
  });
});

describe('a profile', () => {
  test('shows somebody and their articles', async () => {
    const { status, text } = await page('/profile/Edith%20Brandt');
    expect(status).toBe(200);
    expect(text).toContain('Forty years of vegetables');
    expect(count(text, '<article class="article-preview">')).toBe(5);
  });
});

describe('what is not there', () => {
  test.each([
    ['/nothing', 'page not found'],
    ['/article/nothing', 'article not found'],
    ['/article/%00', 'article not found'],
    [`/article/${encodeURIComponent("' OR 1=1 --")}`, 'article not found'],
    ['/profile/nobody', 'profile not found'],
    [`/profile/${encodeURIComponent("'; DROP TABLE users; --")}`, 'profile not found'],
    ['/tag/%00', 'page not found'],
  ])('%s is 404', async (path, message) => {
    const { status, text } = await page(path);
    expect(status).toBe(404);
    expect(text).toContain(`<p>${message}</p>`);
  });

  test('a path that cannot be decoded is 400', async () => {
    expect((await page('/article/%E0%A4%A')).status).toBe(400);
  });
});

describe('a failure of ours', () => {
  test('tells nothing of what went wrong inside', async () => {
    await service.database.pool.query('ALTER TABLE article_tags RENAME TO hidden_tags');
    const { status, text } = await page('/');
    await service.database.pool.query('ALTER TABLE hidden_tags RENAME TO article_tags');
    // The pages alone know only that a part of the API does not answer as it should.
    expect(status).toBe(process.env.CONDUIT_TEST_TOPOLOGY === 'split' ? 503 : 500);
    expect(text).toContain('Something went wrong');
    expect(text).not.toMatch(/article_tags|relation|at .*\.ts/);
  });
});

describe('what people write', () => {
  test('never becomes markup, wherever it is shown', async () => {
    const payloads = [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='alert(1)",
      '</textarea><svg/onload=alert(1)>',
    ];
    const markup = /<script|<img src=x|<svg\/onload|' onmouseover='/;
    for (const [index, payload] of payloads.entries()) {
      const name = `${payload}${index}`;
      const token = await signUpByApi(service, name);
      await service.database.pool.query('UPDATE users SET bio = $1, image = $2 WHERE username = $3', [
        payload,
        index % 2 === 0 ? `https://example.com/${payload}` : `javascript:${payload}`,
        name,
      ]);
      const { body } = await call(service, 'POST', '/articles', {
        token,
        body: {
          article: {
            title: payload,
            description: payload,
            body: `${payload}\n${payload}\n\n${payload}`,
            tagList: [payload],
          },
        },
      });
      const visitor = new Visitor(service);
      const email = `${Buffer.from(name).toString('hex')}@example.com`;
      await visitor.submit('/login', { email, password: 'password1' });
      const paths = [
        '/',
        `/article/${encodeURIComponent(body.article.slug)}`,
        `/tag/${encodeURIComponent(payload)}`,
        `/profile/${encodeURIComponent(name)}`,
        `/avatars/${encodeURIComponent(name)}.svg`,
      ];
      for (const path of paths) {
        const { status, text } = await page(path, visitor);
        expect([path, status]).toEqual([path, 200]);
        expect(text).not.toMatch(markup);
        expect(text).not.toMatch(/(src|href)="javascript:/);
      }
      expect((await page('/', visitor)).text).toContain('alert(1)');
    }
  });

  test('keeps its line ends and its empty lines', async () => {
    const token = await signUpByApi(service, 'Poet');
    const article = { title: 'Lines', description: 'd', body: 'one\ntwo\r\n \r\nthree & four' };
    await call(service, 'POST', '/articles', { token, body: { article } });
    expect((await page('/article/lines')).text).toContain('<p>one<br>two</p><p>three &#38; four</p>');
  });
});
