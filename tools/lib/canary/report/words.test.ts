import { describe, expect, test } from '@jest/globals';
import { chance, duration, number, percent, several } from './words.ts';

describe('numbers for a person', () => {
  test.each([
    [0.5, '50 %'],
    [0.2335, '23 %'],
    [0.0028953, '0.29 %'],
    [0.00002895, '0.0029 %'],
    [0.999, '99.9 %'],
    [0.95, '95 %'],
    [0.9999, '99.99 %'],
    [1, '100 %'],
    [0, '0 %'],
  ])('a share of %d is %s', (share, expected) => {
    expect(percent(share)).toBe(expected);
  });

  test.each([
    [0, 'under 0.0001 %'],
    [1e-12, 'under 0.0001 %'],
    [0.02, '2 %'],
    [0.99995, 'over 99.99 %'],
    [1, 'over 99.99 %'],
  ])('a chance of %d is %s: nothing is sure', (share, expected) => {
    expect(chance(share)).toBe(expected);
  });

  test.each([
    [0, '0 s'],
    [45.4, '45 s'],
    [59.7, '1 min'],
    [570, '9 min 30 s'],
    [3600, '1 h'],
    [6734, '1 h 52 min'],
  ])('%d seconds are %s', (seconds, expected) => {
    expect(duration(seconds)).toBe(expected);
  });

  test.each([
    [0.6, '0.6'],
    [7.97, '8'],
    [12.4, '12'],
    [36_000, '36,000'],
  ])('%d is %s', (value, expected) => {
    expect(number(value)).toBe(expected);
  });

  test('one thing has no "s"', () => {
    expect([several(1, 'request'), several(2, 'request'), several(0.5, 'request')]).toEqual([
      '1 request',
      '2 requests',
      '0.5 requests',
    ]);
  });
});
