import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cidr, formatCidr, overlap, parseCidr } from './checks/cidr.ts';
import { subnets } from './subnets.ts';

describe('the subnets of a VPC', () => {
  test('are private ones first, then what little public and database subnets need', () => {
    expect(subnets('10.30.0.0/16', 3)).toEqual({
      private: ['10.30.0.0/18', '10.30.64.0/18', '10.30.128.0/18'],
      public: ['10.30.192.0/22', '10.30.196.0/22', '10.30.200.0/22'],
      database: ['10.30.204.0/22', '10.30.208.0/22', '10.30.212.0/22'],
    });
  });

  test('lie in it, each from a multiple of its size, and share no address', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 20 }),
        fc.integer({ min: 2, max: 5 }),
        fc.nat({ max: 2 ** 24 - 1 }),
        (prefix, zones, offset) => {
          const vpc = parseCidr(`${formatCidr({ first: 0x0a000000 + offset, last: 0, prefix })}`) as Cidr;
          const texts = Object.values(subnets(formatCidr(vpc), zones)).flat();
          const ranges = texts.map((text) => parseCidr(text) as Cidr);
          expect(texts).toHaveLength(3 * zones);
          expect(ranges.map(formatCidr)).toEqual(texts);
          for (const [index, range] of ranges.entries()) {
            expect(range.first).toBeGreaterThanOrEqual(vpc.first);
            expect(range.last).toBeLessThanOrEqual(vpc.last);
            for (const other of ranges.slice(index + 1)) expect(overlap(range, other)).toBe(false);
          }
        },
      ),
    );
  });

  test('are of a range only', () => {
    expect(() => subnets('10.30.0.0', 3)).toThrow('10.30.0.0 is no IPv4 range');
  });
});
