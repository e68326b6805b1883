// When a ring may change: its change windows and its freezes, each in a time zone of its own.
import { type ChangeWindow, DAYS, type Freeze } from '../../../config/checks/changes.ts';

type Day = (typeof DAYS)[number];

/**
 * Why a ring must not change at a moment.
 *
 * @param now milliseconds since 1970
 * @returns `undefined` when it may
 */
export function closedBecause(
  { changeWindows, freezes }: { changeWindows: readonly ChangeWindow[]; freezes: readonly Freeze[] },
  now: number,
): string | undefined {
  const freeze = freezes.find((freeze) => isFrozen(freeze, now));
  if (freeze !== undefined) return `frozen until ${freeze.to} ${freeze.timeZone}: ${freeze.reason}`;
  if (changeWindows.length === 0 || changeWindows.some((window) => isOpen(window, now))) return undefined;
  return `outside of its change windows: ${changeWindows.map(showWindow).join('; ')}`;
}

/** A window as a person would write it: `mon, tue 09:00–16:00 Europe/Dublin`. */
function showWindow({ days, from, to, timeZone }: ChangeWindow): string {
  return `${days.join(', ')} ${from}–${to} ${timeZone}`;
}

function isFrozen({ from, to, timeZone }: Freeze, now: number): boolean {
  const { date, time } = localTime(now, timeZone);
  const minute = `${date}T${time}`;
  // A day alone is the whole of it, at both ends; texts of one form compare as the times they stand for.
  return minute.slice(0, from.length) >= from && (isDay(to) ? date <= to : minute < to);
}

function isDay(text: string): boolean {
  return !text.includes('T');
}

function isOpen({ days, from, to, timeZone }: ChangeWindow, now: number): boolean {
  const { day, time } = localTime(now, timeZone);
  if (from < to) return days.includes(day) && from <= time && time < to;
  const dayBefore = DAYS[(DAYS.indexOf(day) + 6) % 7] as Day;
  return (days.includes(day) && from <= time) || (days.includes(dayBefore) && time < to);
}

/** What a clock on the wall shows. */
function localTime(now: number, timeZone: string): { date: string; time: string; day: Day } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
  });
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const weekday = (parts.weekday ?? '').toLowerCase().slice(0, 3);
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
    day: weekday as Day,
  };
}
