// When a ring that asks for approval may change: its change windows and its freezes.
import type { z } from 'zod';
import { refusal } from './refusal.ts';
import { list, object, oneOf, unique } from './shapes.ts';
import { clockTime, dayOrMinute, reason, timeZone } from './values.ts';

/** The days of the week, in the order in which JavaScript counts them. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Hours of the week in which a ring may change. */
export const changeWindow = object({
  /** The days on which it opens: `['mon', 'tue', 'wed', 'thu']`. */
  days: unique(list(oneOf(DAYS), { of: 'days', min: 1 })),
  /** When it opens: `09:00`. */
  from: clockTime(),
  /** When it closes: `16:00`. Where that is before it opens, it is on the next day. */
  to: clockTime(),
  /**
   * Whose clock this is: a name of the IANA's, `Europe/Dublin`. It follows summer time.
   *
   * @default UTC
   */
  timeZone: timeZone().default('UTC'),
}).check(({ value: { from, to }, issues }) => {
  if (from !== to) return;
  const message = refusal(to, 'another time than "from"; for the whole day, from "00:00" to "24:00"');
  issues.push({ code: 'custom', path: ['to'], input: to, message });
});

/** A time in which a ring must not change. */
export const freeze = object({
  /** Its first day, `2026-12-18`, or its first minute, `2026-12-18T17:00`. */
  from: dayOrMinute(),
  /** Its last day, or the minute at which it ends. */
  to: dayOrMinute(),
  /** Why, for whoever asks for a change. */
  reason: reason(),
  /**
   * Whose clock this is: a name of the IANA's, `Europe/Dublin`.
   *
   * @default UTC
   */
  timeZone: timeZone().default('UTC'),
}).check(({ value: { from, to }, issues }) => {
  // A day alone begins with its first minute and ends with its last.
  const end = to.includes('T') ? to : `${to}T24:00`;
  const start = from.includes('T') ? from : `${from}T00:00`;
  if (start < end) return;
  const message = refusal(to, `a day or a minute after "from", which is ${from}`);
  issues.push({ code: 'custom', path: ['to'], input: to, message });
});

/** Hours of the week in which a ring may change. */
export type ChangeWindow = z.output<typeof changeWindow>;

/** A time in which a ring must not change. */
export type Freeze = z.output<typeof freeze>;
