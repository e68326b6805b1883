const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/**
 * A day as people write it: 3 March 2026. Cut out of the text, which is a tenth of what `Intl` takes for it, and a list
 * shows ten.
 *
 * @param moment in the API's form, in UTC: `2026-03-03T12:00:00.000Z`
 */
export function day(moment: string): string {
  return `${Number(moment.slice(8, 10))} ${MONTHS[Number(moment.slice(5, 7)) - 1]} ${moment.slice(0, 4)}`;
}
