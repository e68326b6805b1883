import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, startTestService, type TestService } from '../testing.ts';
import { ARTICLES } from './articles.ts';
import { COMMENTS } from './comments.ts';
import { DEMO, PEOPLE } from './people.ts';
import { seed } from './seed.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

async function everything(): Promise<unknown> {
  const tables = ['users', 'follows', 'articles', 'article_tags', 'favorites', 'comments'];
  return Promise.all(
    tables.map(
      async (table) => (await service.database.pool.query(`SELECT * FROM ${table} ORDER BY 1, 2`)).rows,
    ),
  );
}

describe('the demonstration data', () => {
  test('names only people who are in it', () => {
    const names = new Set(PEOPLE.map(({ username }) => username));
    const named = [
      ...PEOPLE.flatMap(({ follows }) => follows),
      ...ARTICLES.flatMap((a) => [a.author, ...a.likedBy]),
      ...Object.values(COMMENTS).flatMap((comments) => comments.map(({ author }) => author)),
    ];
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  test('is put in once, even by two at the same time', async () => {
    await Promise.all([seed(service.database.pool), seed(service.database.pool)]);
    const once = await everything();
    expect(await seed(service.database.pool)).toMatch(
      /^demonstration data: 0 articles added, 27 there already;/,
    );
    expect(await everything()).toEqual(once);
  });

  test('has more than one page of articles, newest first, with tags and favourites', async () => {
    const { body } = await call(service, 'GET', '/articles');
    expect(body.articlesCount).toBe(27);
    expect(body.articles[0]).toMatchObject({
      title: ARTICLES[0]?.title,
      tagList: ARTICLES[0]?.tags,
      favoritesCount: 4,
    });
  });

  test('has comments on articles that are in it, none from the future, the newest first', async () => {
    const titles = new Set(ARTICLES.map(({ title }) => title));
    expect(Object.keys(COMMENTS).filter((title) => !titles.has(title))).toEqual([]);
    const { rows } = await service.database.pool.query(
      `SELECT count(*), count(*) FILTER (WHERE comments.created_at < now()) AS past,
              count(*) FILTER (WHERE comments.created_at > articles.created_at) AS later
         FROM comments JOIN articles ON articles.id = article_id`,
    );
    const count = Object.values(COMMENTS).flat().length;
    expect(rows).toEqual([{ count, past: count, later: count }]);
    const newest = ARTICLES[0]?.title as string;
    const { body } = await call(service, 'GET', '/articles/ship-on-a-tuesday-morning/comments');
    expect(body.comments.map((comment: { body: string }) => comment.body)).toEqual(
      COMMENTS[newest]?.map((comment) => comment.body).reverse(),
    );
  });

  test('has an account to look around with', async () => {
    const { email, password, username } = DEMO;
    const { status, body } = await call(service, 'POST', '/users/login', {
      body: { user: { email, password } },
    });
    expect([status, body.user.username]).toEqual([200, username]);
    const article = (await call(service, 'GET', '/articles?limit=1', { token: body.user.token })).body
      .articles[0];
    expect([article.favorited, article.author.following]).toEqual([true, true]);
  });

  test('stops when somebody else has the name of one of its people', async () => {
    const other = await startTestService();
    await call(other, 'POST', '/users', {
      body: { user: { username: 'Edith Brandt', email: 'real@example.com', password: 'password1' } },
    });
    await expect(seed(other.database.pool)).rejects.toThrow(
      '--seed: somebody else is called Edith Brandt in this database',
    );
    expect((await call(other, 'GET', '/articles')).body.articlesCount).toBe(0);
    await other.stop();
  });
});
