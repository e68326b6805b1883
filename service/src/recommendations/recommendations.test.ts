import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { call, signUpByApi, startTestService, type TestService } from '../testing.ts';

let service: TestService;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  service = await startTestService();
  for (const name of ['Reader', 'Ada', 'Bob', 'Carol', 'Dave'])
    tokens[name] = await signUpByApi(service, name);
});

beforeEach(() => service.database.pool.query('DELETE FROM articles; DELETE FROM follows'));

afterAll(() => service.stop());

async function publish(author: string, title: string, ...tagList: string[]): Promise<string> {
  const article = { title, description: 'd', body: 'b', tagList };
  return (await call(service, 'POST', '/articles', { token: tokens[author], body: { article } })).body.article
    .slug;
}

async function favorite(slug: string, ...names: string[]): Promise<void> {
  for (const name of names)
    await call(service, 'POST', `/articles/${slug}/favorite`, { token: tokens[name] });
}

function follow(follower: string, followed: string): Promise<unknown> {
  return service.database.pool.query(
    'INSERT INTO follows (follower_id, followed_id) SELECT a.id, b.id FROM users a, users b WHERE a.username = $1 AND b.username = $2',
    [follower, followed],
  );
}

async function recommended(query = '', name?: string): Promise<string[]> {
  const { status, body } = await call(service, 'GET', `/recommendations${query}`, {
    token: name === undefined ? undefined : tokens[name],
  });
  expect(status).toBe(200);
  return body.articles.map(({ slug }: { slug: string }) => slug);
}

/** As many articles that nothing speaks for, newer than all before. */
async function publishOthers(count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) await publish('Dave', `Other ${n}`, `alone-${n}`);
}

describe('GET /api/recommendations', () => {
  test('gives articles without their bodies, as the reader sees them', async () => {
    const slug = await publish('Ada', 'Notes', 'b', 'a');
    await favorite(slug, 'Bob');
    await follow('Reader', 'Ada');
    expect((await call(service, 'GET', '/recommendations', { token: tokens.Reader })).body).toEqual({
      articles: [
        {
          slug,
          title: 'Notes',
          description: 'd',
          tagList: ['b', 'a'],
          createdAt: expect.any(String),
          updatedAt: expect.any(String),
          favorited: false,
          favoritesCount: 1,
          author: { username: 'Ada', bio: null, image: null, following: true },
        },
      ],
    });
  });

  test('gives a guest what shares tags with what they read, the more the likelier', async () => {
    const read = await publish('Ada', 'Read', 'looms', 'engines', 'poetry');
    const one = await publish('Bob', 'One', 'looms');
    const two = await publish('Bob', 'Two', 'poetry', 'looms');
    await publishOthers(6);
    expect(await recommended(`?article=${read}&limit=2`)).toEqual([two, one]);
  });

  test('takes a tag of few articles for a better sign than one of many', async () => {
    const read = await publish('Ada', 'Read', 'rare', 'common');
    const rare = await publish('Bob', 'Rare', 'rare');
    for (let n = 0; n < 6; n += 1) await publish('Bob', `Common ${n}`, 'common');
    expect((await recommended(`?article=${read}`))[0]).toBe(rare);
  });

  test('gives a guest what those who favourite an article favourite besides', async () => {
    const read = await publish('Ada', 'Read');
    const besides = await publish('Bob', 'Besides');
    await favorite(read, 'Carol');
    await favorite(besides, 'Carol');
    await publishOthers(6);
    expect((await recommended(`?article=${read}&limit=1`))[0]).toBe(besides);
  });

  test('gives a guest the favourites of most when nothing else is known', async () => {
    const [first, second] = [await publish('Ada', 'First'), await publish('Ada', 'Second')];
    await publishOthers(3);
    await favorite(first, 'Bob', 'Carol', 'Dave');
    await favorite(second, 'Bob');
    expect(await recommended('?limit=2')).toEqual([first, second]);
  });

  test('gives a reader articles by whom they follow', async () => {
    const followed = await publish('Bob', 'Followed');
    await publishOthers(6);
    expect((await recommended('?limit=1', 'Reader'))[0]).not.toBe(followed);
    await follow('Reader', 'Bob');
    expect((await recommended('?limit=1', 'Reader'))[0]).toBe(followed);
  });

  test('gives a reader articles like their favourites: by tag, by author, by those who share them', async () => {
    const liked = await publish('Ada', 'Liked', 'looms');
    const byTag = await publish('Bob', 'By tag', 'looms');
    const byAuthor = await publish('Ada', 'By author');
    const byPeer = await publish('Bob', 'By peer');
    await publishOthers(6);
    await favorite(liked, 'Reader', 'Carol');
    await favorite(byPeer, 'Carol');
    expect((await recommended('?limit=3', 'Reader')).sort()).toEqual([byTag, byAuthor, byPeer].sort());
  });

  test('never gives a reader their own, what they favourite, or what they read', async () => {
    const own = await publish('Reader', 'Own', 'looms');
    const liked = await publish('Ada', 'Liked', 'looms');
    const read = await publish('Ada', 'Read', 'looms');
    const other = await publish('Ada', 'Another', 'looms');
    await favorite(liked, 'Reader', 'Bob');
    for (const slug of [own, read, other]) await favorite(slug, 'Bob');
    expect(await recommended(`?article=${read}`, 'Reader')).toEqual([other]);
    expect((await recommended('', 'Reader')).sort()).toEqual([other, read].sort());
    expect((await recommended(`?article=${read}`)).sort()).toEqual([liked, other, own].sort());
  });

  test('gives each article once, five unless told otherwise', async () => {
    const read = await publish('Ada', 'Read', 'a', 'b', 'c');
    for (let n = 0; n < 8; n += 1)
      await favorite(await publish('Ada', `Near ${n}`, 'a', 'b', 'c'), 'Bob', 'Carol');
    await favorite(read, 'Bob', 'Carol');
    expect(new Set(await recommended(`?article=${read}`)).size).toBe(5);
    expect(new Set(await recommended(`?article=${read}&limit=100`)).size).toBe(8);
  });

  test('is empty when there is nothing', async () => {
    expect(await recommended()).toEqual([]);
    expect(await recommended('', 'Reader')).toEqual([]);
    const only = await publish('Ada', 'Only');
    expect(await recommended(`?article=${only}`)).toEqual([]);
  });

  test('knows no other article', async () => {
    const unknown = { status: 404, body: { errors: { article: ['not found'] } } };
    expect(await call(service, 'GET', '/recommendations?article=nope')).toEqual(unknown);
    expect(await call(service, 'GET', '/recommendations?article=nope', { token: tokens.Reader })).toEqual(
      unknown,
    );
  });

  test.each([
    ['?limit=0', { limit: ['must be an integer, 1 or more'] }],
    ['?limit=many', { limit: ['must be an integer, 1 or more'] }],
    ['?article=%00', { article: ["can't hold the character NUL"] }],
    ['?article=a&article=b', { article: ['must be given once'] }],
  ])('refuses %s', async (query, errors) => {
    expect(await call(service, 'GET', `/recommendations${query}`)).toEqual({ status: 422, body: { errors } });
  });

  test('refuses a bad token', async () => {
    expect(await call(service, 'GET', '/recommendations', { token: 'bad' })).toEqual({
      status: 401,
      body: { errors: { token: ['is invalid'] } },
    });
  });
});
