/** What people do with Conduit, by the API and on the pages, each step with what has to come of it. */
import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { call, eventually, Visitor } from '../src/testing.ts';

/** Where the service is. */
type Service = { readonly url: string };

const PASSWORD = 'password1';

/** A name that nobody else has. */
const named = (name: string) => `${name} ${randomBytes(4).toString('hex')}`;

/** Asks the API and looks at the status. @returns the body */
async function api(
  service: Service,
  asked: string,
  status: number,
  options: { token?: string; body?: unknown } = {},
) {
  const [method = '', path = ''] = asked.split(/ (.*)/);
  const answer = await call(service, method, path, options);
  expect({
    asked,
    status: answer.status,
    ...(answer.status === status ? {} : { body: answer.body }),
  }).toEqual({
    asked,
    status,
  });
  return answer.body;
}

/** Somebody who signs up by the API. */
async function signUp(service: Service, name: string) {
  const username = named(name);
  const email = `${username.replace(' ', '.').toLowerCase()}@example.com`;
  const user = { username, email, password: PASSWORD };
  const { user: made } = await api(service, 'POST /users', 201, { body: { user } });
  expect(made).toMatchObject({ username, email, bio: null, image: null, token: expect.any(String) });
  return { username, email, token: made.token as string };
}

/** The whole API. Throws at the first answer that is not as it should be. */
export async function apiJourney(service: Service): Promise<void> {
  const author = await signUp(service, 'Author');
  const reader = await signUp(service, 'Reader');
  const { email, token } = author;
  const as = { token: reader.token };
  const name = encodeURIComponent(author.username);

  const login = await api(service, 'POST /users/login', 200, {
    body: { user: { email, password: PASSWORD } },
  });
  const changes = { bio: 'writes', image: 'https://example.com/a.png' };
  await api(service, 'PUT /user', 200, { token: login.user.token, body: { user: changes } });
  const { user } = await api(service, 'GET /user', 200, { token });
  expect(user).toMatchObject({ username: author.username, email, ...changes });

  const tag = named('tag');
  const draft = { title: named('A title'), description: 'About', body: '# Hello', tagList: [tag, 'b'] };
  const { article } = await api(service, 'POST /articles', 201, { token, body: { article: draft } });
  const profile = { username: author.username, ...changes, following: false };
  const moments = { createdAt: expect.any(String), updatedAt: expect.any(String) };
  const published = { ...draft, ...moments, favorited: false, favoritesCount: 0, author: profile };
  expect(article).toMatchObject({ ...published, slug: expect.any(String) });
  const { slug } = article;
  const at = `/articles/${slug}`;
  expect((await api(service, `GET ${at}`, 200)).article).toMatchObject(published);
  const { body: _body, ...summary } = published;
  for (const filter of [`author=${name}`, `tag=${encodeURIComponent(tag)}`]) {
    const page = await api(service, `GET /articles?${filter}`, 200, as);
    expect(page).toMatchObject({ articles: [{ slug, ...summary }], articlesCount: 1 });
  }
  expect((await api(service, 'GET /tags', 200)).tags).toContain('b');

  const liked = { favorited: true, favoritesCount: 1 };
  expect((await api(service, `POST ${at}/favorite`, 200, as)).article).toMatchObject({ slug, ...liked });
  const favorites = await api(
    service,
    `GET /articles?favorited=${encodeURIComponent(reader.username)}`,
    200,
    as,
  );
  expect(favorites).toMatchObject({ articles: [{ slug, ...liked }], articlesCount: 1 });

  const text = { comment: { body: 'Well said' } };
  const { comment } = await api(service, `POST ${at}/comments`, 201, { ...as, body: text });
  const said = {
    id: expect.any(Number),
    body: 'Well said',
    author: { username: reader.username },
    ...moments,
  };
  expect(comment).toMatchObject(said);
  expect((await api(service, `GET ${at}/comments`, 200)).comments).toMatchObject([said]);
  await api(service, `DELETE ${at}/comments/${comment.id}`, 403, { token });
  await api(service, `DELETE ${at}/comments/${comment.id}`, 204, as);

  const followed = { profile: { ...profile, following: true } };
  expect(await api(service, `POST /profiles/${name}/follow`, 200, as)).toMatchObject(followed);
  expect(await api(service, `GET /profiles/${name}`, 200, as)).toMatchObject(followed);
  const feed = await api(service, 'GET /articles/feed', 200, as);
  expect(feed).toMatchObject({ articles: [{ slug, author: { following: true } }], articlesCount: 1 });

  const like = await api(service, 'GET /recommendations?limit=3', 200, as);
  expect(like.articles).toHaveLength(3);
  const shown = {
    slug: expect.any(String),
    title: expect.any(String),
    author: { username: expect.any(String) },
  };
  for (const recommended of like.articles) expect(recommended).toMatchObject({ ...shown, ...moments });

  const edited = { article: { title: named('Another title') } };
  const changed = await api(service, `PUT ${at}`, 200, { token, body: edited });
  expect(changed.article).toMatchObject({ ...edited.article, body: draft.body, tagList: draft.tagList });
  const now = `/articles/${changed.article.slug}`;
  expect((await api(service, `DELETE ${now}/favorite`, 200, as)).article).toMatchObject({ favorited: false });
  expect(await api(service, `DELETE /profiles/${name}/follow`, 200, as)).toMatchObject({ profile });

  await refusals(service, now, { author, reader });
  await api(service, `DELETE ${now}`, 204, { token });
  expect(await api(service, `GET ${now}`, 404)).toEqual({ errors: { article: ['not found'] } });
}

