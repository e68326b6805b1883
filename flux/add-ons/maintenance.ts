// Karpenter's budgets say when it may not do something; people say when it may.

/** The days of the week as cron has them, in the order in which cron counts them. */
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const MINUTES_OF_DAY = 24 * 60;
const MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY;

/** Hours of the week in which nodes may be exchanged. */
export interface Maintenance {
  /** The days on which it begins. */
  days: readonly (typeof DAYS)[number][];
  /** When it begins, in UTC: `02:00`. */
  from: string;
  /** How long it is: 1 to 24. */
  hours: number;
}

/** A time that comes back every week. */
export interface WeeklyTime {
  /** Its beginnings, as cron has them, in UTC. */
  schedule: string;
  /** How long it is: `20h`. */
  duration: string;
}

/**
 * The rest of the week: from the end of each maintenance to the beginning of the next. Those of one length are one.
 *
 * @returns nothing where one maintenance follows on another all week long
 */
export function closedHours({ days, from, hours }: Maintenance): WeeklyTime[] {
  const [hour = 0, minute = 0] = from.split(':').map(Number);
  const starts = days
    .map((day) => DAYS.indexOf(day) * MINUTES_OF_DAY + hour * 60 + minute)
    .sort((a, b) => a - b);
  const gaps = starts.map((start, index) => {
    const next = starts[index + 1] ?? (starts[0] ?? 0) + MINUTES_OF_WEEK;
    const end = start + hours * 60;
    return { end, minutes: next - end };
  });
  const byLength = Map.groupBy(
    gaps.filter(({ minutes }) => minutes > 0),
    ({ minutes }) => minutes,
  );
  return [...byLength].map(([minutes, ends]) => {
    const [{ end }] = ends as [(typeof ends)[number]];
    const onDays = ends.map(({ end }) => DAYS[Math.floor(end / MINUTES_OF_DAY) % 7]);
    return {
      schedule: `${end % 60} ${Math.floor(end / 60) % 24} * * ${onDays.join(',')}`,
      // Whole hours, since both its ends are at the same minute.
      duration: `${minutes / 60}h`,
    };
  });
}
