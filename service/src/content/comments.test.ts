import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, signUpByApi, startTestService, type TestService } from '../testing.ts';

let service: TestService;
let ada: string;
let bob: string;
let count = 0;

beforeAll(async () => {
  service = await startTestService();
  ada = await signUpByApi(service, 'Ada');
  bob = await signUpByApi(service, 'Bob');
});

afterAll(() => service.stop());

/** An article of Ada's without comments. */
async function publish(): Promise<string> {
  count += 1;
  const article = { title: `Engine ${count}`, description: 'd', body: 'b' };
  const { body } = await call(service, 'POST', '/articles', { token: ada, body: { article } });
  return body.article.slug;
}

function list(slug: string, token?: string) {
  return call(service, 'GET', `/articles/${slug}/comments`, { token });
}

function add(slug: string, token: string | undefined, comment: unknown = { body: 'Well said.' }) {
  return call(service, 'POST', `/articles/${slug}/comments`, { token, body: { comment } });
}

function remove(slug: string, id: number | string, token?: string) {
  return call(service, 'DELETE', `/articles/${slug}/comments/${id}`, { token });
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MISSING = { status: 401, body: { errors: { token: ['is missing'] } } };
const NO_ARTICLE = { status: 404, body: { errors: { article: ['not found'] } } };
const NO_COMMENT = { status: 404, body: { errors: { comment: ['not found'] } } };

describe('POST /api/articles/:slug/comments', () => {
  test('comments', async () => {
    const slug = await publish();
    const { status, body } = await add(slug, bob, { body: '  Well said.\nIndeed. ' });
    expect(status).toBe(201);
    expect(body).toEqual({
      comment: {
        id: expect.any(Number),
        createdAt: expect.stringMatching(ISO),
        updatedAt: body.comment.createdAt,
        body: 'Well said.\nIndeed.',
        author: { username: 'Bob', bio: null, image: null, following: false },
      },
    });
    expect(await list(slug)).toEqual({ status: 200, body: { comments: [body.comment] } });
  });

  test.each([
    ['nothing', {}, { body: ["can't be blank"] }],
    ['a blank one', { body: ' \n' }, { body: ["can't be blank"] }],
    ['null', { body: null }, { body: ["can't be blank"] }],
    ['a number', { body: 5 }, { body: ['must be a string'] }],
    ['a long one', { body: 'x'.repeat(10_001) }, { body: ['is too long (maximum is 10000 characters)'] }],
  ])('refuses %s', async (_what, comment, errors) => {
    expect(await add(await publish(), bob, comment)).toEqual({ status: 422, body: { errors } });
  });

  test('asks who is calling, then what was sent, then for the article', async () => {
    expect(await add('nope', undefined, {})).toEqual(MISSING);
    expect((await add('nope', bob, {})).status).toBe(422);
    expect(await add('nope', bob)).toEqual(NO_ARTICLE);
  });

  test('ends with 201 or 404 when the article is removed at the same moment', async () => {
    for (let time = 0; time < 10; time += 1) {
      const slug = await publish();
      const removed = service.database.pool.query('DELETE FROM articles WHERE slug = $1', [slug]);
      const [{ status }] = await Promise.all([add(slug, bob), removed]);
      expect([201, 404]).toContain(status);
    }
  });
});

describe('GET /api/articles/:slug/comments', () => {
  test('gives them to anybody, newest first, and says to each reader whom they follow', async () => {
    const slug = await publish();
    for (const [token, body] of [
      [ada, 'first'],
      [bob, 'second'],
      [ada, 'third'],
    ] as const)
      await add(slug, token, { body });
    await service.database.pool.query(
      "INSERT INTO follows (follower_id, followed_id) SELECT bob.id, ada.id FROM users bob, users ada WHERE bob.username = 'Bob' AND ada.username = 'Ada'",
    );
    const seen = async (token?: string) =>
      (await list(slug, token)).body.comments.map(({ body, author }: any) => [
        body,
        author.username,
        author.following,
      ]);
    expect(await seen()).toEqual([
      ['third', 'Ada', false],
      ['second', 'Bob', false],
      ['first', 'Ada', false],
    ]);
    expect(await seen(bob)).toEqual([
      ['third', 'Ada', true],
      ['second', 'Bob', false],
      ['first', 'Ada', true],
    ]);
  });

  test('gives those of this article only', async () => {
    const [one, other] = [await publish(), await publish()];
    await add(one, bob);
    expect(await list(other)).toEqual({ status: 200, body: { comments: [] } });
  });

  test('gives the newest thousand of very many', async () => {
    const slug = await publish();
    await service.database.pool.query(
      'INSERT INTO comments (article_id, author_id, body) SELECT id, author_id, n FROM articles, generate_series(1, 1005) AS n WHERE slug = $1',
      [slug],
    );
    const { comments } = (await list(slug)).body;
    expect([comments.length, comments[0].body, comments[999].body]).toEqual([1000, '1005', '6']);
  });

  test('knows no other article', async () => {
    expect(await list('nope')).toEqual(NO_ARTICLE);
  });

  test('refuses a bad token', async () => {
    expect(await list(await publish(), 'bad')).toEqual({
      status: 401,
      body: { errors: { token: ['is invalid'] } },
    });
  });
});

describe('DELETE /api/articles/:slug/comments/:id', () => {
  test('removes one of several', async () => {
    const slug = await publish();
    const first = (await add(slug, bob)).body.comment;
    const second = (await add(slug, bob)).body.comment;
    expect(await remove(slug, first.id, bob)).toEqual({ status: 204, body: undefined });
    expect((await list(slug)).body.comments).toEqual([second]);
    expect(await remove(slug, first.id, bob)).toEqual(NO_COMMENT);
  });

  test('is for the author of the comment alone, not for that of the article', async () => {
    const slug = await publish();
    const { comment } = (await add(slug, bob)).body;
    expect(await remove(slug, comment.id)).toEqual(MISSING);
    expect(await remove(slug, comment.id, ada)).toEqual({
      status: 403,
      body: { errors: { comment: ['forbidden'] } },
    });
    expect((await list(slug)).body.comments).toEqual([comment]);
  });

  test('asks who is calling, then for the article, then for the comment', async () => {
    const [slug, other] = [await publish(), await publish()];
    const { id } = (await add(slug, bob)).body.comment;
    expect(await remove('nope', 1)).toEqual(MISSING);
    expect(await remove('nope', id, bob)).toEqual(NO_ARTICLE);
    expect(await remove(other, id, bob)).toEqual(NO_COMMENT);
  });

  test.each(['0', '-1', '1.5', 'x', '01', '9007199254740993', '%00'])('knows no comment %s', async (id) => {
    expect(await remove(await publish(), id, bob)).toEqual(NO_COMMENT);
  });
});
