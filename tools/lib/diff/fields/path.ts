import { type Json, type JsonObject, valueAt } from './json.ts';

/** What tells an item from the others of its list: `{ name: 'conduit' }`. A field it does not have is `null`. */
export type ItemKey = JsonObject;

/**
 * One step into an object: a key, an item by what tells it from the others, or an item by its place. The place is
 * that before the change, but for an added item, which has its place after it.
 */
export type Step = string | { key: ItemKey } | { index: number };

/** A path as a person reads it: `spec.template.spec.containers[conduit].image`. */
export function pathText(path: readonly Step[]): string {
  return path
    .map((step, index) => {
      if (typeof step !== 'string') return `[${stepText(step)}]`;
      // A key with dots in it, such as an annotation's, would look like several.
      if (!/^[\w-]+$/.test(step)) return `[${step}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

/** What stands in the brackets. */
export function stepText(step: Step): string {
  if (typeof step === 'string') return step;
  if ('index' in step) return String(step.index);
  return Object.values(step.key)
    .filter((part) => part !== null)
    .join('/');
}

/** Whether an item of a list is the one that a key means. */
export function hasKey(item: Json, key: ItemKey): boolean {
  return Object.entries(key).every(([field, value]) => (valueAt(item, field) ?? null) === value);
}