/** Each kind of error. */
async function refusals(
  service: Service,
  article: string,
  { author, reader }: Record<'author' | 'reader', { username: string; token: string }>,
): Promise<void> {
  const as = { token: reader.token };
  expect(await api(service, 'GET /user', 401)).toEqual({ errors: { token: ['is missing'] } });
  expect(await api(service, `DELETE ${article}`, 403, as)).toEqual({ errors: { article: ['forbidden'] } });
  expect(await api(service, 'GET /profiles/nobody', 404)).toEqual({ errors: { profile: ['not found'] } });
  const taken = { user: { username: author.username } };
  expect(await api(service, 'PUT /user', 409, { ...as, body: taken })).toEqual({
    errors: { username: ['has already been taken'] },
  });
  const empty = { article: { title: '', description: 'd', body: 'b' } };
  expect(await api(service, 'POST /articles', 422, { ...as, body: empty })).toEqual({
    errors: { title: ["can't be blank"] },
  });
}

/** A page as somebody sees it. */
async function open(who: Visitor, path: string, status = 200): Promise<string> {
  const response = await who.get(path);
  expect({ path, status: response.status }).toEqual({ path, status });
  const text = await response.text();
  // What a page writes in the place of a value that it was not given.
  expect(text.match(/.{0,60}\b(undefined|NaN|\[object).{0,20}/)).toBeNull();
  return text;
}

const FORM = /<form[^>]*method="post"[^>]*>.*?<\/form>/gs;

/**
 * Fills in the form on a page that has these fields, sends it, and is led on.
 *
 * @returns where to
 */
async function fill(who: Visitor, path: string, fields: Record<string, string>): Promise<string> {
  const text = await open(who, path);
  const has = (form: string) => Object.keys(fields).every((name) => form.includes(`name="${name}"`));
  const form = text.match(FORM)?.find(has);
  expect({ path, fields: Object.keys(fields), isOnPage: form !== undefined }).toMatchObject({
    isOnPage: true,
  });
  const hidden = [...(form as string).matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const action = /^[^>]* action="([^"]*)"/.exec(form as string)?.[1] ?? path;
  const sent = { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...fields };
  return press(who, action, sent);
}

/** Presses a button. @returns where it leads to */
async function press(who: Visitor, action: string, fields: Record<string, string> = {}): Promise<string> {
  const response = await who.submit(action, fields);
  expect({ action, status: response.status }).toEqual({ action, status: 303 });
  return response.headers.get('location') as string;
}

/** The pages. Throws at the first one that is not as it should be. */
export async function pagesJourney(service: Service): Promise<void> {
  const author = new Visitor(service);
  const username = named('Writer');
  const email = `${username.replace(' ', '.').toLowerCase()}@example.com`;
  expect(await fill(author, '/register', { username, email, password: PASSWORD })).toBe('/');
  expect(await open(author, '/')).toContain(`<span class="user-name">${username}</span>`);

  const title = named('On pages');
  const draft = { title, description: 'About', body: 'Some *words*', tags: 'pages' };
  const at = await fill(author, '/editor', draft);
  const article = await open(author, at);
  for (const part of [`<h1>${title}</h1>`, '<em>words</em>', 'pages', username])
    expect(article).toContain(part);
  expect(await open(author, '/tag/pages')).toContain(title);

  const reader = new Visitor(service);
  const name = named('Reader');
  const address = `${name.replace(' ', '.').toLowerCase()}@example.com`;
  await fill(reader, '/register', { username: name, email: address, password: PASSWORD });
  await press(reader, '/logout');
  await fill(reader, '/login', { email: address, password: PASSWORD });
  await press(reader, `${at}/favorite`);
  await press(reader, `/profile/${encodeURIComponent(username)}/follow`);
  const comments = await fill(reader, at, { body: 'Well written' });
  const read = await open(reader, at);
  for (const part of [
    '<p class="card-text">Well written</p>',
    `${at}/unfavorite`,
    '<span class="counter">(1)</span>',
  ])
    expect(read).toContain(part);
  expect(await open(reader, '/?feed=following')).toContain(title);
  expect(await open(reader, `/profile/${encodeURIComponent(name)}/favorites`)).toContain(title);
  // A page waits for them for a third of a second only.
  await eventually(
    () => open(reader, at),
    (text) => text.includes('class="recommendations"'),
  );

  expect(comments).toContain(`${at}#`);
  const [, remove = ''] = new RegExp(`formaction="(${at}/comments/\\d+/delete)"`).exec(read) ?? [];
  await press(reader, remove);
  expect(await open(reader, at)).not.toContain('Well written');

  await fill(author, '/settings', { bio: 'Writes on pages', username, email });
  expect(await open(reader, `/profile/${encodeURIComponent(username)}`)).toContain('Writes on pages');
  const moved = await fill(author, at.replace('/article/', '/editor/'), { ...draft, body: 'Other words' });
  expect(await open(reader, moved)).toContain('Other words');
  await press(author, `${moved}/delete`);
  await open(reader, moved, 404);
}
