import { html } from 'ghtml';
import type { Moment } from '../lib/rehearse/rehearsal.ts';

/** What a strip of the chart shows. */
interface Strip {
  readonly label: string;
  /** What stands at its top and bottom. */
  readonly top: number;
  readonly bottom: number;
  readonly unit: string;
  readonly value: (moment: Moment) => number | undefined;
  /** Where what is allowed ends. */
  readonly limit?: number | undefined;
  /** Whether a value holds until the next one. */
  readonly isStepped?: true;
}

/** What a check allows. */
export interface Limits {
  /** Percent of requests that must succeed. */
  readonly successPercent: number | undefined;
  /** Milliseconds. */
  readonly p99: number | undefined;
}

const WIDTH = 720;
const HEIGHT = 96;
const GAP = 34;
const LEFT = 8;
const RIGHT = 78;
/** The chart has room for so many ticks from the beginning on, so that it grows to the right and not all over. */
const FEWEST_TICKS = 10;

/**
 * Draws a rehearsal so far: users on the new version, and what the checks saw of it.
 *
 * @param moments one for each tick
 */
export function rehearsalChart(moments: readonly Moment[], limits: Limits): string {
  const lowest = Math.min(
    limits.successPercent ?? 99,
    ...moments.flatMap(({ seen }) => seen?.successPercent ?? []),
  );
  const slowest = Math.max(limits.p99 ?? 100, ...moments.flatMap(({ seen }) => seen?.p99 ?? []));
  const strips: Strip[] = [
    {
      label: 'Users on the new version',
      top: 100,
      bottom: 0,
      unit: ' %',
      value: ({ weight }) => weight,
      isStepped: true,
    },
    {
      label: 'Success rate at each check',
      top: 100,
      bottom: Math.floor(Math.max(0, Math.min(lowest - 1, 98))),
      unit: ' %',
      value: ({ seen }) => seen?.successPercent,
      limit: limits.successPercent,
    },
    {
      label: 'P99 at each check',
      top: Math.ceil((slowest * 1.1) / 100) * 100,
      bottom: 0,
      unit: ' ms',
      value: ({ seen }) => seen?.p99,
      limit: limits.p99,
    },
  ];
  const ticks = Math.max(FEWEST_TICKS, moments.length);
  const height = strips.length * (HEIGHT + GAP);
  return html`<svg class="live" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" aria-hidden="true">
!${strips.map((strip, index) => drawStrip(strip, moments, ticks, index * (HEIGHT + GAP) + GAP - 8))}
</svg>`;
}

function drawStrip(
  { label, top, bottom, unit, value, limit, isStepped }: Strip,
  moments: readonly Moment[],
  ticks: number,
  from: number,
): string {
  const x = (tick: number) => round(LEFT + (tick / ticks) * (WIDTH - LEFT - RIGHT));
  const y = (number: number) => round(from + ((top - number) / (top - bottom)) * HEIGHT);
  const points = moments.flatMap((moment) => {
    const number = value(moment);
    return number === undefined ? [] : [{ tick: moment.tick, number, moment }];
  });
  const path = points
    .map(({ tick, number }, index) => {
      const before = points[index - 1];
      const step =
        isStepped && before !== undefined ? `H${x(tick)}V${y(number)}` : `L${x(tick)} ${y(number)}`;
      return index === 0 ? `M${x(tick)} ${y(number)}` : step;
    })
    .join('');
  const dots = points.map(
    ({ tick, number, moment }) =>
      html`<circle class="${moment.seen?.passes === false ? 'bad' : 'good'}" cx="${x(tick)}" cy="${y(number)}" r="3.5"/>`,
  );
  const last = points.at(-1);
  return html`<g><text class="what" x="${LEFT}" y="${from - 8}">${label}</text>
<path class="frame" d="M${x(0)} ${y(top)}H${x(ticks)}M${x(0)} ${y(bottom)}H${x(ticks)}"/>
<text class="scale" x="${x(ticks) + 8}" y="${y(top) + 4}">${top}${unit}</text><text class="scale" x="${x(ticks) + 8}" y="${y(bottom) + 4}">${bottom}${unit}</text>
!${limit === undefined ? '' : html`<path class="limit" d="M${x(0)} ${y(limit)}H${x(ticks)}"/>`}
<path class="course" d="${path || 'M0 0'}"/>!${dots}
!${last === undefined ? '' : html`<text class="now" x="${x(last.tick) + 7}" y="${y(last.number) - 6}">${round(last.number)}${unit}</text>`}</g>`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
