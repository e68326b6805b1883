import { html } from 'ghtml';
import type { Assumptions } from '../odds/assumptions.ts';
import { operatingCurve } from '../odds/curve.ts';
import type { Model } from '../odds/model.ts';
import { CERTAINTY } from '../odds/plan.ts';
import { smallestCaught } from '../odds/regression.ts';
import { percent } from '../report/words.ts';
import { frame, type Mark, x, y } from './frame.ts';

/** A canary at one traffic. */
export interface CurveOf {
  word: string;
  model: Model;
  assumptions: Assumptions;
}

/** The lines that have a colour of their own. */
const COLOURS = 5;
/** The axis begins at 1 failed request in 10,000, and ends where all fail. */
const DECADES = 4;
const POINTS = 64;

/**
 * Draws how likely a release is promoted, by how many of its requests fail: one line for each traffic. A dot stands where 95
 * of 100 are rolled back.
 *
 * @param name of the canary
 */
export function curvePlot(name: string, all: readonly CurveOf[]): string {
  const colour = (index: number) => `c${index % COLOURS}`;
  const assumptions = all[0]?.assumptions;
  const caught = all.map(({ model, assumptions }) => smallestCaught(model, assumptions, CERTAINTY));
  return frame({
    title: `Promoted, by what fails: ${name}`,
    description: all
      .map(({ word }, index) => {
        const share = caught[index];
        return `${word}: ${share === undefined ? 'nothing is caught' : `caught from ${percent(share)} failed requests on`} with 95 %`;
      })
      .join('; '),
    legend: all.map(({ word }, index) => ({ word, colour: colour(index) })),
    x: {
      word: 'requests that the new version really fails; a dot: 95 of 100 releases are rolled back',
      marks: MARKS,
    },
    y: {
      word: 'chance that it is promoted',
      marks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, word: `${100 * at} %` })),
    },
    body: [
      ...(assumptions === undefined
        ? []
        : [guide(assumptions.healthy.failed, 'healthy'), guide(assumptions.broken.failed, 'broken')]),
      ...all.map((one, index) => line(one, colour(index))),
      ...caught.map((share, index) => dot(share, colour(index))),
    ].join('\n'),
  });
}

function line({ model, assumptions }: CurveOf, colour: string): string {
  const points = operatingCurve(model, assumptions, POINTS).map(
    ({ failed, promoted }) => `${x(place(failed))} ${y(promoted)}`,
  );
  return html`<path class="line ${colour}" d="M${points.join('L')}"/>`;
}

function dot(share: number | undefined, colour: string): string {
  if (share === undefined) return '';
  return html`<circle class="dot ${colour}" cx="${x(place(share))}" cy="${y(1 - CERTAINTY)}" r="5"/>`;
}

function guide(share: number, word: string): string {
  if (place(share) < 0 || place(share) > 1) return '';
  return html`<path class="at" d="M${x(place(share))} ${y(0)}V${y(1)}"/><text class="mark middle" x="${x(place(share))}" y="${y(1) - 5}">${word}</text>`;
}

/** Where a share stands on an axis of logarithms, from 0 to 1. */
function place(share: number): number {
  return 1 + Math.log10(share) / DECADES;
}

const MARKS: readonly Mark[] = [0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.5, 1].map((share) => ({
  at: place(share),
  word: `${Number((100 * share).toPrecision(2))} %`,
}));
