import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestService, type TestService } from '../testing.ts';
import { STYLESHEET, TAG_EDITOR } from './assets.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

describe('the stylesheet', () => {
  test('is kept for ever under the address that the pages name', async () => {
    const page = await (await fetch(service.url)).text();
    expect(page.replaceAll('&#61;', '=')).toContain(`<link rel="stylesheet" href="${STYLESHEET}">`);
    const { status, headers } = await fetch(service.url + STYLESHEET);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'text/css; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
  });

  test('is given, but not for ever, under the address of another release', async () => {
    const { status, headers } = await fetch(`${service.url}/assets/conduit.css?v=another`);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(headers.get('etag')).toMatch(/^W\/".+"$/);
  });
});

describe('the script of the editor', () => {
  test('is kept for ever under the address that the page names', async () => {
    const { status, headers } = await fetch(service.url + TAG_EDITOR);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
  });
});

describe('a picture', () => {
  test.each([
    ['Mara Lindqvist', 'ML'],
    ['ada', 'A'],
    ['Élise de la Tour', 'ÉT'],
    ['🙂', '?'],
    ['../..', '?'],
  ])('of %j shows %s', async (name, initials) => {
    const response = await fetch(`${service.url}/avatars/${encodeURIComponent(name)}/default-avatar.svg`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'image/svg+xml; charset=utf-8',
    ]);
    expect(await response.text()).toContain(`>${initials}</text></svg>`);
  });

  test('is the icon', async () => {
    const response = await fetch(`${service.url}/assets/conduit.svg`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'image/svg+xml; charset=utf-8',
    ]);
  });
});
