import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { setLine } from '../flux/apply-image-updates.ts';
import { sequenceStyle } from './sequence-style.ts';
import { unstable } from './stability.ts';
import { type Json, joinDocuments, writeDocument } from './write.ts';

const text = (json: Json) => writeDocument({ json, markers: [] });

describe('a document', () => {
  test('is written with two spaces and lists under their key', () => {
    expect(text({ spec: { ports: [{ name: 'http', port: 80 }, { name: 'metrics' }], args: ['a'] } })).toBe(
      'spec:\n  ports:\n  - name: http\n    port: 80\n  - name: metrics\n  args:\n  - a\n',
    );
  });

  test.each([
    ['a word', 'conduit', 'conduit'],
    ['an image with a port in its registry', 'localhost:5000/a/b:1.10', 'localhost:5000/a/b:1.10'],
    ['a variable for Flux', '${DATABASE_HOST}', '${DATABASE_HOST}'],
    ['a duration', '60s', '60s'],
    ['a quantity', '192Mi', '192Mi'],
    ['what reads as a number', '8080', '"8080"'],
    ['what reads as a float', '1.10', '"1.10"'],
    ['an octal number', '0o17', '"0o17"'],
    ['a base-60 number', '1:30', '"1:30"'],
    ['what YAML 1.1 takes for a boolean', 'yes', '"yes"'],
    ['a single letter that YAML 1.1 takes for a boolean', 'y', '"y"'],
    ['null', 'null', '"null"'],
    ['a date', '2026-11-21', '"2026-11-21"'],
    ['an empty text', '', '""'],
    ['a text that begins like a list', '- a', '"- a"'],
    ['a merge key', '<<', '"<<"'],
    ['a document separator', '---', '"---"'],
    ['a comment', 'a # b', '"a # b"'],
    ['a key inside', 'a: b', '"a: b"'],
    ['a colon at its end', 'a:', '"a:"'],
    ['a tab', 'a\tb', '"a\\tb"'],
    ['an emoji', '🚀', '"\\U0001F680"'],
    ['a byte order mark', '\ufeffa', '"\\uFEFFa"'],
    ['quotes', '"a"', '"\\"a\\""'],
  ])('writes %s so that every reader takes it for the same text', (_, value, written) => {
    expect(text({ key: value })).toBe(`key: ${written}\n`);
  });

  test.each([
    ['that ends with one newline', 'a\n\nb\n', 'key: |\n  a\n\n  b\n'],
    ['without a newline at its end', 'a\nb', 'key: |-\n  a\n  b\n'],
    ['with trailing spaces', 'a \nb\n', 'key: "a \\nb\\n"\n'],
    ['with a line of spaces', 'a\n  \nb\n', 'key: "a\\n  \\nb\\n"\n'],
    ['that begins with a space', ' a\nb\n', 'key: " a\\nb\\n"\n'],
    ['that ends with empty lines', 'a\n\n', 'key: "a\\n\\n"\n'],
    ['with an emoji', 'a\n🚀\n', 'key: "a\\n\\U0001F680\\n"\n'],
  ])('writes a text of several lines %s as Flux would', (_, value, written) => {
    expect(text({ key: value })).toBe(written);
  });

  test('takes the style of lists that Flux finds in a text of it', () => {
    const json = { script: 'steps:\n  - a\n', args: ['b'] };
    expect(text(json)).toBe('script: |\n  steps:\n    - a\nargs:\n  - b\n');
    expect(sequenceStyle(text(json))).toBe('indented');
  });

  test('refuses a key that Flux would move to a line of its own', () => {
    expect(() => text({ metadata: { ['k'.repeat(129)]: 'a' } })).toThrow(
      /^metadata\.k+: a key of one line and at most 128 bytes is needed$/,
    );
  });

  test.each([
    [{ kind: 'List', items: [] }, 'kind: a List is taken apart; write its items as documents'],
    [{ metadata: {} }, 'metadata: it is removed when it is empty; leave it out'],
    [
      { metadata: { name: 'a', annotations: {} } },
      'metadata.annotations: they are removed when they are empty; leave them out',
    ],
    [{ spec: { weight: Number.NaN } }, 'spec.weight: NaN is no number that YAML and JSON share'],
  ])('refuses %j, which Flux would take out', (json, message) => {
    expect(() => text(json as Json)).toThrow(message);
  });

  test('carries the setter marker behind the value it belongs to', () => {
    const json = { containers: [{ image: 'ghcr.io/a/b:1.0.0' }, { image: 'ghcr.io/a/b:1.0.0' }] };
    const markers = [{ path: ['containers', 1, 'image'], policy: 'flux-system:example' }];
    expect(writeDocument({ json, markers })).toBe(
      'containers:\n- image: ghcr.io/a/b:1.0.0\n- image: ghcr.io/a/b:1.0.0 # {"$imagepolicy": "flux-system:example"}\n',
    );
  });

  test('refuses a marker for a value that is not there', () => {
    const markers = [{ path: ['spec', 'image'], policy: 'flux-system:example' }];
    expect(() => writeDocument({ json: { spec: {} }, markers })).toThrow('no value at spec.image');
  });
});

