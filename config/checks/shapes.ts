// The shapes a config is made of: zod's objects, lists and unions, with refusals in our words.
import { z } from 'zod';
import { kindOf, notOneOf, refusal, show, unknownKey } from './refusal.ts';

/** Between the refusals of several unknown keys of one object, which zod counts as one issue. */
export const NEXT_KEY = '\n';

interface Issue {
  code?: string;
  input?: unknown;
}

/** An object that has these keys and no others. */
export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape);
  const error = (issue: Issue & { keys?: readonly string[] }) =>
    issue.code === 'unrecognized_keys'
      ? (issue.keys ?? []).map((key) => unknownKey(key, keys)).join(NEXT_KEY)
      : refusal(issue.input, `an object with ${keys.map(show).join(', ')}`, { wanted: 'an object' });
  return z.strictObject(shape, { error });
}

/**
 * A list with at least so many items.
 *
 * @param of what the items are, in words: `clusters`
 */
export function list<Item extends z.core.SomeType>(
  item: Item,
  { of, min = 0, max }: { of: string; min?: number; max?: number },
) {
  const size = max === undefined ? (min === 0 ? '' : `${min} or more `) : `${min} to ${max} `;
  const error = ({ input }: Issue) => refusal(input, `a list of ${size}${of}`, { wanted: 'a list' });
  const items = z.array(item, { error }).min(min, { error });
  return max === undefined ? items : items.max(max, { error });
}

/** An object whose keys the user chooses. */
export function mapOf<Key extends z.core.$ZodRecordKey, Value extends z.core.SomeType>(
  key: Key,
  value: Value,
  allowed: string,
) {
  const error = (issue: Issue & { issues?: readonly { message: string }[] }) =>
    issue.code === 'invalid_key'
      ? (issue.issues?.[0]?.message ?? '')
      : refusal(issue.input, allowed, { wanted: 'an object' });
  return z.record(key, value, { error });
}

/** One of a list of words. */
export function oneOf<const Choices extends readonly string[]>(choices: Choices) {
  return z.enum(choices, { error: ({ input }) => notOneOf(input, choices) });
}

/** A yes or a no. */
export function trueOrFalse() {
  return z.boolean({ error: ({ input }) => refusal(input, 'true or false') });
}

/** The words for a value that decides which keys stand beside it, as `strategy` does. */
export function byKey(key: string, choices: readonly string[]) {
  return {
    error: ({ code, input }: Issue) =>
      code === 'invalid_union' && kindOf(input) === 'an object'
        ? notOneOf((input as Record<string, unknown>)[key], choices)
        : refusal(input, `an object with ${show(key)}: ${choices.map(show).join(' or ')}`, {
            wanted: 'an object',
          }),
  };
}

/** Refuses a list that holds the same value twice. */
export function unique<Item extends z.core.SomeType>(items: z.ZodArray<Item>) {
  return items.check(({ value, issues }) => {
    for (const [index, item] of value.entries()) {
      if (value.indexOf(item) === index) continue;
      const message = `found ${show(item)}, which stands there already; allowed: each once`;
      issues.push({ code: 'custom', path: [index], input: item, message });
    }
  });
}
