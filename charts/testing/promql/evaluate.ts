// What Prometheus makes of an expression, for as much of PromQL as we use. For tests.
// @see https://prometheus.io/docs/prometheus/latest/querying/basics/
// @see https://github.com/prometheus/prometheus/blob/main/promql/functions.go

import type { Aggregation, Binary, Call, Expression, Selector } from './parse.ts';

export type Labels = Readonly<Record<string, string>>;

/** A value at a time; `undefined` where the series has ended. Times are in seconds and rise. */
export interface Sample {
  time: number;
  value: number | undefined;
}

/** Samples under one set of labels, the metric's name under `__name__`. */
export interface Series {
  labels: Labels;
  samples: Sample[];
}

/** What an expression is at a moment: one number for each set of labels. */
export interface Point {
  labels: Labels;
  value: number;
}

/** How long a sample counts when no newer one came. */
const LOOKBACK_SECONDS = 300;

/**
 * @param expression no number by itself
 * @param time seconds
 * @throws Error for what is not known here, and where Prometheus would refuse too
 */
export function evaluate(expression: Expression, series: readonly Series[], time: number): Point[] {
  const value = new Evaluation(series, time).value(expression);
  if (typeof value === 'number') throw new Error('a number is no vector');
  return value;
}

class Evaluation {
  private readonly series: readonly Series[];
  private readonly time: number;

  constructor(series: readonly Series[], time: number) {
    this.series = series;
    this.time = time;
  }

  value(expression: Expression): Point[] | number {
    switch (expression.kind) {
      case 'number':
        return expression.value;
      case 'selector':
        return this.latest(expression);
      case 'call':
        return expression.name === 'time' ? this.time : this.call(expression);
      case 'aggregation':
        return this.aggregation(expression);
      case 'binary':
        return this.binary(expression);
      default:
        throw new Error('a text is no value');
    }
  }

  private vector(expression: Expression | undefined): Point[] {
    const value = expression === undefined ? undefined : this.value(expression);
    if (!Array.isArray(value)) throw new Error('no vector where one is wanted');
    return value;
  }

  private number(expression: Expression | undefined): number {
    const value = expression === undefined ? undefined : this.value(expression);
    if (typeof value !== 'number') throw new Error('no number where one is wanted');
    return value;
  }

  private selected(selector: Selector): Series[] {
    return this.series.filter(
      ({ labels }) => labels.__name__ === selector.metric && isSelected(selector, labels),
    );
  }

  private latest(selector: Selector): Point[] {
    if (selector.seconds !== undefined) throw new Error('a range is no vector');
    return this.selected(selector).flatMap(({ labels, samples }) => {
      const sample = samples[after(samples, this.time) - 1];
      if (sample?.value === undefined || sample.time <= this.time - LOOKBACK_SECONDS) return [];
      return [{ labels, value: sample.value }];
    });
  }

  /** Applies a function to the samples of a range: from one index on, to before another. Without any there is no point. */
  private overRange(
    expression: Expression | undefined,
    of: (samples: readonly Sample[], from: number, to: number, seconds: number) => number | undefined,
  ): Point[] {
    if (expression?.kind !== 'selector' || expression.seconds === undefined) {
      throw new Error('no range where one is wanted');
    }
    const { seconds } = expression;
    return this.selected(expression).flatMap(({ labels, samples }) => {
      // Its start is not part of a range.
      const value = of(samples, after(samples, this.time - seconds), after(samples, this.time), seconds);
      return value === undefined ? [] : [{ labels: unnamed(labels), value }];
    });
  }

  /** By how much counters rise in a second of a range, times a factor of its length. */
  private rates(expression: Expression | undefined, factor: (seconds: number) => number): Point[] {
    return this.overRange(expression, (samples, from, to, seconds) => {
      const there = samples.slice(from, to).filter((sample) => sample.value !== undefined);
      const risen = rate(there as { time: number; value: number }[], seconds, this.time);
      return risen === undefined ? undefined : risen * factor(seconds);
    });
  }

