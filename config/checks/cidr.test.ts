import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cidr, firstFree, formatCidr, isPrivate, overlap, parseCidr } from './cidr.ts';

/** Ranges of up to 64 addresses among 256, so that they often overlap and their addresses can be counted out. */
const smallRange = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 26, max: 32 }))
  .map(([last, prefix]) => read(`10.0.0.${last}/${prefix}`));

const anyRange = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }),
    fc.integer({ min: 0, max: 32 }),
  )
  .map(([bytes, prefix]) => read(`${bytes.join('.')}/${prefix}`));

function read(text: string): Cidr {
  const range = parseCidr(text);
  if (range === undefined) throw new Error(`${text} is no range`);
  return range;
}

function addresses({ first, last }: Cidr): Set<number> {
  return new Set(Array.from({ length: last - first + 1 }, (_, index) => first + index));
}

describe('overlap', () => {
  test('is so exactly when the ranges share an address', () => {
    fc.assert(
      fc.property(smallRange, smallRange, (a, b) => {
        const others = addresses(b);
        expect(overlap(a, b)).toBe([...addresses(a)].some((address) => others.has(address)));
      }),
    );
  });

  test('is the same both ways, and every range overlaps itself', () => {
    fc.assert(
      fc.property(anyRange, anyRange, (a, b) => {
        expect(overlap(a, b)).toBe(overlap(b, a));
        expect(overlap(a, a)).toBe(true);
      }),
    );
  });
});

describe('parseCidr', () => {
  test('reads what formatCidr writes', () => {
    fc.assert(fc.property(anyRange, (range) => expect(parseCidr(formatCidr(range))).toEqual(range)));
  });

  test('takes an address inside a network for the network', () => {
    expect(formatCidr(read('10.10.3.7/16'))).toBe('10.10.0.0/16');
    expect(formatCidr(read('255.255.255.255/0'))).toBe('0.0.0.0/0');
  });

  test.each([
    '',
    '10.10.0.0',
    '10.10.0/16',
    '10.10.0.256/16',
    '10.10.0.0/33',
    '10.10.0.0/16 ',
    'fd00::/48',
    '10.10.0.0/-1',
  ])('reads no range in %j', (text) => expect(parseCidr(text)).toBeUndefined());
});

test.each([
  ['10.0.0.0/8', true],
  ['172.16.0.0/12', true],
  ['172.31.255.0/24', true],
  ['192.168.7.0/24', true],
  ['172.32.0.0/16', false],
  ['192.0.0.0/8', false],
  ['11.0.0.0/16', false],
])('knows whether %s is private', (text, expected) => expect(isPrivate(read(text))).toBe(expected));

describe('firstFree', () => {
  test('finds a range of the size asked for that overlaps none of the others', () => {
    const taken = fc.array(
      fc.integer({ min: 0, max: 20 }).map((byte) => read(`10.${byte}.0.0/${16 + (byte % 5)}`)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(taken, fc.integer({ min: 16, max: 20 }), (others, prefix) => {
        const free = firstFree(prefix, others);
        expect(free?.prefix).toBe(prefix);
        expect(others.filter((other) => free !== undefined && overlap(free, other))).toEqual([]);
      }),
    );
  });

  test('finds none when all is taken', () => expect(firstFree(16, [read('10.0.0.0/8')])).toBeUndefined());
});
