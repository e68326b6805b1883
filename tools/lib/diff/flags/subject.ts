import type { JsonObject } from '../fields/json.ts';
import type { ObjectField } from '../report.ts';

/** A changed object as the flags look at it. */
export interface Changed {
  before: JsonObject;
  after: JsonObject;
  fields: readonly ObjectField[];
}

/** Whether a change lies at a path, below it, or takes it along from above. */
export function touches(field: ObjectField, path: readonly string[]): boolean {
  return path.every((key, index) => index >= field.steps.length || field.steps[index] === key);
}
