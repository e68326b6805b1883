import { fields, items, text } from './read.ts';

export type Labels = Readonly<Record<string, unknown>>;

/** A label selector as Kubernetes has it, `matchLabels` and `matchExpressions`. An empty one selects everything. */
export function selects(selector: unknown, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = fields(selector);
  return (
    Object.entries(fields(matchLabels)).every(([key, value]) => labels[key] === value) &&
    items(matchExpressions).every((expression) => meets(expression, labels))
  );
}

function meets(expression: unknown, labels: Labels): boolean {
  const { key, operator, values } = fields(expression);
  const value = labels[text(key) ?? ''];
  switch (operator) {
    case 'In':
      return items(values).includes(value);
    case 'NotIn':
      return !items(values).includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** Whether a selector has no condition. */
export function isEmptySelector(selector: unknown): boolean {
  const { matchLabels, matchExpressions } = fields(selector);
  return Object.keys(fields(matchLabels)).length === 0 && items(matchExpressions).length === 0;
}
