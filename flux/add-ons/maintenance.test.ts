import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closedHours, type Maintenance, type WeeklyTime } from './maintenance.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MINUTES = 7 * 24 * 60;

/** The minutes of the week that such times cover, read as cron and Karpenter do. */
function covered(times: readonly WeeklyTime[]): Set<number> {
  const minutes = new Set<number>();
  for (const { schedule, duration } of times) {
    const [minute, hour, , , days = ''] = schedule.split(' ');
    for (const day of days.split(',')) {
      const start = DAYS.indexOf(day as (typeof DAYS)[number]) * 1440 + Number(hour) * 60 + Number(minute);
      const length = Number.parseInt(duration, 10) * 60;
      for (let index = 0; index < length; index++) minutes.add((start + index) % MINUTES);
    }
  }
  return minutes;
}

const maintenances: fc.Arbitrary<Maintenance> = fc.record({
  // In whatever order somebody has written them.
  days: fc.shuffledSubarray([...DAYS], { minLength: 1 }),
  from: fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
  hours: fc.integer({ min: 1, max: 24 }),
});

describe('the hours in which no node is exchanged', () => {
  test('are told in as few times as there are lengths between two maintenances', () => {
    expect(closedHours({ days: ['tue', 'wed', 'thu'], from: '02:00', hours: 4 })).toEqual([
      { schedule: '0 6 * * tue,wed', duration: '20h' },
      { schedule: '0 6 * * thu', duration: '116h' },
    ]);
  });

  test('are none where one maintenance follows on another', () => {
    expect(closedHours({ days: [...DAYS], from: '00:00', hours: 24 })).toEqual([]);
  });

  test('begin on the next day where maintenance lasts over midnight', () => {
    expect(closedHours({ days: ['sat'], from: '22:30', hours: 4 })).toEqual([
      { schedule: '30 2 * * sun', duration: '164h' },
    ]);
  });

  test('are every minute of the week that is in no maintenance', () => {
    fc.assert(
      fc.property(maintenances, (maintenance) => {
        const closed = covered(closedHours(maintenance));
        const { days, from, hours } = maintenance;
        const [hour = 0, minute = 0] = from.split(':').map(Number);
        const open = covered([
          { schedule: `${minute} ${hour} * * ${days.join(',')}`, duration: `${hours}h` },
        ]);
        for (let index = 0; index < MINUTES; index++) {
          if (closed.has(index) === open.has(index)) return false;
        }
        return true;
      }),
    );
  });
});