  private call({ name, arguments: all }: Call): Point[] {
    const [first, second] = all;
    switch (name) {
      case 'vector':
        return [{ labels: {}, value: this.number(first) }];
      case 'label_replace':
        return relabelled(this.vector(first), all.slice(1).map(text));
      case 'rate':
        return this.rates(first, () => 1);
      case 'increase':
        return this.rates(first, (seconds) => seconds);
      case 'sum_over_time':
        return this.overRange(
          first,
          folded((sum, value) => sum + value),
        );
      case 'min_over_time':
        return this.overRange(first, folded(Math.min));
      case 'max_over_time':
        return this.overRange(first, folded(Math.max));
      case 'absent':
        return this.vector(first).length > 0 ? [] : [{ labels: equalities(first), value: 1 }];
      case 'histogram_quantile':
        return quantiles(this.number(first), this.vector(second));
      default:
        throw new Error(`no function ${name} is known here`);
    }
  }

  private aggregation({ name, of, first, labels, without }: Aggregation): Point[] {
    if (name === 'topk') {
      const sorted = [...this.vector(of)].sort((a, b) => b.value - a.value);
      return sorted.slice(0, this.number(first));
    }
    const combine = COMBINED[name];
    if (combine === undefined) throw new Error(`no aggregation ${name} is known here`);
    const kept = (point: Point) =>
      without ? dropped(unnamed(point.labels), labels) : picked(point.labels, labels);
    const groups = Map.groupBy(this.vector(of), (point) => key(kept(point)));
    return [...groups.values()].map((points) => ({
      labels: kept(points[0] as Point),
      value: combine(points.map(({ value }) => value)),
    }));
  }

  private binary(expression: Binary): Point[] | number {
    const { operator, on } = expression;
    const left = this.value(expression.left);
    const right = this.value(expression.right);
    const calculate = CALCULATED[operator];
    const compare = COMPARED[operator];
    if (typeof left === 'number' && typeof right === 'number') {
      if (calculate === undefined) throw new Error(`numbers are not compared by ${operator} here`);
      return calculate(left, right);
    }
    const by = (point: Point) => key(on ? picked(point.labels, on) : unnamed(point.labels));
    if (SETS.has(operator)) return set(operator, vectorOf(left), vectorOf(right), by);
    const pairs: [Point, number][] =
      typeof right === 'number'
        ? vectorOf(left).map((point) => [point, right])
        : typeof left === 'number'
          ? right.map((point) => [point, left])
          : matched(left, right, by);
    return pairs.flatMap(([point, other]) => {
      const [a, b] = typeof left === 'number' ? [other, point.value] : [point.value, other];
      if (compare) return compare(a, b) ? [{ labels: point.labels, value: point.value }] : [];
      if (calculate === undefined) throw new Error(`no operator ${operator} is known here`);
      const labels = on ? picked(point.labels, on) : unnamed(point.labels);
      return [{ labels, value: calculate(a, b) }];
    });
  }
}

/** Folds the samples of a range into one; in place, for windows of days hold thousands. */
function folded(fold: (a: number, b: number) => number) {
  return (samples: readonly Sample[], from: number, to: number): number | undefined => {
    let result: number | undefined;
    for (let index = from; index < to; index++) {
      const value = samples[index]?.value;
      if (value !== undefined) result = result === undefined ? value : fold(result, value);
    }
    return result;
  };
}