test('documents are set apart by a bare separator, under one header', () => {
  expect(joinDocuments('Compiled.', ['a: 1\n', 'b: 2\n'])).toBe('# Compiled.\n\na: 1\n---\nb: 2\n');
});

describe('law', () => {
  const key = fc
    .string({ unit: 'grapheme', minLength: 0, maxLength: 20 })
    .filter((name) => !/[\n\r\u0085\u2028\u2029]/.test(name));
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }).map((value) => value.toWellFormed()),
    fc.string({ unit: fc.constantFrom(...' \n\t-:#"\'a0.|{', '🚀', '  ', '- ', ': ', '\n- ', 'a:\n') }),
    fc.constantFrom(
      '1.10',
      '0x1f',
      '1e3',
      '12:30:45',
      'yes',
      'NO',
      '~',
      '2026-11-21',
      '<<',
      '=',
      '+.inf',
      '1_000',
    ),
  );
  const { document } = fc.letrec<{ document: Json; leaf: Json }>((tie) => ({
    leaf: fc.oneof(
      hostile,
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant(null),
    ),
    document: fc.oneof(
      { depthSize: 'small' },
      tie('leaf'),
      fc.array(tie('document')),
      fc.dictionary(key, tie('document')),
    ),
  }));
  const image = 'ghcr.io/example/app:1.0.0';
  const markers = [{ path: ['image'], policy: 'flux-system:example' }];

  test('any reader reads what was written, and Flux, when it sets an image, changes nothing else', () => {
    let tried = 0;
    fc.assert(
      fc.property(document, (value) => {
        const json = { apiVersion: 'v1', image, value };
        let written: string;
        try {
          written = writeDocument({ json, markers });
        } catch (error) {
          // What cannot be written stably is refused; the rest must hold.
          fc.pre((error as Error).name !== 'UnstableYamlError');
          throw error;
        }
        const plain = JSON.parse(JSON.stringify(json));
        expect(parse(written, { version: '1.2' })).toEqual(plain);
        expect(parse(written, { version: '1.1' })).toEqual(plain);
        expect(unstable(written)).toEqual([]);
        const moved = 'localhost:5000/example/app:1.10';
        const lines = written.split('\n');
        const set = lines.map((line) => setLine(line, new Map([['flux-system:example', moved]])));
        expect(set.filter((line, index) => line !== lines[index])).toEqual([
          `image: ${moved} # {"$imagepolicy": "flux-system:example"}`,
        ]);
        expect(writeDocument({ json: { ...json, image: moved }, markers })).toBe(set.join('\n'));
        tried++;
      }),
      { numRuns: 10_000 },
    );
    expect(tried).toBe(10_000);
    console.log(`${tried} hostile documents`);
  }, 300_000);
});
