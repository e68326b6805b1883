import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seed } from '../../seed/seed.ts';
import { call, signUpByApi, startTestService, type TestService, Visitor } from '../../testing.ts';

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
  return { status: response.status, text: (await response.text()).replaceAll('&#61;', '=') };
}

const count = (text: string, part: string) => text.split(part).length - 1;
const PREVIEW = '<article class="article-preview"';

describe('the home page', () => {
  test('shows the newest ten articles, the tab, the popular tags and the other pages', async () => {
    const { status, text } = await page('/');
    expect(status).toBe(200);
    expect(count(text, PREVIEW)).toBe(10);
    expect(text).toContain('<h1 class="logo-font">conduit</h1>');
    expect(text).toContain('Ship on a Tuesday morning');
    expect(text).toContain('<a class="tag-pill tag-default" href="/tag/gardening">gardening</a>');
    expect(text).toContain('<a class="nav-link active" href="/" aria-current="page">Global Feed</a>');
    expect(count(text, 'class="page-link"')).toBe(3);
    expect(text).toContain('<li class="page-item active"><a class="page-link" href="/?page=1"');
  });

  test('shows the rest on its last page', async () => {
    const { text } = await page('/?page=3');
    expect(count(text, PREVIEW)).toBe(7);
    expect(text).toContain('<li class="page-item active"><a class="page-link" href="/?page=3"');
  });

  test.each(['0', '-1', 'x', '1;DROP TABLE users', '1e9', '99999999999'])(
    'takes ?page=%s for the first page',
    async (given) => {
      expect((await page(`/?page=${encodeURIComponent(given)}`)).text).toContain('Ship on a Tuesday morning');
    },
  );

  test('says so when a page is beyond the last, and leads back', async () => {
    const { text } = await page('/?page=99');
    expect(text).toContain('No articles are here... yet.');
    expect(text).toContain('<a class="page-link" href="/?page=3"');
  });

  test('names the release and shows its colour', async () => {
    const { text } = await page('/');
    expect(text).toContain('version <b>9.8.7-test</b>');
    expect(text).toContain('<rect width="100%" height="6" fill="rebeccapurple"/>');
  });

  test('loads nothing from elsewhere and holds neither script nor style', async () => {
    const { text } = await page('/');
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(text).not.toMatch(/<script| style="| on[a-z]+="/);
  });
});

describe('the page of a tag', () => {
  test('shows its articles only, under a tab of its own', async () => {
    const { text } = await page('/tag/gardening');
    expect(count(text, PREVIEW)).toBe(6);
    expect(text).toContain(
      '<a class="nav-link active" href="/tag/gardening" aria-current="page"># gardening</a>',
    );
    expect(text).toContain('<a class="nav-link" href="/">Global Feed</a>');
  });

  test('keeps the tag in the addresses of its other pages', async () => {
    const token = await signUpByApi(service, 'Prolific');
    for (let number = 1; number <= 11; number += 1) {
      const article = { title: `Number ${number}`, description: 'd', body: 'b', tagList: ['a/b & c'] };
      await call(service, 'POST', '/articles', { token, body: { article } });
    }
    const { text } = await page('/tag/a%2Fb%20%26%20c');
    expect(text).toContain('href="/tag/a%2Fb%20%26%20c?page=2"');
    expect(count((await page('/tag/a%2Fb%20%26%20c?page=2')).text, PREVIEW)).toBe(1);
  });

  test('of nothing says so', async () => {
    expect((await page('/tag/nothing')).text).toContain('No articles are here... yet.');
  });
});

describe('the feed of those one follows', () => {
  test('is not for guests, who are led to sign in', async () => {
    const response = await guest.get('/?feed=following');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
  });

  test('says what to do while it is empty', async () => {
    const visitor = await Visitor.signedUp(service, 'Lonely');
    const { text } = await page('/?feed=following', visitor);
    expect(text).toContain(
      '<a class="nav-link active" href="/?feed=following" aria-current="page">Your Feed</a>',
    );
    expect(text).toMatch(/<p class="empty-feed-message">Your feed is empty.*<a href="\/">Global Feed<\/a>/);
  });

  test('shows their articles only, and keeps to the feed from page to page', async () => {
    const visitor = await Visitor.signedUp(service, 'Follower');
    await visitor.submit('/profile/Prolific/follow', {});
    const { text } = await page('/?feed=following', visitor);
    expect(count(text, PREVIEW)).toBe(10);
    expect(count(text, '>Prolific</a>')).toBe(10);
    expect(text).toContain('href="/?feed=following&#38;page=2"');
    expect(count((await page('/?feed=following&page=2', visitor)).text, PREVIEW)).toBe(1);
  });
});

describe('who may keep a page', () => {
  /** Asks whether what it has still holds; by itself, fetch would ask for a fresh answer then. */
  const ask = (path: string, etag: string | null) =>
    guest.get(path, { 'if-none-match': etag ?? '', 'cache-control': 'max-age=0' });

  test('anybody may keep what guests see, asking each time; it is said when it still holds', async () => {
    const response = await guest.get('/');
    const { headers } = response;
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['public, no-cache', 'Cookie']);
    const again = await ask('/', headers.get('etag'));
    expect([again.status, (await again.text()).length]).toEqual([304, 0]);
  });

  test('another page of the list is not taken for it', async () => {
    const etag = (await guest.get('/')).headers.get('etag');
    for (const path of ['/?page=2', '/tag/gardening']) {
      expect((await ask(path, etag)).status).toBe(200);
    }
  });

  test('what somebody sees who is signed in is theirs alone', async () => {
    const { headers } = await (await Visitor.signedUp(service, 'Private')).get('/');
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['private, no-cache', 'Cookie']);
  });
});
