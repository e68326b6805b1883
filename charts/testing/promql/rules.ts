// A Prometheus that evaluates rules as time goes by. For tests.

import { evaluate, key, type Labels, type Point, type Series } from './evaluate.ts';
import { type Expression, parsePromql } from './parse.ts';

/** A rule as a PrometheusRule has it. */
export interface Rule {
  record?: string;
  alert?: string;
  expr: string | number;
  for?: string;
  labels?: Record<string, string>;
}

/** An alert that fires. */
export interface Firing {
  alert: string;
  labels: Labels;
  value: number;
}

/** One group of rules, and all series that there are. */
export class RuleEngine {
  readonly series: Series[] = [];
  /** What fires since the last evaluation. */
  firing: readonly Firing[] = [];
  private readonly byKey = new Map<string, Series>();
  private readonly rules: readonly { rule: Rule; expression: Expression; seconds: number }[];
  /** What each rule recorded last. */
  private readonly recorded = new Map<Rule, readonly Labels[]>();
  /** Since when what an alert asks for is so, by the alert and its labels. */
  private since = new Map<string, number>();

  constructor(rules: readonly Rule[]) {
    this.rules = rules.map((rule) => ({
      rule,
      expression: parsePromql(String(rule.expr)),
      seconds: rule.for === undefined ? 0 : 60 * Number.parseInt(rule.for, 10),
    }));
  }

  /** Adds a sample. @param value `undefined` ends the series */
  add(name: string, labels: Labels, time: number, value: number | undefined): void {
    const all = { ...labels, __name__: name };
    const found = this.byKey.get(key(all));
    const series: Series = found ?? { labels: all, samples: [] };
    if (found === undefined) {
      this.byKey.set(key(all), series);
      this.series.push(series);
    }
    series.samples.push({ time, value });
  }

  /** Evaluates the rules in their order, each with what those before it have recorded. */
  evaluate(time: number): void {
    const firing: Firing[] = [];
    const since = new Map<string, number>();
    for (const { rule, expression, seconds } of this.rules) {
      const points = evaluate(expression, this.series, time).map(({ labels, value }) => {
        const { __name__: _, ...own } = { ...labels, ...rule.labels };
        return { labels: own, value };
      });
      if (rule.record !== undefined) this.record(rule, rule.record, points, time);
      for (const { labels, value } of rule.alert === undefined ? [] : points) {
        const id = `${rule.alert} ${key(labels)}`;
        const start = this.since.get(id) ?? time;
        since.set(id, start);
        if (time - start >= seconds) firing.push({ alert: rule.alert ?? '', labels, value });
      }
    }
    this.since = since;
    this.firing = firing;
  }

  /** What it recorded before and does no longer has ended. */
  private record(rule: Rule, name: string, points: readonly Point[], time: number): void {
    const now = new Set(points.map(({ labels }) => key(labels)));
    for (const labels of this.recorded.get(rule) ?? []) {
      if (!now.has(key(labels))) this.add(name, labels, time, undefined);
    }
    for (const { labels, value } of points) this.add(name, labels, time, value);
    this.recorded.set(
      rule,
      points.map(({ labels }) => labels),
    );
  }
}
