import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { day } from './day.ts';

test.each([
  ['2026-03-01T00:00:00.000Z', '1 March 2026'],
  ['2026-12-31T23:59:59.999Z', '31 December 2026'],
])('%s is %s', (moment, text) => {
  expect(day(moment)).toBe(text);
});

test('says what the platform’s own formatter says', () => {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
  const moments = fc.date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
  fc.assert(fc.property(moments, (date) => expect(day(date.toISOString())).toBe(format.format(date))));
});
