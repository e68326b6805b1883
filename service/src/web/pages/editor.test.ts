import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, signUpByApi, startTestService, type TestService, Visitor } from '../../testing.ts';

let service: TestService;
let writer: Visitor;

const ARTICLE = {
  title: 'On engines',
  description: 'Notes',
  body: 'They weave.',
  tags: 'weaving, engines,, weaving',
};

beforeAll(async () => {
  service = await startTestService();
  writer = await Visitor.signedUp(service, 'Writer');
});

afterAll(() => service.stop());

async function tagsOf(slug: string): Promise<string[]> {
  return (await call(service, 'GET', `/articles/${slug}`)).body.article.tagList;
}

describe('a new article', () => {
  test('is for those who are signed in', async () => {
    const guest = new Visitor(service);
    for (const response of [
      await guest.get('/editor'),
      await guest.get('/editor/on-engines'),
      await guest.submit('/editor', ARTICLE),
      await guest.submit('/editor/on-engines', ARTICLE),
    ]) {
      expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
    }
  });

  test('leads to its page', async () => {
    expect(await (await writer.get('/editor')).text()).toContain('Publish Article');
    const response = await writer.submit('/editor', ARTICLE);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/article/on-engines']);
    expect(await tagsOf('on-engines')).toEqual(['weaving', 'engines']);
  });

  test('takes the tags of the script besides those that were typed', async () => {
    const tagList = JSON.stringify(['with, comma', 'engines']);
    await writer.submit('/editor', { ...ARTICLE, title: 'Tagged', tagList, tags: 'engines, last' });
    expect(await tagsOf('tagged')).toEqual(['with, comma', 'engines', 'last']);
  });

  test.each(['nonsense', '{"a":1}', '[1,{}]', '["'])(
    'takes no tags from %j, which the script does not send',
    async (tagList) => {
      await writer.submit('/editor', { ...ARTICLE, title: `Odd ${tagList.length}`, tagList, tags: 'one' });
      expect(await tagsOf(`odd-${tagList.length}`)).toEqual(['one']);
    },
  );

  test('that is sent twice is published once', async () => {
    const form = /name="form" value="([^"]+)"/.exec(
      await (await writer.get('/editor')).text(),
    )?.[1] as string;
    const twice = { ...ARTICLE, title: 'Sent twice', form };
    const responses = await Promise.all([writer.submit('/editor', twice), writer.submit('/editor', twice)]);
    expect(responses.map(({ headers }) => headers.get('location'))).toEqual([
      '/article/sent-twice',
      '/article/sent-twice',
    ]);
    expect((await call(service, 'GET', '/articles?limit=100')).body.articles).toContainEqual(
      expect.objectContaining({ slug: 'sent-twice' }),
    );
    expect((await call(service, 'GET', '/articles/sent-twice-2')).status).toBe(404);
  });

  test('with something left out comes back as it was typed', async () => {
    const body = '\n</textarea><script>alert(1)</script>';
    const response = await writer.submit('/editor', { title: '', description: 'D "q"', body, tags: 'a, b' });
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(text).toContain('<li>title can&#39;t be blank</li>');
    expect(text).toContain('value="D &#34;q&#34;"');
    expect(text).toContain('value="a, b"');
    expect(text).toContain('>\n\n&#60;/textarea&#62;&#60;script&#62;alert(1)&#60;/script&#62;</textarea>');
  });

  test('of the greatest length is taken, however its characters are encoded on the way', async () => {
    const body = 'é '.repeat(50_000);
    const response = await writer.submit('/editor', { ...ARTICLE, title: 'Long', body });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/article/long']);
  });

  test('of more than that is refused', async () => {
    const response = await writer.submit('/editor', { ...ARTICLE, body: 'x'.repeat(200_001) });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('body is too long (maximum is 200000 characters)');
    const far = await writer.submit('/editor', { ...ARTICLE, body: 'x'.repeat(2_200_000) });
    expect(far.status).toBe(413);
    expect(await far.text()).toContain('What you sent is too large.');
  });
});

describe('an article that is changed', () => {
  test('is in the form as it is', async () => {
    await writer.submit('/editor', { ...ARTICLE, title: 'As it is', body: '\nFirst\n', tags: 'a, "b"' });
    const text = await (await writer.get('/editor/as-it-is')).text();
    expect(text).toContain('value="As it is"');
    expect(text).toContain('>\n\nFirst\n</textarea>');
    expect(text).toContain('value="a, &#34;b&#34;"');
    expect(text).toContain('data-tags="[&#34;a&#34;,&#34;\\&#34;b\\&#34;&#34;]"');
  });

  test('leads to its page, under whatever address that is then', async () => {
    await writer.submit('/editor', { ...ARTICLE, title: 'First title' });
    const response = await writer.submit('/editor/first-title', {
      ...ARTICLE,
      title: 'Second title',
      tags: '',
    });
    const path = response.headers.get('location') as string;
    expect([response.status, (await writer.get(path)).status]).toEqual([303, 200]);
    expect(await (await writer.get(path)).text()).toContain('<h1>Second title</h1>');
    expect(await tagsOf(path.replace('/article/', ''))).toEqual([]);
  });

  test('with something wrong comes back as it was typed', async () => {
    await writer.submit('/editor', { ...ARTICLE, title: 'To be refused' });
    const response = await writer.submit('/editor/to-be-refused', { ...ARTICLE, title: ' ', body: 'New' });
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text).toContain('action="/editor/to-be-refused"');
    expect(text).toContain('>\nNew</textarea>');
  });

  test('is one of one’s own', async () => {
    const token = await signUpByApi(service, 'Other');
    const article = { title: 'Of another', description: 'd', body: 'b' };
    await call(service, 'POST', '/articles', { token, body: { article } });
    expect((await writer.get('/editor/of-another')).status).toBe(403);
    const response = await writer.submit('/editor/of-another', ARTICLE);
    expect(response.status).toBe(403);
    expect((await call(service, 'GET', '/articles/of-another')).body.article.title).toBe('Of another');
  });

  test('is one that is there', async () => {
    expect((await writer.get('/editor/nothing')).status).toBe(404);
  });
});
