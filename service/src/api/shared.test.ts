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

describe('answers that many ask for at once', () => {
  test('show what was written before each asked', async () => {
    let stopped = false;
    const crowd = Array.from({ length: 4 }, async () => {
      let asked = 0;
      for (; !stopped; asked += 1) {
        await Promise.all([call(service, 'GET', '/articles'), call(service, 'GET', '/tags')]);
      }
      return asked;
    });
    for (let time = 0; time < 15; time += 1) {
      const title = `Number ${time}`;
      const article = { title, description: 'd', body: 'b', tagList: [`tag-${time}`] };
      expect((await call(service, 'POST', '/articles', { token: ada, body: { article } })).status).toBe(201);
      const [list, tags] = await Promise.all([
        call(service, 'GET', '/articles'),
        call(service, 'GET', '/tags'),
      ]);
      expect([list.body.articles[0].title, list.body.articlesCount]).toEqual([title, time + 1]);
      expect(tags.body.tags).toContain(`tag-${time}`);
    }
    stopped = true;
    expect(Math.min(...(await Promise.all(crowd)))).toBeGreaterThan(0);
  });

  test('are each reader’s own', async () => {
    const { slug } = (await call(service, 'GET', '/articles')).body.articles[0];
    await call(service, 'POST', `/articles/${slug}/favorite`, { token: bob });
    const answers = await Promise.all(
      [ada, bob, undefined, ada, bob, undefined].map((token) =>
        call(service, 'GET', `/articles/${slug}`, { token }),
      ),
    );
    expect(answers.map(({ body }) => body.article.favorited)).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  test('say that they are JSON and how long they are', async () => {
    const get = await fetch(`${service.url}/api/articles`);
    const text = await get.text();
    expect(get.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(get.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    const head = await fetch(`${service.url}/api/articles`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      get.headers.get('content-length'),
      '',
    ]);
  });
});
