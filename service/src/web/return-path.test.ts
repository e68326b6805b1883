import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { safePath } from './return-path.ts';

describe('a path to go back to', () => {
  test.each(['/', '/?page=2', '/article/x', '/profile/a%20b/favorites?page=2', '/tag/%2F%2Fx'])(
    'may be %s',
    (path) => {
      expect(safePath(path)).toBe(path);
    },
  );

  test('leaves out where on the page: that goes to the server never', () => {
    expect(safePath('/article/x#comments')).toBe('/article/x');
  });

  test.each([
    undefined,
    1,
    ['/'],
    '',
    'x',
    '//x',
    '/\\x',
    '/\n/x',
    '/.//x',
    '/login',
    '/register?x',
    '/logout',
  ])('is never %j', (given) => {
    expect(safePath(given)).toBeUndefined();
  });

  test('leads to this site, whatever was given, as browsers read it', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '\t',
      '\n',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      'x',
      'evil.example',
      'http:',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => `/${parts.join('')}`),
        ),
        (given) => {
          const path = safePath(given);
          if (path === undefined) return;
          expect(new URL(path, 'https://here.example').host).toBe('here.example');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