const COMBINED: Readonly<Record<string, (values: number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  count: (values) => values.length,
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

const CALCULATED: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const COMPARED: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

const SETS = new Set(['and', 'or', 'unless']);

function set(operator: string, left: Point[], right: Point[], by: (point: Point) => string): Point[] {
  const there = new Set((operator === 'or' ? left : right).map(by));
  if (operator === 'or') return [...left, ...right.filter((point) => !there.has(by(point)))];
  return left.filter((point) => there.has(by(point)) === (operator === 'and'));
}

/** Each point of the left with the one of the right that has its labels. */
function matched(left: Point[], right: Point[], by: (point: Point) => string): [Point, number][] {
  const others = new Map<string, number>();
  for (const point of right) {
    if (others.has(by(point))) throw new Error(`two on the right are ${by(point)}`);
    others.set(by(point), point.value);
  }
  const pairs = left.flatMap((point): [Point, number][] => {
    const other = others.get(by(point));
    return other === undefined ? [] : [[point, other]];
  });
  if (new Set(pairs.map(([point]) => by(point))).size < pairs.length)
    throw new Error('two on the left match');
  return pairs;
}

function vectorOf(value: Point[] | number): Point[] {
  if (typeof value === 'number') throw new Error('no vector where one is wanted');
  return value;
}

/**
 * By how much a counter rises in a second: what it rose between its first sample and its last, stretched to the ends of the
 * range where they are near. @see https://github.com/prometheus/prometheus/blob/main/promql/functions.go (extrapolatedRate)
 */
function rate(
  samples: readonly { time: number; value: number }[],
  seconds: number,
  time: number,
): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 2) return undefined;
  let risen = last.value - first.value;
  for (let index = 1; index < samples.length; index++) {
    const before = samples[index - 1]?.value ?? 0;
    // It began anew.
    if ((samples[index]?.value ?? 0) < before) risen += before;
  }
  const sampled = last.time - first.time;
  const apart = sampled / (samples.length - 1);
  const near = (distance: number) => (distance >= apart * 1.1 ? apart / 2 : distance);
  let toStart = near(first.time - (time - seconds));
  // No counter was ever under zero.
  if (risen > 0 && first.value >= 0) toStart = Math.min(toStart, sampled * (first.value / risen));
  const toEnd = near(time - last.time);
  return (risen * ((sampled + toStart + toEnd) / sampled)) / seconds;
}

/** Quantiles of histograms in buckets, between the edges of a bucket in proportion. */
function quantiles(share: number, buckets: Point[]): Point[] {
  const histograms = Map.groupBy(buckets, ({ labels }) => key(dropped(unnamed(labels), ['le'])));
  return [...histograms.values()].map((points) => {
    const edges = points
      .map(({ labels, value }) => ({ edge: labels.le === '+Inf' ? Infinity : Number(labels.le), value }))
      .sort((a, b) => a.edge - b.edge);
    const wanted = share * (edges.at(-1)?.value ?? 0);
    const index = edges.findIndex(({ value }) => value >= wanted);
    const { edge, value } = edges[index] ?? { edge: Number.NaN, value: 0 };
    const before = edges[index - 1] ?? { edge: 0, value: 0 };
    const labels = dropped(unnamed(points[0]?.labels ?? {}), ['le']);
    if (edge === Infinity) return { labels, value: before.edge };
    const part = (wanted - before.value) / (value - before.value);
    return { labels, value: before.edge + (edge - before.edge) * part };
  });
}

function text(expression: Expression): string {
  if (expression.kind !== 'string') throw new Error('no text where one is wanted');
  return expression.value;
}

/** Gives points a label, where another matches: `label_replace` without what a pattern captures. */
function relabelled(points: Point[], [to = '', value = '', from = '', pattern = '']: string[]): Point[] {
  if (value.includes('$')) throw new Error('what a pattern captures is not known here');
  const matches = new RegExp(`^(?:${pattern})$`, 's');
  return points.map((point) =>
    matches.test(point.labels[from] ?? '') ? { ...point, labels: { ...point.labels, [to]: value } } : point,
  );
}

/** Whether a series with these labels is selected. Its name is not looked at. */
export function isSelected({ matchers }: Selector, labels: Labels): boolean {
  return matchers.every(({ label, operator, value }) => {
    // A label that is not there is as one that is empty.
    const own = labels[label] ?? '';
    const isEqual = operator.endsWith('~') ? new RegExp(`^(?:${value})$`, 's').test(own) : own === value;
    return isEqual === operator.startsWith('=');
  });
}

/** The labels that `absent` knows of what is not there. */
function equalities(expression: Expression | undefined): Labels {
  if (expression?.kind !== 'selector') return {};
  const equal = expression.matchers.filter(({ operator }) => operator === '=');
  return Object.fromEntries(equal.map(({ label, value }) => [label, value]));
}

/** The index of the first sample after a time. */
function after(samples: readonly Sample[], time: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.time ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

const unnamed = remembered((labels: Labels) => dropped(labels, ['__name__']));

function dropped(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

function picked(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

/** The same text for the same labels. */
export const key = remembered((labels: Labels) =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))),
);

/** A function that is asked the same of each series again and again. */
function remembered<T>(of: (labels: Labels) => T): (labels: Labels) => T {
  const known = new WeakMap<Labels, T>();
  return (labels) => {
    const found = known.get(labels) ?? of(labels);
    known.set(labels, found);
    return found;
  };
}
