// What the plots have in common: an SVG that stands alone, in light and dark, without any outside asset.
import { html } from 'ghtml';

/** The size of a plot, in pixels. */
export const WIDTH = 760;
export const HEIGHT = 374;
/** The room around the drawing itself, for words. */
export const MARGIN = { top: 92, right: 38, bottom: 52, left: 58 };
const INNER = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };

/** A mark on an axis: where it is, from 0 to 1, and its word. */
export interface Mark {
  at: number;
  word: string;
}

/** The name of a line in a plot. */
export interface LegendEntry {
  /** The class of its colour: `c0`, `c1`, … */
  colour: string;
  word: string;
}

export interface FrameProps {
  title: string;
  /** What the plot shows, for who can't see it. */
  description: string;
  legend: readonly LegendEntry[];
  x: { word: string; marks: readonly Mark[] };
  y: { word: string; marks: readonly Mark[] };
  /** The drawing, in the coordinates of {@link x} and {@link y}. */
  body: string;
}

/** The horizontal place of a share from 0, at the left, to 1. */
export function x(share: number): number {
  return round(MARGIN.left + share * INNER.width);
}

/** The vertical place of a share from 0, at the bottom, to 1. */
export function y(share: number): number {
  return round(MARGIN.top + (1 - share) * INNER.height);
}

/** A plot with its title, legend and axes. */
export function frame({ title, description, legend, x: across, y: up, body }: FrameProps): string {
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}: ${description}">
<style>!${STYLE}</style>
<rect class="paper" width="${WIDTH}" height="${HEIGHT}" rx="10"/>
<text class="title" x="${MARGIN.left - 34}" y="30">${title}</text>
!${legend.length === 0 ? '' : legendOf(legend)}
<g class="grid">
!${up.marks.map(({ at }) => html`<path d="M${x(0)} ${y(at)}H${x(1)}"/>`)}
</g>
!${up.marks.map(({ at, word }) => html`<text class="mark end" x="${x(0) - 8}" y="${y(at) + 4}">${word}</text>`)}
!${across.marks.map(({ at, word }) => html`<path class="tick" d="M${x(at)} ${y(0)}v5"/><text class="mark middle" x="${x(at)}" y="${y(0) + 19}">${word}</text>`)}
<text class="word middle" x="${x(0.5)}" y="${HEIGHT - 12}">${across.word}</text>
<text class="word" x="${MARGIN.left - 34}" y="${MARGIN.top - 16}">${up.word}</text>
!${body}
<path class="axis" d="M${x(0)} ${y(0)}H${x(1)}"/>
</svg>
`;
}

/** A letter's width, on the safe side: an SVG can't measure its text. */
const LETTER = 6.6;

function legendOf(entries: readonly LegendEntry[]): string {
  let left = MARGIN.left - 34;
  return entries
    .map(({ colour, word }) => {
      const entry = html`<path class="line ${colour}" d="M${left} 48h18"/><text class="word strong" x="${left + 24}" y="52">${word}</text>`;
      left += 24 + Math.ceil(word.length * LETTER) + 22;
      return entry;
    })
    .join('\n');
}

/** One decimal is finer than any screen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The console's colours; the lines' can be told apart by who sees no red or no green. */
const LIGHT =
  '--paper:#ffffff;--ink:#0d2530;--soft:#526a74;--grid:#e4ebed;--axis:#b9c9cd;--c0:#0a7a70;--c1:#c2570c;--c2:#3b5bdb;--c3:#8a3ffc;--c4:#0d2530';
const DARK =
  '--paper:#101c20;--ink:#e2edee;--soft:#9fb4ba;--grid:#20323a;--axis:#41606a;--c0:#5fd3c1;--c1:#f2a65a;--c2:#8ea8ff;--c3:#c9a4ff;--c4:#e2edee';
const STYLE = [
  `svg{${LIGHT}}`,
  `@media(prefers-color-scheme:dark){svg{${DARK}}}`,
  'text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--soft);font-variant-numeric:tabular-nums}',
  '.paper{fill:var(--paper)}',
  '.title{font-size:15px;font-weight:600;fill:var(--ink)}',
  '.strong{fill:var(--ink)}',
  '.middle{text-anchor:middle}.end{text-anchor:end}',
  '.grid path{stroke:var(--grid)}.tick,.axis{stroke:var(--axis);fill:none}',
  '.line{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}',
  '.band{stroke:none;fill-opacity:.16}',
  '.at{stroke:var(--axis);stroke-dasharray:3 4;fill:none}',
  '.dot{stroke:var(--paper);stroke-width:2}',
  ...[0, 1, 2, 3, 4].map((n) => `.line.c${n}{stroke:var(--c${n})}.band.c${n},.dot.c${n}{fill:var(--c${n})}`),
].join('');
