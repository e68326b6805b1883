import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATIONS } from '../contract/operations.ts';
import { type FanOut, startFanOut, targetOf } from './fan-out.ts';

describe('a path leads to', () => {
  test.each(OPERATIONS)('the part $part: $path', ({ path, part }) => {
    const named = `/api${path.replaceAll(/:\w+/g, 'name')}`;
    expect([named, `${named}?limit=1`].map(targetOf)).toEqual([part, part]);
  });

  test.each([
    '/',
    '/article/api',
    '/api',
    '/api/',
    '/api/openapi.json',
    '/api/articles-of-mine',
    '/apis/tags',
  ])('the pages: %s', (path) => expect(targetOf(path)).toBe('web'));
});

test('README.md names every path of the API beside the target that answers it', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const named = [...readme.matchAll(/^\| `(auth|content|recommendations)` +\| (.*?) +\|/gm)].map(
    ([, target, paths]) => [target, paths?.split(', ').sort()],
  );
  const answered = Map.groupBy(OPERATIONS, ({ part }) => part);
  const expected = [...answered].map(([part, operations]) => [
    part,
    [...new Set(operations.map(({ path }) => `\`/api/${path.split('/')[1]}\``))].sort(),
  ]);
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(expected));
});

describe('a part that is away', () => {
  let entry: FanOut;

  beforeAll(async () => {
    const nobody = 'http://127.0.0.1:1';
    entry = await startFanOut({ auth: nobody, content: nobody, recommendations: nobody, web: nobody });
  });

  afterAll(() => entry.close());

  test.each([
    ['/api/user', 'auth'],
    ['/api/recommendations', 'recommendations'],
  ])('is told in the words of the API: %s', async (path, part) => {
    const response = await fetch(entry.url + path);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toEqual({
      errors: { [part]: ['is not available; please try again in a moment'] },
    });
  });
});
