/** Forms of other sites (CSRF): every route that takes a form, and every way in which a browser may say where it is. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Router } from 'express';
import { inProcess } from '../api/in-process.ts';
import { createTokens } from '../auth/token.ts';
import { QUIET, SESSION_KEY, startTestService, type TestService, Visitor } from '../testing.ts';
import { pages } from './site.ts';

/** What express keeps of a router: its routes, and the routers in it. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** Every address that takes a form, as it is declared. */
function formPaths(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => {
    if (route === undefined) return handle.stack ? formPaths(handle.stack) : [];
    return route.methods.post ? [route.path] : [];
  });
}

const site = { version: '1', colour: 'teal', stylesheet: '/x.css' };
const router: Router = pages({ site, api: inProcess([]), tokens: createTokens(SESSION_KEY), log: QUIET });
const FORMS = formPaths(router.stack as unknown as Layer[]);

/** For every placeholder something that is there, so that nothing but the check of the origin can refuse it. */
const filled = (path: string) =>
  path.replace(':slug', 'wanted').replace(':username', 'Somebody').replace(':id', '1');

const FOREIGN: readonly [string, Record<string, string>][] = [
  ['says that it is another site', { 'sec-fetch-site': 'cross-site' }],
  ['is on a neighbouring host', { 'sec-fetch-site': 'same-site' }],
  ['was sent by no page', { 'sec-fetch-site': 'none' }],
  ['names another origin', { origin: 'https://evil.example' }],
  ['names an opaque origin', { origin: 'null' }],
  ['names an origin that only begins like ours', { origin: 'HOST.evil.example' }],
  ['claims both', { 'sec-fetch-site': 'cross-site', origin: 'HOST' }],
  ['says nothing', {}],
];

let service: TestService;
let cookie: string;

beforeAll(async () => {
  service = await startTestService();
  const visitor = await Visitor.signedUp(service, 'Somebody');
  await visitor.submit('/editor', { title: 'Wanted', description: 'd', body: 'b' });
  await visitor.submit('/article/wanted/comments', { body: 'b' });
  const form = { email: 'somebody@example.com', password: 'password1' };
  const response = await new Visitor(service).submit('/login', form);
  cookie = response.headers.get('set-cookie')?.split(';')[0] as string;
});

afterAll(() => service.stop());

const WRITTEN = { title: 'Written by another site', description: 'd', body: 'b', email: 'x@evil.example' };

function send(path: string, headers: Record<string, string>): Promise<Response> {
  const own = Object.entries(headers).map(([name, value]) => [name, value.replace('HOST', service.url)]);
  return fetch(service.url + filled(path), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, ...Object.fromEntries(own) },
    body: new URLSearchParams(WRITTEN),
  });
}

async function everything(): Promise<unknown> {
  const tables = ['users', 'articles', 'comments', 'favorites', 'follows'];
  return Promise.all(
    tables.map(async (table) => (await service.database.pool.query(`SELECT * FROM ${table}`)).rows),
  );
}

test('the routes that take a form are these', () => {
  expect(FORMS.toSorted()).toEqual([
    '/article/:slug/comments',
    '/article/:slug/comments/:id/delete',
    '/article/:slug/delete',
    '/article/:slug/favorite',
    '/article/:slug/unfavorite',
    '/editor',
    '/editor/:slug',
    '/login',
    '/logout',
    '/profile/:username/follow',
    '/profile/:username/unfollow',
    '/register',
    '/settings',
  ]);
});

describe.each(FORMS.map((path) => [path]))('POST %s', (path) => {
  test.each(FOREIGN)('is refused when whoever sends it %s', async (_what, headers) => {
    const before = await everything();
    const response = await send(path, headers);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('form was sent from another site');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await everything()).toEqual(before);
  });

  test('can’t be asked for by a link', async () => {
    const before = await everything();
    await fetch(service.url + filled(path), { redirect: 'manual', headers: { cookie } });
    expect(await everything()).toEqual(before);
  });
});

test.each([
  ['a browser that says so', { 'sec-fetch-site': 'same-origin' }],
  ['an old browser, which names the origin', { origin: 'HOST' }],
])('our own forms are taken from %s', async (_what, headers) => {
  expect((await send('/logout', headers)).status).toBe(303);
});
