import { expect, test } from '@jest/globals';
import type { ChangeWindow, DAYS } from '../../../config/checks/changes.ts';
import { closedBecause } from './calendar.ts';

type Day = (typeof DAYS)[number];

const WEEK: Day[] = ['mon', 'tue', 'wed', 'thu'];
const office: ChangeWindow = { days: WEEK, from: '09:00', to: '16:00', timeZone: 'Europe/Dublin' };
const night: ChangeWindow = { days: ['fri'], from: '22:00', to: '02:00', timeZone: 'UTC' };
const holidays = { from: '2026-12-18', to: '2027-01-04', reason: 'holidays', timeZone: 'Europe/Dublin' };
const launch = { from: '2026-11-20T12:00', to: '2026-11-20T18:30', reason: 'launch', timeZone: 'UTC' };

const isOpen = (changeWindows: ChangeWindow[], now: string) =>
  closedBecause({ changeWindows, freezes: [] }, Date.parse(now)) === undefined;

test.each([
  // 2026-11-18 is a Wednesday; Dublin is at UTC in winter and an hour ahead in summer.
  ['in the morning', [office], '2026-11-18T09:00Z', true],
  ['a minute before', [office], '2026-11-18T08:59Z', false],
  ['at its end', [office], '2026-11-18T16:00Z', false],
  ['on a Friday', [office], '2026-11-20T10:00Z', false],
  ['by summer time', [office], '2026-07-15T08:00Z', true],
  ['at its end by summer time', [office], '2026-07-15T15:00Z', false],
  [
    'the hour the clocks go back, the first time',
    [{ ...night, timeZone: 'Europe/Dublin', days: ['sat'] as Day[] }],
    '2026-10-25T00:30Z',
    true,
  ],
  [
    'the hour the clocks go back, the second time',
    [{ ...night, timeZone: 'Europe/Dublin', days: ['sat'] as Day[] }],
    '2026-10-25T01:30Z',
    true,
  ],
  ['in the evening of a night', [night], '2026-11-20T23:00Z', true],
  ['after midnight of it', [night], '2026-11-21T01:59Z', true],
  ['when it is over', [night], '2026-11-21T02:00Z', false],
  ['after midnight of the day before', [night], '2026-11-20T01:00Z', false],
  ['in the second of two', [office, night], '2026-11-20T23:00Z', true],
  ['where there are none', [], '2026-11-22T03:00Z', true],
] as const)('a window: %s', (_, windows, now, open) => {
  expect(isOpen([...windows], now)).toBe(open);
});

test.each([
  ['before', [holidays], '2026-12-17T23:59Z', undefined],
  ['at midnight', [holidays], '2026-12-18T00:00Z', 'frozen until 2027-01-04 Europe/Dublin: holidays'],
  ['all of its last day', [holidays], '2027-01-04T23:59Z', 'frozen until 2027-01-04 Europe/Dublin: holidays'],
  ['the day after', [holidays], '2027-01-05T00:00Z', undefined],
  [
    'by the clock of its zone',
    [{ ...holidays, timeZone: 'Pacific/Auckland' }],
    '2026-12-17T11:00Z',
    'frozen until 2027-01-04 Pacific/Auckland: holidays',
  ],
  ['to the minute', [launch], '2026-11-20T12:00Z', 'frozen until 2026-11-20T18:30 UTC: launch'],
  ['and no longer', [launch], '2026-11-20T18:30Z', undefined],
] as const)('a freeze: %s', (_, freezes, now, why) => {
  expect(closedBecause({ changeWindows: [], freezes }, Date.parse(now))).toBe(why);
});

test('says which windows there are', () => {
  expect(
    closedBecause({ changeWindows: [office, night], freezes: [] }, Date.parse('2026-11-22T10:00Z')),
  ).toBe('outside of its change windows: mon, tue, wed, thu 09:00–16:00 Europe/Dublin; fri 22:00–02:00 UTC');
});
