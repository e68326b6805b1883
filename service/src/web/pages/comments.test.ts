import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestService, type TestService, Visitor } from '../../testing.ts';

let service: TestService;
let author: Visitor;
let reader: Visitor;

const PATH = '/article/talked-about';

beforeAll(async () => {
  service = await startTestService();
  [author, reader] = await Promise.all([
    Visitor.signedUp(service, 'Author'),
    Visitor.signedUp(service, 'Reader'),
  ]);
  await author.submit('/editor', { title: 'Talked about', description: 'd', body: 'b' });
});

afterAll(() => service.stop());

async function textOf(visitor: Visitor): Promise<string> {
  return (await visitor.get(PATH)).text();
}

const count = (text: string, part: string) => text.split(part).length - 1;

/** Posts a comment and gives the name of its place on the page. */
async function post(visitor: Visitor, body: string, form = body): Promise<string> {
  const response = await visitor.submit(`${PATH}/comments`, { body, form });
  expect(response.status).toBe(303);
  return /^\/article\/talked-about#(comment-\d+)$/.exec(
    response.headers.get('location') ?? '',
  )?.[1] as string;
}

describe('comments', () => {
  test('guests are invited to sign in, by the one link to that address', async () => {
    const text = await textOf(new Visitor(service));
    expect(text).not.toContain('<textarea');
    expect(count(text, 'href="/login"')).toBe(1);
    expect(text).toMatch(
      /<a href="\/login">Sign in<\/a> or <a href="\/register">sign up<\/a> to add comments/,
    );
  });

  test('one that is posted is shown where it leads to, and its line ends are kept', async () => {
    const place = await post(reader, 'Well said.\r\nTwice.');
    const text = await textOf(new Visitor(service));
    expect(text).toContain(`<div class="card" id="${place}">`);
    expect(text).toMatch(/<p class="card-text">Well said\.\r?\nTwice\.<\/p>/);
    expect(text).toContain('<a class="comment-author" href="/profile/Reader">Reader</a>');
  });

  test('a form that is sent twice, at once or one after the other, makes one', async () => {
    const [first, second] = await Promise.all([post(reader, 'Impatient'), post(reader, 'Impatient')]);
    const third = await post(reader, 'Impatient');
    expect([second, third]).toEqual([first, first]);
    expect(count(await textOf(reader), 'Impatient')).toBe(1);
    // The same words in another showing of the form are another comment.
    expect(await post(reader, 'Impatient', 'another')).not.toBe(first);
  });

  test('an empty one comes back with what is wrong', async () => {
    const response = await reader.submit(`${PATH}/comments`, { body: '  ' });
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text).toContain('<li>body can&#39;t be blank</li>');
    expect(text).toContain('<h1>Talked about</h1>');
  });

  test('one that is too long comes back as it was typed', async () => {
    const body = `\n<b>${'x'.repeat(10_001)}`;
    const response = await reader.submit(`${PATH}/comments`, { body });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(`>\n\n&#60;b&#62;${'x'.repeat(10_001)}</textarea>`);
  });

  test('are removed by who wrote them, also when pressed twice, and by nobody else', async () => {
    const place = await post(reader, 'Regretted');
    const path = `${PATH}/comments/${place.replace('comment-', '')}/delete`;
    expect(await textOf(reader)).toContain(`formaction="${path}"`);
    expect(await textOf(author)).not.toContain(path);
    expect((await author.submit(path, {})).status).toBe(403);
    expect(await textOf(reader)).toContain('Regretted');
    for (let press = 1; press <= 2; press += 1) {
      const response = await reader.submit(path, {});
      expect([response.status, response.headers.get('location')]).toEqual([303, `${PATH}#comments`]);
    }
    expect(await textOf(reader)).not.toContain('Regretted');
  });

  test('guests who try are led to sign in', async () => {
    for (const path of [`${PATH}/comments`, `${PATH}/comments/1/delete`]) {
      const response = await new Visitor(service).submit(path, { body: 'b' });
      expect([response.status, response.headers.get('location')]).toEqual([303, '/login']);
    }
  });

  test('on what is not there say so', async () => {
    expect((await reader.submit('/article/nothing/comments', { body: 'b' })).status).toBe(404);
  });

  test('the address of the form leads to the article', async () => {
    const response = await reader.get(`${PATH}/comments`);
    expect([response.status, response.headers.get('location')]).toEqual([303, `${PATH}#comments`]);
  });
});
