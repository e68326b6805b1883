import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seed } from '../../seed/seed.ts';
import { call, signUpByApi, startTestService, type TestService, Visitor } from '../../testing.ts';

let service: TestService;
let guest: Visitor;
let author: Visitor;
let reader: Visitor;

const PATH = '/article/on-engines';

beforeAll(async () => {
  service = await startTestService();
  await seed(service.database.pool);
  guest = new Visitor(service);
  [author, reader] = await Promise.all([
    Visitor.signedUp(service, 'Author'),
    Visitor.signedUp(service, 'Reader'),
  ]);
  await author.submit('/editor', {
    title: 'On engines',
    description: 'Notes',
    body: 'They *weave*.',
    tags: 'looms',
  });
});

afterAll(() => service.stop());

async function textOf(path: string, visitor = guest): Promise<string> {
  return (await visitor.get(path)).text();
}

const count = (text: string, part: string) => text.split(part).length - 1;

describe('the page of an article', () => {
  test('shows it whole, with one heading', async () => {
    const text = await textOf('/article/leave-the-leaves');
    expect(count(text, '<h1')).toBe(1);
    expect(text).toContain('<title>Leave the leaves — Conduit</title>');
    expect(count(text.slice(text.indexOf('article-content')), '<p>')).toBeGreaterThan(2);
    expect(text).toContain('<a class="author" href="/profile/Edith%20Brandt">Edith Brandt</a>');
    expect(text).toContain(
      '<li class="tag-default tag-pill tag-outline"><a href="/tag/autumn">autumn</a></li>',
    );
  });

  test('renders its Markdown', async () => {
    expect(await textOf(PATH)).toContain('<p>They <em>weave</em>.</p>');
  });

  test('shows the new text once it has been changed', async () => {
    const article = { title: 'Changing', description: 'd', body: 'Before.' };
    const token = await signUpByApi(service, 'Changer');
    await call(service, 'POST', '/articles', { token, body: { article } });
    expect(await textOf('/article/changing')).toContain('<p>Before.</p>');
    await call(service, 'PUT', '/articles/changing', { token, body: { article: { body: 'After.' } } });
    expect(await textOf('/article/changing')).toContain('<p>After.</p>');
  });

  test.each([
    ['/article/nothing', 404],
    ['/article/%00', 404],
    [`/article/${encodeURIComponent("' OR 1=1 --")}`, 404],
    ['/article/%E0%A4%A', 400],
  ])('%s is %d', async (path, status) => {
    expect((await guest.get(path)).status).toBe(status);
  });
});

describe('what can be done with an article', () => {
  test('by its author: change it, remove it, and no more', async () => {
    const text = await textOf(PATH, author);
    expect(text).toMatch(/href="\/editor\/on-engines">.* Edit Article<\/a>/);
    expect(text).toContain(' Delete Article</button>');
    expect(text).not.toMatch(/(Favorite Article|Follow Author)/);
  });

  test('by others: favourite it, follow its author, and no more', async () => {
    for (const visitor of [reader, guest]) {
      const text = await textOf(PATH, visitor);
      expect(text).toContain(' Favorite Article <span');
      expect(text).toContain(' Follow Author</button>');
      expect(text).not.toMatch(/(Edit|Delete) Article/);
    }
  });

  test('favouriting shows, can be taken back, and done twice is as good as once', async () => {
    for (const path of ['favorite', 'favorite']) {
      const response = await reader.submit(`${PATH}/${path}`, {});
      expect([response.status, response.headers.get('location')]).toEqual([303, PATH]);
    }
    expect(await textOf(PATH, reader)).toMatch(
      /btn-primary" .*Unfavorite Article <span class="counter">\(1\)/,
    );
    await reader.submit(`${PATH}/unfavorite`, {});
    expect(await textOf(PATH, reader)).toMatch(
      /btn-outline-primary" .* Favorite Article <span class="counter">\(0\)/,
    );
  });

  test('a button leads back to where on which page it was pressed', async () => {
    const response = await reader.submit(
      `${PATH}/favorite`,
      { at: 'article-on-engines' },
      { referer: `${service.url}/?page=2` },
    );
    expect(response.headers.get('location')).toBe('/?page=2#article-on-engines');
  });

  test.each([
    'https://evil.example/page',
    'HOST.evil.example/page',
    'HOST//evil.example',
    'HOST/\\evil.example',
    'javascript:alert(1)',
    'nonsense',
  ])('a button never leads elsewhere, not when the browser says it was pressed at %s', async (referer) => {
    const response = await reader.submit(
      `${PATH}/favorite`,
      { at: '//evil.example' },
      { referer: referer.replace('HOST', service.url) },
    );
    expect(response.headers.get('location')).toBe(`${PATH}#%2F%2Fevil.example`);
  });

  test('guests are led to sign in', async () => {
    for (const button of ['favorite', 'unfavorite', 'delete']) {
      const response = await guest.submit(`${PATH}/${button}`, {});
      expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
    }
  });

  test('removing leads home, also when it is pressed twice; nobody else can', async () => {
    await author.submit('/editor', { title: 'Gone soon', description: 'd', body: 'b' });
    expect((await reader.submit('/article/gone-soon/delete', {})).status).toBe(403);
    for (let press = 1; press <= 2; press += 1) {
      const response = await author.submit('/article/gone-soon/delete', {});
      expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    }
    expect((await guest.get('/article/gone-soon')).status).toBe(404);
  });
});
