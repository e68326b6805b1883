import { describe, expect, test } from '@jest/globals';
import type { Json } from '../fields/json.ts';
import { block, inline, lineDiff, transition } from './value.ts';

describe('a value on a line', () => {
  test.each<[Json, string]>([
    ['text', 'text'],
    ['5', '"5"'],
    [5, '5'],
    ['true', '"true"'],
    [true, 'true'],
    ['', '""'],
    [null, 'null'],
    ['null', '"null"'],
    [' a', '" a"'],
    [{ name: 'a', value: '1' }, '{ name: a, value: "1" }'],
    [['a', 1], '[ a, 1 ]'],
    ['a\nb\tc', 'a\\nb\\tc'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['user\u202egnp', 'user\\u{202e}gnp'],
    ['a\u200bb', 'a\\u{200b}b'],
    ['x'.repeat(200), `${'x'.repeat(89)}…`],
  ])('%j', (value, expected) => {
    expect(inline(value)).toBe(expected);
  });
});

describe('two values on a line', () => {
  test.each<[Json, Json, string]>([
    ['a', 'b', 'a → b'],
    [5, '5', '5 → "5"'],
    [
      `hey -z 60s -q 10 -c 1 http://conduit-canary.conduit.svc.cluster.local/`,
      `hey -z 60s -q 20 -c 1 http://conduit-canary.conduit.svc.cluster.local/`,
      'hey -z 60s -q 10 -c 1 http://conduit-ca… → hey -z 60s -q 20 -c 1 http://conduit-ca…',
    ],
    [`${'a'.repeat(100)}1`, `${'a'.repeat(100)}2`, `…${'a'.repeat(24)}1 → …${'a'.repeat(24)}2`],
  ])('%j and %j', (before, after, expected) => {
    expect(transition(before, after)).toBe(expected);
  });
});

describe('a text of several lines', () => {
  const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('');
  const told = (before: string, after: string) =>
    lineDiff(before, after).map(({ sign, text: line }) => sign + line);

  test.each([
    [
      'a line in the middle',
      text('a', 'b', 'c', 'd', 'e'),
      text('a', 'b', 'x', 'd', 'e'),
      [' ⋯', ' b', '-c', '+x', ' d', ' ⋯'],
    ],
    ['a line at the end', text('a'), text('a', 'b'), [' a', '+b']],
    ['the line break at the end', 'a\n', 'a', [' a', '-']],
    ['from nothing', '', 'a\nb', ['-', '+a', '+b']],
  ])('%s', (_, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });

  test('is cut when much of it changed', () => {
    const lines = block(Array.from({ length: 50 }, (_, index) => `${index}`).join('\n'), '+');
    expect(lines).toHaveLength(17);
    expect(lines.at(-1)).toEqual({ sign: ' ', text: '… 34 more lines' });
  });
});
