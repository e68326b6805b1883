// The small Prometheus of the tests, against what the real one answers: the numbers here are those of promtool 3.14.

import { describe, expect, test } from '@jest/globals';
import { evaluate } from './evaluate.ts';
import { parsePromql, parts } from './parse.ts';
import { RuleEngine } from './rules.ts';

/** Samples every 30 s from 0 on; `undefined` is a gap, `null` the end of a series. */
function engineWith(
  series: Record<string, [labels: Record<string, string>, values: (number | null | undefined)[]]>,
): RuleEngine {
  const engine = new RuleEngine([]);
  for (const [name, [labels, values]] of Object.entries(series)) {
    for (const [index, value] of values.entries()) {
      if (value !== undefined) engine.add(name.replace(/ .*/, ''), labels, 30 * index, value ?? undefined);
    }
  }
  return engine;
}

const ENGINE = engineWith({
  // It began anew at 90 s.
  'c_total a': [{ pod: 'a', app: 'x' }, [0, 30, 60, 10, 40, 70, 100]],
  'c_total b': [{ pod: 'b', app: 'x' }, [undefined, undefined, 5, 8, 11, 14, 17]],
  'g a': [{ pod: 'a' }, [3, 1, 2, 4, 4, 4, 4]],
  'g b': [{ pod: 'b' }, [1, 1, 1, null]],
  'h_bucket 1': [{ le: '1' }, [0, 10, 20, 30, 40, 50, 60]],
  'h_bucket 2': [{ le: '2' }, [0, 15, 30, 45, 60, 75, 90]],
  'h_bucket 3': [{ le: '+Inf' }, [0, 20, 40, 60, 80, 100, 120]],
});

function answer(expr: string, time = 180): [labels: object, value: number][] {
  return evaluate(parsePromql(expr), ENGINE.series, time).map(({ labels, value }) => [labels, value]);
}

describe('an expression is answered as Prometheus does', () => {
  test.each<[string, string, [object, number][]]>([
    ['the latest sample', 'g', [[{ __name__: 'g', pod: 'a' }, 4]]],
    ['none that has ended', 'g{pod="b"}', []],
    [
      'what rises in a second, over a new beginning too',
      'rate(c_total{pod="a"}[3m])',
      [[{ pod: 'a', app: 'x' }, 0.8666666666666667]],
    ],
    [
      'a counter that began within the range',
      'rate(c_total{pod="b"}[3m])',
      [[{ pod: 'b', app: 'x' }, 0.075]],
    ],
    ['sums over the pods', 'sum by (app) (rate(c_total[3m]))', [[{ app: 'x' }, 0.9416666666666667]]],
    ['sums without a label', 'sum without (pod) (c_total)', [[{ app: 'x' }, 117]]],
    ['a range without its start', 'sum_over_time(g{pod="a"}[1m])', [[{ pod: 'a' }, 8]]],
    [
      'the least of a range',
      'min_over_time(g[5m])',
      [
        [{ pod: 'a' }, 1],
        [{ pod: 'b' }, 1],
      ],
    ],
    [
      'the most of a range',
      'max_over_time(g[5m])',
      [
        [{ pod: 'a' }, 4],
        [{ pod: 'b' }, 1],
      ],
    ],
    ['what rises in a range', 'increase(c_total{pod="a"}[3m])', [[{ pod: 'a', app: 'x' }, 156]]],
    ['how many there are', 'count by (app) (c_total)', [[{ app: 'x' }, 2]]],
    [
      'the largest, under their own names',
      'topk(1, c_total)',
      [[{ __name__: 'c_total', pod: 'a', app: 'x' }, 100]],
    ],
    ['the time', 'time() - g', [[{ pod: 'a' }, 176]]],
    ['a quantile between two edges', 'histogram_quantile(0.6, rate(h_bucket[3m]))', [[{}, 1.4]]],
    ['a quantile over the last edge', 'histogram_quantile(0.99, rate(h_bucket[3m]))', [[{}, 2]]],
    ['what is more than a number', 'c_total > 50', [[{ __name__: 'c_total', pod: 'a', app: 'x' }, 100]]],
    [
      'what is there on both sides',
      'c_total and on (pod) g',
      [[{ __name__: 'c_total', pod: 'a', app: 'x' }, 100]],
    ],
    [
      'what is there on one side only',
      'c_total unless on (pod) g',
      [[{ __name__: 'c_total', pod: 'b', app: 'x' }, 17]],
    ],
    [
      'one side, or else the other',
      'g or on (pod) c_total',
      [
        [{ __name__: 'g', pod: 'a' }, 4],
        [{ __name__: 'c_total', pod: 'b', app: 'x' }, 17],
      ],
    ],
    ['nothing for what is not matched', 'g / c_total', []],
    ['the quotient of what is', 'c_total / on (pod) g', [[{ pod: 'a' }, 25]]],
    ['that something is not there', 'absent(nothing{pod="a", app=~"x.*"})', [[{ pod: 'a' }, 1]]],
    [
      'another name for a label',
      'label_replace(g, "who", "me", "pod", "a")',
      [[{ __name__: 'g', pod: 'a', who: 'me' }, 4]],
    ],
    ['products before sums', '2 + 3 * vector(4)', [[{}, 14]]],
  ])('%s: %s', (_, expr, expected) => {
    const found = answer(expr);
    expect(found.map(([labels]) => labels)).toEqual(expected.map(([labels]) => labels));
    for (const [index, [, value]] of found.entries())
      expect(value).toBeCloseTo(expected[index]?.[1] ?? 0, 12);
  });

  test.each([
    ['what matches two', 'sum(g) / on () c_total', /two on the right/],
    ['a range where a vector is wanted', 'sum(g[5m])', /a range is no vector/],
    ['a function that is not known', 'deriv(g[5m])', /no function deriv/],
  ])('and refuses %s', (_, expr, message) => {
    expect(() => answer(expr)).toThrow(message);
  });
});

describe('what is no PromQL is refused', () => {
  test.each([
    'sum(',
    'g{pod=a}',
    'g[5x]',
    'rate(g[{{ interval }}])',
    'sum by (pod) (rate(g[$__rate_interval]))',
    'a b',
  ])('%s', (expr) => {
    expect(() => parts(parsePromql(expr))).toThrow(SyntaxError);
  });
});

test('rules go on with what those before them have recorded, and an alert waits', () => {
  const engine = new RuleEngine([
    { record: 'r', expr: 'g * 2', labels: { of: 'g' } },
    { alert: 'High', expr: 'r > 5', for: '2m' },
  ]);
  const fired: number[] = [];
  for (let time = 0; time <= 600; time += 60) {
    engine.add('g', { pod: 'a' }, time, time >= 120 && time < 480 ? 3 : 1);
    engine.evaluate(time);
    if (engine.firing.length > 0) fired.push(time);
  }
  expect(fired).toEqual([240, 300, 360, 420]);
});
