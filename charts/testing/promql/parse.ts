// PromQL as a tree, by Prometheus' own grammar. For tests.

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export type Expression = NumberLiteral | StringLiteral | Selector | Call | Aggregation | Binary;

export interface NumberLiteral {
  kind: 'number';
  value: number;
}

export interface StringLiteral {
  kind: 'string';
  value: string;
}

/** Series of a metric; with `seconds`, their samples of so long. */
export interface Selector {
  kind: 'selector';
  metric: string;
  matchers: readonly Matcher[];
  seconds?: number;
}

export interface Matcher {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

export interface Call {
  kind: 'call';
  name: string;
  arguments: readonly Expression[];
}

export interface Aggregation {
  kind: 'aggregation';
  name: string;
  of: Expression;
  /** The number before it, of those that want one: `topk`. */
  first?: Expression;
  labels: readonly string[];
  /** Whether the labels are those that go. */
  without: boolean;
}

export interface Binary {
  kind: 'binary';
  operator: string;
  left: Expression;
  right: Expression;
  /** The labels by which both sides are matched. @default all of them */
  on?: readonly string[];
}

/**
 * @param text with no braces of Flagger and no variables of Grafana left in it
 * @throws SyntaxError for what is no PromQL, or is none that is used here
 */
export function parsePromql(text: string): Expression {
  const reader = new Reader(text);
  const tree = parser.parse(text);
  tree.iterate({
    enter({ type, from }) {
      // The parser goes on after a mistake.
      if (type.isError) throw reader.error(`is no PromQL from ${JSON.stringify(text.slice(from))} on`);
    },
  });
  const [root, ...rest] = children(tree.topNode);
  if (root === undefined || rest.length > 0) throw reader.error('is not one expression');
  return reader.expression(root);
}

/** An expression and everything in it. */
export function parts(expression: Expression): Expression[] {
  return [expression, ...inner(expression).flatMap(parts)];
}

function inner(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
      return expression.arguments;
    case 'aggregation':
      return [expression.of];
    case 'binary':
      return [expression.left, expression.right];
    default:
      return [];
  }
}

function children(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) all.push(child);
  return all;
}

/** What each unit of a duration is in seconds. */
const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

class Reader {
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  error(says: string): SyntaxError {
    return new SyntaxError(`${JSON.stringify(this.text)} ${says}`);
  }

  expression(node: SyntaxNode): Expression {
    switch (node.name) {
      case 'ParenExpr':
        return this.expression(this.only(node));
      case 'NumberDurationLiteral':
        return { kind: 'number', value: Number(this.of(node)) };
      case 'StringLiteral':
        return { kind: 'string', value: this.string(node) };
      case 'VectorSelector':
        return this.selector(node);
      case 'MatrixSelector':
        return this.range(node);
      case 'FunctionCall':
        return this.call(node);
      case 'AggregateExpr':
        return this.aggregation(node);
      case 'BinaryExpr':
        return this.binary(node);
      default:
        throw this.error(`holds ${node.name} at ${JSON.stringify(this.of(node))}, which is not known here`);
    }
  }

  private of(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  private only(node: SyntaxNode): SyntaxNode {
    const [first, ...rest] = children(node);
    if (first === undefined || rest.length > 0) throw this.error(`holds more than one thing in ${node.name}`);
    return first;
  }

  private string(node: SyntaxNode): string {
    return JSON.parse(this.of(node));
  }

  private selector(node: SyntaxNode): Selector {
    const metric = node.getChild('Identifier');
    if (metric === null) throw this.error('selects by no metric');
    const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map(
      (matcher) => {
        const [label, operator, value] = children(matcher);
        if (!label || !operator || !value) throw this.error(`has a broken matcher ${this.of(matcher)}`);
        return {
          label: this.of(label),
          operator: this.of(operator) as Matcher['operator'],
          value: this.string(value),
        };
      },
    );
    return { kind: 'selector', metric: this.of(metric), matchers };
  }

  private range(node: SyntaxNode): Selector {
    const [vector, duration] = children(node);
    if (vector?.name !== 'VectorSelector' || duration === undefined) throw this.error('has a strange range');
    const [, amount, unit = ''] = /^(\d+)([a-z]+)$/.exec(this.of(duration)) ?? [];
    const seconds = Number(amount) * (UNITS[unit] ?? Number.NaN);
    if (Number.isNaN(seconds)) throw this.error(`has a strange duration ${this.of(duration)}`);
    return { ...this.selector(vector), seconds };
  }

  private call(node: SyntaxNode): Call {
    const name = node.getChild('FunctionIdentifier');
    const body = node.getChild('FunctionCallBody');
    if (name === null || body === null) throw this.error('has a broken call');
    return {
      kind: 'call',
      name: this.of(name),
      arguments: children(body).map((child) => this.expression(child)),
    };
  }

  private aggregation(node: SyntaxNode): Aggregation {
    const name = node.getChild('AggregateOp');
    const body = node.getChild('FunctionCallBody');
    if (name === null || body === null) throw this.error('has a broken aggregation');
    const modifier = node.getChild('AggregateModifier');
    const inside = children(body).map((child) => this.expression(child));
    const [of, first, ...unknown] = inside.reverse();
    if (of === undefined || unknown.length > 0) throw this.error('aggregates more than one thing');
    return {
      kind: 'aggregation',
      name: this.of(name),
      of,
      ...(first && { first }),
      labels: modifier ? this.labels(modifier) : [],
      without: modifier?.getChild('Without') !== null && modifier !== null,
    };
  }

  private binary(node: SyntaxNode): Binary {
    const all = children(node);
    const [left, operator, ...rest] = all;
    const right = rest.pop();
    if (!left || !operator || !right) throw this.error('has a broken operation');
    const [matching, ...unknown] = rest;
    if (unknown.length > 0 || (matching && !matching.getChild('On')) || matching?.getChild('GroupLeft')) {
      throw this.error(`matches in a way that is not known here: ${this.of(node)}`);
    }
    return {
      kind: 'binary',
      operator: this.of(operator),
      left: this.expression(left),
      right: this.expression(right),
      ...(matching && { on: this.labels(matching) }),
    };
  }

  private labels(node: SyntaxNode): string[] {
    const list = node.getChild('GroupingLabels');
    return (list?.getChildren('LabelName') ?? []).map((label) => this.of(label));
  }
}
