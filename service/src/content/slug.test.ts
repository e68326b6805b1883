import { describe, expect, test } from '@jest/globals';
import { slugify, slugsFor } from './slug.ts';

describe('a slug', () => {
  test.each([
    ['Ship on a Tuesday morning', 'ship-on-a-tuesday-morning'],
    ['  What?! Again…  ', 'what-again'],
    ['Crème brûlée für Anfänger', 'creme-brulee-fur-anfanger'],
    ['日本語の題名', '日本語の題名'],
    ['a/b\\c?d#e%f', 'a-b-c-d-e-f'],
    ['../../etc/passwd', 'etc-passwd'],
    ['<script>alert(1)</script>', 'script-alert-1-script'],
    ['!!!', 'article'],
    ['🙂', 'article'],
    ['one\ntwo', 'one-two'],
    ['x'.repeat(200), 'x'.repeat(80)],
    [`${'x'.repeat(79)} yz`, 'x'.repeat(79)],
  ])('of %j is %j', (title, slug) => {
    expect(slugify(title)).toBe(slug);
  });

  test('gets a suffix when it is taken', () => {
    const slugs = slugsFor('Hello');
    const [first, second, third] = [slugs.next().value, slugs.next().value, slugs.next().value];
    expect(first).toBe('hello');
    expect(second).toMatch(/^hello-[0-9a-z]{6}$/);
    expect(third).not.toBe(second);
  });

  test('is never the path of something else', () => {
    expect(slugsFor('Feed').next().value).toMatch(/^feed-[0-9a-z]{6}$/);
  });
});
