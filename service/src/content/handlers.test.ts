import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, signUpByApi, startTestService, type TestService } from '../testing.ts';

let service: TestService;
let ada: string;
let bob: string;

beforeAll(async () => {
  service = await startTestService();
  ada = await signUpByApi(service, 'Ada');
  bob = await signUpByApi(service, 'Bob');
});

afterAll(() => service.stop());

function publish(token: string | undefined, article: Record<string, unknown>) {
  return call(service, 'POST', '/articles', { token, body: { article } });
}

const ARTICLE = {
  title: 'Notes',
  description: 'on engines',
  body: 'They weave.',
  tagList: ['weaving', 'engines'],
};
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('POST /api/articles', () => {
  test('publishes an article', async () => {
    const { status, body } = await publish(ada, ARTICLE);
    expect(status).toBe(201);
    expect(body).toEqual({
      article: {
        slug: 'notes',
        ...ARTICLE,
        createdAt: expect.stringMatching(ISO),
        updatedAt: body.article.createdAt,
        favorited: false,
        favoritesCount: 0,
        author: { username: 'Ada', bio: null, image: null, following: false },
      },
    });
  });

  test('gives the same title another slug', async () => {
    const { status, body } = await publish(ada, ARTICLE);
    expect(status).toBe(201);
    expect(body.article.slug).toMatch(/^notes-[0-9a-z]{6}$/);
  });

  test('gives the same title other slugs at the same moment', async () => {
    const published = await Promise.all([1, 2, 3, 4].map(() => publish(bob, { ...ARTICLE, title: 'Race' })));
    expect(published.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(published.map(({ body }) => body.article.slug)).size).toBe(4);
  });

  test('keeps the order of the tags, each once', async () => {
    const { body } = await publish(ada, { ...ARTICLE, tagList: ['zebra', 'ape', ' zebra ', 'mule'] });
    expect(body.article.tagList).toEqual(['zebra', 'ape', 'mule']);
  });

  test('needs no tags', async () => {
    const { tagList: _, ...article } = ARTICLE;
    const { status, body } = await publish(ada, article);
    expect([status, body.article.tagList]).toEqual([201, []]);
  });

  test('asks who is calling before it looks at what was sent', async () => {
    const missing = { status: 401, body: { errors: { token: ['is missing'] } } };
    expect(await publish(undefined, {})).toEqual(missing);
    expect(await call(service, 'POST', '/articles', { body: '{not json' })).toEqual(missing);
  });

  test.each([
    ['nothing', {}, { title: ["can't be blank"], description: ["can't be blank"], body: ["can't be blank"] }],
    ['a blank title', { ...ARTICLE, title: ' \n' }, { title: ["can't be blank"] }],
    [
      'a long title',
      { ...ARTICLE, title: 'x'.repeat(201) },
      { title: ['is too long (maximum is 200 characters)'] },
    ],
    ['a body with NUL', { ...ARTICLE, body: 'a\0b' }, { body: ["can't hold the character NUL"] }],
    ['tags that are null', { ...ARTICLE, tagList: null }, { tagList: ["can't be blank"] }],
    ['tags that are no list', { ...ARTICLE, tagList: 'one' }, { tagList: ['must be a list of strings'] }],
    ['a tag that is no text', { ...ARTICLE, tagList: ['a', 1] }, { tagList: ['must be a string'] }],
    ['a blank tag', { ...ARTICLE, tagList: ['a', ' '] }, { tagList: ["can't be blank"] }],
    [
      'too many tags',
      { ...ARTICLE, tagList: Array.from({ length: 21 }, (_, index) => `tag${index}`) },
      { tagList: ['is too long (maximum is 20 tags)'] },
    ],
  ])('refuses %s', async (_what, article, errors) => {
    expect(await publish(ada, article)).toEqual({ status: 422, body: { errors } });
  });
});

describe('GET /api/articles/:slug', () => {
  test('shows an article to anybody, with its body', async () => {
    const { status, body } = await call(service, 'GET', '/articles/notes');
    expect([status, body.article.title, body.article.body]).toEqual([200, 'Notes', 'They weave.']);
  });

  test('says to each reader what is true for them', async () => {
    const { pool } = service.database;
    await pool.query(
      "INSERT INTO favorites (article_id, user_id) SELECT articles.id, users.id FROM articles, users WHERE slug = 'notes' AND username = 'Bob'",
    );
    await pool.query(
      "INSERT INTO follows (follower_id, followed_id) SELECT bob.id, ada.id FROM users bob, users ada WHERE bob.username = 'Bob' AND ada.username = 'Ada'",
    );
    const seen = async (token?: string) => {
      const { article } = (await call(service, 'GET', '/articles/notes', { token })).body;
      return [article.favorited, article.favoritesCount, article.author.following];
    };
    expect(await seen(bob)).toEqual([true, 1, true]);
    expect(await seen(ada)).toEqual([false, 1, false]);
    expect(await seen()).toEqual([false, 1, false]);
  });

  test.each(['nope', "'; DROP TABLE articles; --", '%00'])('knows no %s', async (slug) => {
    const path = slug === '%00' ? slug : encodeURIComponent(slug);
    expect(await call(service, 'GET', `/articles/${path}`)).toEqual({
      status: 404,
      body: { errors: { article: ['not found'] } },
    });
  });

  test('refuses a bad token', async () => {
    expect(await call(service, 'GET', '/articles/notes', { token: 'bad' })).toEqual({
      status: 401,
      body: { errors: { token: ['is invalid'] } },
    });
  });
});

