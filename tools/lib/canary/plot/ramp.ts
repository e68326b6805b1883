import { html } from 'ghtml';
import type { Assumptions } from '../odds/assumptions.ts';
import { releaseOf } from '../odds/assumptions.ts';
import { type Band, bands } from '../odds/bands.ts';
import type { Model } from '../odds/model.ts';
import { duration, percent } from '../report/words.ts';
import { frame, type Mark, x, y } from './frame.ts';

/** A release over time, as the plot draws it. */
interface Course {
  colour: string;
  word: string;
  bands: readonly Band[];
}

/**
 * Draws how users come to a new version, when it is healthy and when it is broken: the middle of all releases, and the band
 * that 90 of 100 are in.
 *
 * @param name of the canary
 */
export function rampPlot(name: string, model: Model, assumptions: Assumptions): string {
  const { healthy, broken } = assumptions;
  const courses: Course[] = [
    {
      colour: 'c0',
      word: `healthy: ${percent(1 - healthy.failed)} succeed`,
      bands: bands(model, releaseOf(healthy, assumptions)),
    },
    {
      colour: 'c1',
      word: `broken: ${percent(1 - broken.failed)} succeed`,
      bands: bands(model, releaseOf(broken, assumptions)),
    },
  ];
  const ticks = 1 + Math.max(...courses.map((course) => course.bands.at(-1)?.tick ?? 0));
  const { intervalSeconds } = model.analysis;
  return frame({
    title: `Users on the new version: ${name}`,
    description: courses
      .map(
        ({ word, bands: all }) =>
          `${word}, ends within ${duration((all.at(-1)?.tick ?? 0) * intervalSeconds)}`,
      )
      .join('; '),
    legend: courses,
    x: { word: 'since Flagger has seen the new version', marks: timeMarks(ticks * intervalSeconds) },
    y: {
      word: 'users on the new version; a band holds 90 of 100 releases',
      marks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, word: `${100 * at} %` })),
    },
    body: courses.map((course) => draw(course, ticks)).join('\n'),
  });
}

function draw({ colour, bands: all }: Course, ticks: number): string {
  const high = steps(all, ticks, ({ high }) => high);
  const low = steps(all, ticks, ({ low }) => low).reverse();
  const outline = [...high, ...low].map(([px, py]) => `${px} ${py}`).join('L');
  const median = steps(all, ticks, ({ median }) => median);
  return html`<path class="band ${colour}" d="M${outline}Z"/>
<path class="line ${colour}" d="M${median.map(([px, py]) => `${px} ${py}`).join('L')}"/>`;
}

/** The corners of a line that keeps its value until the next tick, and its last one to the end. */
function steps(all: readonly Band[], ticks: number, value: (band: Band) => number): [number, number][] {
  return all.flatMap((band, index): [number, number][] => {
    const until = index === all.length - 1 ? ticks : band.tick + 1;
    const height = y(value(band) / 100);
    return [
      [x(band.tick / ticks), height],
      [x(until / ticks), height],
    ];
  });
}

/** Distances between marks that people read well, in seconds. */
const STRIDES = [10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400];
const MARKS = 8;

function timeMarks(seconds: number): Mark[] {
  const stride = STRIDES.find((one) => seconds / one <= MARKS) ?? seconds / MARKS;
  return Array.from({ length: Math.floor(seconds / stride) + 1 }, (_, index) => ({
    at: (index * stride) / seconds,
    word: index === 0 ? '0' : duration(index * stride),
  }));
}
