import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { editLine } from './edit-line.ts';

const FILE = `# Images.

dev:
  web: a/web:1 # {"$imagepolicy": "flux-system:web-dev"}
  shop: "a/shop:1" # pinned: why

prod:
  web: a/web:1   # kept
  shop: a/shop:1
`;

const lineOf = (text: string, number: number) => text.split('\n')[number - 1];

test.each([
  ['its value, and the comment stays', 'prod', 'web', { value: 'a/web:2' }, 8, '  web: a/web:2   # kept'],
  ['a value in quotes', 'dev', 'shop', { value: 'a/shop:2' }, 5, '  shop: a/shop:2 # pinned: why'],
  [
    'its comment',
    'dev',
    'web',
    { value: 'a/web:1', comment: 'pinned: slow' },
    4,
    '  web: a/web:1 # pinned: slow',
  ],
  [
    'a comment where there was none',
    'prod',
    'shop',
    { value: 'a/shop:1', comment: 'x' },
    9,
    '  shop: a/shop:1 # x',
  ],
  ['no comment any more', 'prod', 'web', { value: 'a/web:1', comment: '' }, 8, '  web: a/web:1'],
])('sets %s', (_, ring, name, line, number, expected) => {
  const edited = editLine(FILE, ring, name, line);
  expect(lineOf(edited, number)).toBe(expected);
  const others = (text: string) => text.split('\n').filter((_, index) => index !== number - 1);
  expect(others(edited)).toEqual(others(FILE));
});

test('keeps how Windows ends its lines', () => {
  expect(editLine('dev:\r\n  a: b:1 # x\r\n  c: d:1\r\n', 'dev', 'a', { value: 'b:2', comment: 'y' })).toBe(
    'dev:\r\n  a: b:2 # y\r\n  c: d:1\r\n',
  );
});

test('an edit and its reverse are nothing at all', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  fc.assert(
    fc.property(word, word, word, (value, other, comment) => {
      const file = `dev:\n  a: x/${value}:1 # ${comment}\nprod:\n  a: x/b:1\n`;
      const there = editLine(file, 'dev', 'a', { value: `x/${other}:2`, comment: 'pinned: y' });
      expect(editLine(there, 'dev', 'a', { value: `x/${value}:1`, comment })).toBe(file);
    }),
  );
});

test('a line that is not there is an error', () => {
  expect(() => editLine(FILE, 'test', 'web', { value: 'x' })).toThrow('no line for web in test');
});
