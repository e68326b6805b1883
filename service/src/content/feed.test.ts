import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, signUpByApi, startTestService, type TestService } from '../testing.ts';

let service: TestService;
let reader: string;
let stranger: string;

beforeAll(async () => {
  service = await startTestService();
  reader = await signUpByApi(service, 'Reader');
  stranger = await signUpByApi(service, 'Stranger');
  for (const name of ['Ada', 'Bob', 'Carol']) await signUpByApi(service, name);
  const { pool } = service.database;
  await pool.query(
    `INSERT INTO follows (follower_id, followed_id)
     SELECT reader.id, followed.id FROM users reader, users followed
      WHERE reader.username = 'Reader' AND followed.username IN ('Ada', 'Bob')`,
  );
  // All of the same moment, the authors in turn: a1 by Ada, a2 by Bob, a3 by Carol, a4 by Ada, …
  await pool.query(
    `INSERT INTO articles (author_id, slug, title, description, body, created_at)
     SELECT users.id, 'a' || n, 'A' || n, 'd', 'b', '2026-01-01' FROM generate_series(1, 90) AS n
       JOIN users ON username = (ARRAY['Carol', 'Ada', 'Bob'])[1 + n % 3]
      ORDER BY n`,
  );
});

afterAll(() => service.stop());

async function feed(query = '', token: string = reader): Promise<{ slugs: string[]; count: number }> {
  const { status, body } = await call(service, 'GET', `/articles/feed${query}`, { token });
  expect(status).toBe(200);
  return { slugs: body.articles.map(({ slug }: { slug: string }) => slug), count: body.articlesCount };
}

/** The slugs of Ada and Bob, newest first. */
const EXPECTED = Array.from({ length: 90 }, (_, index) => 90 - index)
  .filter((n) => n % 3 !== 0)
  .map((n) => `a${n}`);

describe('GET /api/articles/feed', () => {
  test('gives the newest twenty of those one follows, and how many there are', async () => {
    expect(await feed()).toEqual({ slugs: EXPECTED.slice(0, 20), count: 60 });
  });

  test('gives them without their bodies, each author as followed', async () => {
    const { body } = await call(service, 'GET', '/articles/feed?limit=1', { token: reader });
    expect(body.articles).toEqual([
      {
        slug: 'a89',
        title: 'A89',
        description: 'd',
        tagList: [],
        createdAt: '2026-01-01T00:00:00.000Z',
        updatedAt: expect.any(String),
        favorited: false,
        favoritesCount: 0,
        author: { username: 'Bob', bio: null, image: null, following: true },
      },
    ]);
  });

  test.each([
    ['?limit=3', 0, 3],
    ['?limit=7&offset=15', 15, 22],
    ['?limit=100&offset=50', 50, 60],
    ['?offset=60', 60, 60],
  ])('%s cuts the list', async (query, from, to) => {
    expect(await feed(query)).toEqual({ slugs: EXPECTED.slice(from, to), count: 60 });
  });

  test('is empty for somebody who follows nobody', async () => {
    expect(await feed('', stranger)).toEqual({ slugs: [], count: 0 });
  });

  test('needs a token', async () => {
    expect(await call(service, 'GET', '/articles/feed')).toEqual({
      status: 401,
      body: { errors: { token: ['is missing'] } },
    });
  });

  test.each([
    ['?limit=0', { limit: ['must be an integer, 1 or more'] }],
    ['?offset=-1', { offset: ['must be an integer, 0 or more'] }],
  ])('refuses %s', async (query, errors) => {
    expect(await call(service, 'GET', `/articles/feed${query}`, { token: reader })).toEqual({
      status: 422,
      body: { errors },
    });
  });
});
