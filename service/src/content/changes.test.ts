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

/** An article of Ada's. */
async function publish(title = `Engine number ${++count}`): Promise<Record<string, any>> {
  const article = { title, description: 'd', body: 'b', tagList: ['zebra', 'ape', 'mule'] };
  return (await call(service, 'POST', '/articles', { token: ada, body: { article } })).body.article;
}

function change(slug: string, article: unknown, token: string | undefined = ada) {
  return call(service, 'PUT', `/articles/${slug}`, { token, body: { article } });
}

function remove(slug: string, token: string | undefined = ada) {
  return call(service, 'DELETE', `/articles/${slug}`, { token });
}

function read(slug: string) {
  return call(service, 'GET', `/articles/${slug}`);
}

const NOT_FOUND = { status: 404, body: { errors: { article: ['not found'] } } };
const FORBIDDEN = { status: 403, body: { errors: { article: ['forbidden'] } } };
const MISSING = { status: 401, body: { errors: { token: ['is missing'] } } };

describe('PUT /api/articles/:slug', () => {
  test.each([
    ['the body', { body: 'With both hands.' }],
    ['the description', { description: 'another' }],
    ['the tags, in their order', { tagList: ['mule', 'horse', 'zebra'] }],
    ['the tags, which all go', { tagList: [] }],
    ['all but the title', { description: 'e', body: 'c', tagList: ['one'] }],
    ['nothing', {}],
  ])('changes %s, the moment of the change, and nothing else', async (_what, changes) => {
    const before = await publish();
    const { status, body } = await change(before.slug as string, changes);
    expect(status).toBe(200);
    expect(body.article).toEqual({ ...before, ...changes, updatedAt: expect.any(String) });
    expect(body.article.updatedAt > before.updatedAt).toBe(true);
    expect((await read(before.slug as string)).body).toEqual(body);
  });

  test('moves the moment of the change each time', async () => {
    const { slug } = await publish();
    const moments: string[] = [];
    for (let time = 0; time < 5; time += 1) moments.push((await change(slug, {})).body.article.updatedAt);
    expect([...new Set(moments)].sort()).toEqual(moments);
  });

  test('gives a new title its slug; the old one is gone', async () => {
    const before = await publish();
    const { article } = (await change(before.slug, { title: `Loom number ${count}` })).body;
    expect(article).toMatchObject({
      title: `Loom number ${count}`,
      slug: `loom-number-${count}`,
      tagList: before.tagList,
    });
    expect(await read(before.slug)).toEqual(NOT_FOUND);
    expect((await read(article.slug)).status).toBe(200);
  });

  test('keeps the slug of a title that reads the same in an address', async () => {
    const first = await publish('One of two');
    const second = await publish('One of two');
    for (const slug of [first.slug, second.slug]) {
      const { article } = (await change(slug, { title: 'ONE of two!' })).body;
      expect([article.title, article.slug]).toEqual(['ONE of two!', slug]);
    }
  });

  test('gives a title that is taken another slug, also at the same moment', async () => {
    await publish('Taken');
    const drafts = [await publish(), await publish(), await publish()];
    const answers = await Promise.all(drafts.map(({ slug }) => change(slug, { title: 'Taken' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const { body } of answers) expect(body.article.slug).toMatch(/^taken-[0-9a-z]{6}$/);
  });

  test('keeps the favourites', async () => {
    const { slug } = await publish();
    await call(service, 'POST', `/articles/${slug}/favorite`, { token: bob });
    expect((await change(slug, { title: `Kept ${count}` })).body.article.favoritesCount).toBe(1);
  });

  test('at the same moment leaves what one of them wanted, whole', async () => {
    const { slug } = await publish();
    const wishes = ['one', 'two', 'three', 'four', 'five', 'six'].map((name) => ({
      body: name,
      tagList: [name, 'shared', `${name}-too`],
    }));
    const answers = await Promise.all(wishes.map((wish) => change(slug, wish)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    const { article } = (await read(slug)).body;
    expect(wishes).toContainEqual({ body: article.body, tagList: article.tagList });
  });

  test('ends with 200 or 404 when the article gets another slug or is removed at the same moment', async () => {
    for (let time = 0; time < 5; time += 1) {
      const { slug } = await publish();
      const answers = await Promise.all([
        change(slug, { title: `Moved ${count}`, tagList: ['x'] }),
        change(slug, { tagList: ['y'] }),
        remove(slug),
      ]);
      for (const { status } of answers) expect([200, 204, 404]).toContain(status);
    }
  });

  test.each([
    ['a blank title', { title: ' ' }, { title: ["can't be blank"] }],
    ['a title that is null', { title: null }, { title: ["can't be blank"] }],
    ['a blank description', { description: '' }, { description: ["can't be blank"] }],
    ['a blank body', { body: '\n' }, { body: ["can't be blank"] }],
    ['tags that are null', { tagList: null }, { tagList: ["can't be blank"] }],
    ['a blank tag', { tagList: [''] }, { tagList: ["can't be blank"] }],
    ['no object', 'text', { article: ['must be an object'] }],
  ])('refuses %s and keeps the article', async (_what, changes, errors) => {
    const before = await publish();
    expect(await change(before.slug, changes)).toEqual({ status: 422, body: { errors } });
    expect((await read(before.slug)).body.article).toEqual(before);
  });

  test('is for the author alone', async () => {
    const before = await publish();
    expect(await change(before.slug, { body: 'mine now' }, bob)).toEqual(FORBIDDEN);
    expect((await read(before.slug)).body.article).toEqual(before);
  });

  test('asks who is calling before it looks for the article', async () => {
    expect(await call(service, 'PUT', '/articles/nope', { body: '{not json' })).toEqual(MISSING);
    expect(await change('nope', { body: 'c' })).toEqual(NOT_FOUND);
    expect(await change('%00', { body: 'c' })).toEqual(NOT_FOUND);
  });
});

describe('DELETE /api/articles/:slug', () => {
  test('removes the article with all that hangs on it', async () => {
    const { slug } = await publish();
    await call(service, 'POST', `/articles/${slug}/favorite`, { token: bob });
    await call(service, 'POST', `/articles/${slug}/comments`, {
      token: bob,
      body: { comment: { body: 'Oh.' } },
    });
    expect(await remove(slug)).toEqual({ status: 204, body: undefined });
    expect(await read(slug)).toEqual(NOT_FOUND);
    expect(await remove(slug)).toEqual(NOT_FOUND);
    const { body } = await call(service, 'GET', '/articles?favorited=Bob&limit=100');
    expect(body.articles.map((article: { slug: string }) => article.slug)).not.toContain(slug);
  });

  test('frees the slug', async () => {
    const { slug } = await publish('Once more');
    await remove(slug);
    expect((await publish('Once more')).slug).toBe(slug);
  });

  test('is for the author alone', async () => {
    const { slug } = await publish();
    expect(await remove(slug, bob)).toEqual(FORBIDDEN);
    expect((await read(slug)).status).toBe(200);
  });

  test('asks who is calling before it looks for the article', async () => {
    expect(await call(service, 'DELETE', '/articles/nope')).toEqual(MISSING);
    expect(await remove('nope')).toEqual(NOT_FOUND);
    expect(await remove('%00')).toEqual(NOT_FOUND);
  });
});
