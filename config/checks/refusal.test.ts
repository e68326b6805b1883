import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AWS_REGIONS } from './aws-regions.ts';
import { listed, nearMiss, notOneOf, refusal, show } from './refusal.ts';

describe('refusal', () => {
  test.each([
    ['nothing', undefined, 'is missing; allowed: a name'],
    ['a value of the kind that is wanted', 'x', 'found "x"; allowed: a name'],
    ['a number', 2, 'found 2 (a number); allowed: a name'],
    ['not a number', Number.NaN, 'found NaN (a number); allowed: a name'],
    ['a list', ['x'], 'found ["x"] (a list); allowed: a name'],
    ['an object', { x: 1 }, 'found {"x":1} (an object); allowed: a name'],
    ['a boolean', true, 'found true; allowed: a name'],
    ['null', null, 'found null; allowed: a name'],
    ['a function', () => 1, 'found a function; allowed: a name'],
  ])('of %s', (_, found, says) => expect(refusal(found, 'a name', { wanted: 'a string' })).toBe(says));

  test('offers what was probably meant', () => {
    expect(refusal('2', 'a number', { meant: 2, wanted: 'a number' })).toBe(
      'found "2" (a string); allowed: a number; did you mean 2?',
    );
  });

  test('shows the value as its file has it', () => {
    expect(refusal(1.1, 'a version', { shown: '1.10' })).toBe('found 1.10; allowed: a version');
  });

  test('cuts a value that is long', () => expect(show('x'.repeat(99))).toBe(`"${'x'.repeat(59)}…`));
});

describe('nearMiss', () => {
  test.each([
    ['a letter lost', 'prd', 'prod'],
    ['two letters swapped', 'stagign', 'staging'],
    ['another case', 'PROD', 'prod'],
    ['cut short', 'sta', 'staging'],
    ['the full word', 'production', 'prod'],
    ['nothing like it', 'qa', undefined],
    ['nothing at all', '', undefined],
  ])('of %s', (_, found, meant) => expect(nearMiss(found, ['dev', 'staging', 'prod'])).toBe(meant));

  test('of one of the choices is that choice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...AWS_REGIONS), (region) =>
        expect(nearMiss(region, AWS_REGIONS)).toBe(region),
      ),
    );
  });

  test('finds no choice where there is none', () => expect(nearMiss('dev', [])).toBeUndefined());
});

describe('a list of what is allowed', () => {
  test('is given whole when it is short', () =>
    expect(notOneOf('x', ['a', 'b'])).toBe('found "x"; allowed: "a", "b"; did you mean "a"?'));

  test('is cut to the nearest when it is long, and says how many there are', () => {
    expect(listed(AWS_REGIONS, 'us-east-9')).toBe(
      '"us-east-1", "us-east-2", "ap-east-1", "ap-east-2", "sa-east-1", … (35 in all)',
    );
  });

  test('says so when there is nothing to choose from', () => expect(listed([])).toBe('none'));
});
