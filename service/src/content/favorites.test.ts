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

/** An article of Ada's, nobody's favourite yet. */
async function publish(): Promise<string> {
  count += 1;
  const article = { title: `Engine ${count}`, description: 'd', body: 'They weave.', tagList: ['engines'] };
  const { body } = await call(service, 'POST', '/articles', { token: ada, body: { article } });
  return body.article.slug;
}

function favorite(slug: string, token?: string) {
  return call(service, 'POST', `/articles/${slug}/favorite`, { token });
}

function unfavorite(slug: string, token?: string) {
  return call(service, 'DELETE', `/articles/${slug}/favorite`, { token });
}

async function state(slug: string, token?: string): Promise<[boolean, number]> {
  const { article } = (await call(service, 'GET', `/articles/${slug}`, { token })).body;
  return [article.favorited, article.favoritesCount];
}

describe('favouriting', () => {
  test('gives the whole article as it is then, in both directions', async () => {
    const slug = await publish();
    const before = (await call(service, 'GET', `/articles/${slug}`, { token: bob })).body;
    expect(await favorite(slug, bob)).toEqual({
      status: 200,
      body: { article: { ...before.article, favorited: true, favoritesCount: 1 } },
    });
    expect(await unfavorite(slug, bob)).toEqual({ status: 200, body: before });
  });

  test('a second time changes nothing, in both directions', async () => {
    const slug = await publish();
    await favorite(slug, bob);
    expect((await favorite(slug, bob)).body.article.favoritesCount).toBe(1);
    await unfavorite(slug, bob);
    expect((await unfavorite(slug, bob)).body.article.favoritesCount).toBe(0);
  });

  test('is counted for everybody and marked for oneself', async () => {
    const slug = await publish();
    await favorite(slug, bob);
    await favorite(slug, ada);
    expect((await unfavorite(slug, ada)).body.article).toMatchObject({ favorited: false, favoritesCount: 1 });
    expect([await state(slug), await state(slug, ada), await state(slug, bob)]).toEqual([
      [false, 1],
      [false, 1],
      [true, 1],
    ]);
  });

  test('at the same moment by one reader counts once', async () => {
    const slug = await publish();
    const answers = await Promise.all(Array.from({ length: 8 }, () => favorite(slug, bob)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await state(slug, bob)).toEqual([true, 1]);
  });

  test('back and forth at the same moment leaves a count that is true', async () => {
    const slug = await publish();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        (index % 2 === 0 ? favorite : unfavorite)(slug, index % 3 === 0 ? ada : bob),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const marked = [(await state(slug, ada))[0], (await state(slug, bob))[0]].filter(Boolean).length;
    expect((await state(slug))[1]).toBe(marked);
  });

  test('ends with 200 or 404 when the article is removed at the same moment', async () => {
    for (let time = 0; time < 10; time += 1) {
      const slug = await publish();
      await favorite(slug, ada);
      const remove = service.database.pool.query('DELETE FROM articles WHERE slug = $1', [slug]);
      const answers = await Promise.all([favorite(slug, bob), unfavorite(slug, ada), remove]);
      for (const { status } of answers.slice(0, 2) as { status: number }[])
        expect([200, 404]).toContain(status);
    }
  });

  test.each([
    ['favourite', favorite],
    ['unfavourite', unfavorite],
  ])('asks who is calling before it looks for the article (%s)', async (_what, change) => {
    const missing = { status: 401, body: { errors: { token: ['is missing'] } } };
    expect(await change('nope')).toEqual(missing);
    expect(await change(await publish())).toEqual(missing);
    expect(await change('nope', 'bad')).toEqual({
      status: 401,
      body: { errors: { token: ['is invalid'] } },
    });
  });

  test.each(['nope', '%00', "'; DROP TABLE favorites; --"])('knows no %s', async (slug) => {
    const path = slug === '%00' ? slug : encodeURIComponent(slug);
    const unknown = { status: 404, body: { errors: { article: ['not found'] } } };
    expect(await favorite(path, bob)).toEqual(unknown);
    expect(await unfavorite(path, bob)).toEqual(unknown);
  });
});
