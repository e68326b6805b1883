// What is said when the code that makes a chart fails: in the words of whoever wrote it, and not as a stack.
import type { ChartFile } from '../../../apps/main.ts';

import { PropsError } from '../../../charts/props-error.ts';
import { ownPlaces } from '../../../config/checks/stack.ts';
import { ROOT } from '../repo.ts';
import { UserError } from '../user-error.ts';

/** A chart that could not be made, and why. */
export interface Failure {
  file: ChartFile;
  error: unknown;
}

/**
 * All failures as one error: a line for each place and reason, with the clusters it stops.
 *
 * @returns its `cause` is the first of them
 */
export function chartError(failures: readonly Failure[]): UserError {
  const clusters = Map.groupBy(failures, ({ file, error }) => JSON.stringify(told(file, error)));
  const lines = [...clusters].flatMap(([key, same]) => {
    const { place, reasons } = JSON.parse(key) as Told;
    const names = [...new Set(same.map(({ file }) => file.path.split('/')[0]))].join(', ');
    return reasons.map((reason) => `${place}: can't be compiled for ${names}: ${reason}`);
  });
  return new UserError(lines.join('\n'), { cause: failures[0]?.error });
}

interface Told {
  /** The source of the chart, with the line that failed where that is known: `apps/shop.ts:12`. */
  place: string;
  reasons: string[];
}

function told({ source, path }: ChartFile, error: unknown): Told {
  if (!(error instanceof Error)) return { place: source, reasons: [String(error)] };
  const places = ownPlaces(ROOT, error.stack ?? '');
  const called = places.findIndex((place) => place.startsWith(source));
  const place = places[called] ?? source;
  // The chart's id begins with the cluster, which is told anyway.
  const message = error.message.replaceAll(`${path.split('/')[0]}-`, '');
  // It says all that is wrong by itself, a line each: chart and construct, then the prop.
  if (error instanceof PropsError) {
    return { place, reasons: message.split('\n').map((line) => line.replace(/^[^/:]*\//, '')) };
  }
  const inside = called > 0 ? ` (in ${places[0]})` : '';
  return { place, reasons: [`${message}${inside}; \`npm run check\` may say more`] };
}