describe('GET /api/articles', () => {
  let list: TestService;
  let token: string;

  beforeAll(async () => {
    list = await startTestService();
    token = await signUpByApi(list, 'Carol');
    await signUpByApi(list, 'Dave');
    // All of the same moment, so that only the id can tell which is newer.
    await list.database.pool.query(
      `INSERT INTO articles (author_id, slug, title, description, body, created_at)
       SELECT users.id, 'a' || n, 'A' || n, 'd', 'b', '2026-01-01' FROM users, generate_series(1, 130) AS n
        WHERE username = CASE WHEN n % 10 = 0 THEN 'Dave' ELSE 'Carol' END
        ORDER BY n`,
    );
    await list.database.pool.query(
      "INSERT INTO article_tags SELECT id, 1, CASE WHEN id % 2 = 0 THEN 'even' ELSE 'odd' END FROM articles",
    );
    await list.database.pool.query(
      "INSERT INTO favorites (article_id, user_id) SELECT articles.id, users.id FROM articles, users WHERE username = 'Dave' AND slug IN ('a1', 'a10')",
    );
  });

  afterAll(() => list.stop());

  async function slugs(query: string): Promise<[string[], number]> {
    const { status, body } = await call(list, 'GET', `/articles${query}`);
    expect(status).toBe(200);
    return [body.articles.map(({ slug }: { slug: string }) => slug), body.articlesCount];
  }

  test('gives the newest twenty without their bodies, and how many there are', async () => {
    const { body } = await call(list, 'GET', '/articles', { token });
    expect(body.articlesCount).toBe(130);
    expect(body.articles.map(({ title }: { title: string }) => title)).toEqual(
      Array.from({ length: 20 }, (_, index) => `A${130 - index}`),
    );
    expect(body.articles[0]).toEqual({
      slug: 'a130',
      title: 'A130',
      description: 'd',
      tagList: [expect.stringMatching(/^(even|odd)$/)],
      createdAt: expect.stringMatching(ISO),
      updatedAt: expect.stringMatching(ISO),
      favorited: false,
      favoritesCount: 0,
      author: { username: 'Dave', bio: null, image: null, following: false },
    });
  });

  test.each<[string, string[], number]>([
    ['?limit=3', ['a130', 'a129', 'a128'], 130],
    ['?limit=2&offset=128', ['a2', 'a1'], 130],
    ['?offset=1000', [], 130],
    ['?author=Dave&limit=2', ['a130', 'a120'], 13],
    ['?author=dave&limit=1', ['a130'], 13],
    ['?author=nobody', [], 0],
    ['?favorited=Dave', ['a10', 'a1'], 2],
    ['?favorited=Dave&author=Carol', ['a1'], 1],
    ['?favorited=Carol', [], 0],
    ['?tag=nothing', [], 0],
    ['?tag=&limit=1', ['a130'], 130],
  ])('answers %s', async (query, expected, count) => {
    expect(await slugs(query)).toEqual([expected, count]);
  });

  test('filters by tag', async () => {
    const { rows } = await list.database.pool.query(
      "SELECT slug FROM articles JOIN article_tags ON article_id = id WHERE tag = 'even' AND slug LIKE '%0' ORDER BY id DESC",
    );
    const [found, count] = await slugs('?tag=even&author=Dave&limit=100');
    expect([found, count]).toEqual([rows.map(({ slug }) => slug), rows.length]);
    expect((await slugs('?tag=even'))[1]).toBe(65);
  });

  test('shows every article once, page by page', async () => {
    const seen: string[] = [];
    for (let offset = 0; offset < 130; offset += 7)
      seen.push(...(await slugs(`?limit=7&offset=${offset}`))[0]);
    expect(new Set(seen).size).toBe(130);
  });

  test('never gives more than a hundred', async () => {
    expect((await slugs('?limit=100000'))[0]).toHaveLength(100);
  });

  test.each([
    ['?limit=0', { limit: ['must be an integer, 1 or more'] }],
    ['?limit=-1', { limit: ['must be an integer, 1 or more'] }],
    ['?limit=ten', { limit: ['must be an integer, 1 or more'] }],
    ['?limit=1;DROP TABLE users', { limit: ['must be an integer, 1 or more'] }],
    ['?offset=-1', { offset: ['must be an integer, 0 or more'] }],
    ['?offset=1e3', { offset: ['must be an integer, 0 or more'] }],
    ['?offset=99999999999999999999', { offset: ['must be an integer, 0 or more'] }],
    ['?tag=a&tag=b', { tag: ['must be given once'] }],
    ['?author=%00', { author: ["can't hold the character NUL"] }],
  ])('refuses %s', async (query, errors) => {
    expect(await call(list, 'GET', `/articles${query}`)).toEqual({ status: 422, body: { errors } });
  });

  test.each(['tag', 'author', 'favorited'])('takes SQL in %s as text', async (name) => {
    for (const sql of ["' OR '1'='1", "'; DROP TABLE users; --", '$1', '?', '\\', '%', '_']) {
      expect(await slugs(`?${name}=${encodeURIComponent(sql)}`)).toEqual([[], 0]);
    }
    expect((await slugs(''))[1]).toBe(130);
  });
});

describe('GET /api/tags', () => {
  test('gives the tags, those of most articles first', async () => {
    const { status, body } = await call(service, 'GET', '/tags');
    expect(status).toBe(200);
    expect(body).toEqual({ tags: ['engines', 'weaving', 'ape', 'mule', 'zebra'] });
  });
});
