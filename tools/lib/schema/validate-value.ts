// Checks a value against a schema. A checker of our own, because the known ones make a program of every schema first,
// which takes them longer than the rest of a compile; and this one knows what a message needs.

import { resolved } from './definitions.ts';
import { oneOfSeveral, quoted, unknownField } from './messages.ts';
import { WORDS } from './patterns.ts';
import type { Schema, Type } from './schema.ts';

/** Something in a value that its schema does not allow. */
export interface Problem {
  /** Where: the keys and indexes from the top of the value. */
  path: readonly (string | number)[];
  /** What is wrong there. */
  says: string;
}

/** Everything in a value that a schema does not allow. */
export function problemsOf(schema: Schema, value: unknown): Problem[] {
  const problems: Problem[] = [];
  check(schema, value, [], problems);
  return problems;
}

type Path = (string | number)[];

function check(reference: Schema, value: unknown, path: Path, problems: Problem[]): void {
  const schema = resolved(reference);
  const report = (says: string) => problems.push({ path: [...path], says });
  if (schema.type !== undefined && !fits(schema.type, value)) {
    report(`found ${quoted(value)}; wants ${words(schema.type)}`);
    return;
  }
  if (typeof value === 'string') checkString(schema, value, report);
  else if (schema.enum !== undefined && !schema.enum.includes(value as number)) {
    report(oneOfSeveral(value, schema.enum));
  } else if (typeof value === 'number') checkNumber(schema, value, report);
  else if (Array.isArray(value)) checkArray(schema, value, path, problems, report);
  else if (typeof value === 'object' && value !== null) checkObject(schema, value, path, problems, report);
}

function checkString(schema: Schema, value: string, report: (says: string) => void): void {
  // What Flux will put there is not known yet.
  if (value.includes('${')) return;
  if (schema.enum !== undefined) {
    if (!schema.enum.includes(value)) report(oneOfSeveral(value, schema.enum));
    return;
  }
  const { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  if (value.length < minLength)
    report(`found ${quoted(value)}; wants ${count(minLength, 'at least', 'character')}`);
  else if (value.length > maxLength) {
    report(
      `found ${value.length} characters, ${quoted(value)}; wants ${count(maxLength, 'at most', 'character')}`,
    );
  } else if (pattern !== undefined && !expression(pattern).test(value)) {
    report(`found ${quoted(value)}; wants ${bounded(schema)}`);
  }
}

function checkNumber(schema: Schema, value: number, report: (says: string) => void): void {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (value < minimum || value > maximum) report(`found ${value}; wants ${bounded(schema)}`);
}

/** The bounds of a value in words: those of a number, of a string or, where it may be either, of both. */
function bounded({ minimum, maximum, pattern }: Schema): string {
  const number =
    minimum !== undefined && maximum !== undefined
      ? `a number from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? `a number of at least ${minimum}`
        : maximum !== undefined
          ? `a number of at most ${maximum}`
          : undefined;
  const string = pattern === undefined ? undefined : (WORDS.get(pattern) ?? `what matches ${pattern}`);
  return [number, string].filter((one) => one !== undefined).join(' or ');
}

function checkArray(
  { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: Schema,
  value: readonly unknown[],
  path: Path,
  problems: Problem[],
  report: (says: string) => void,
): void {
  if (value.length < minItems) report(`holds ${value.length}; wants ${count(minItems, 'at least', 'item')}`);
  if (value.length > maxItems) report(`holds ${value.length}; wants ${count(maxItems, 'at most', 'item')}`);
  if (items === undefined) return;
  for (const [index, item] of value.entries()) {
    path.push(index);
    check(items, item, path, problems);
    path.pop();
  }
}

function checkObject(
  schema: Schema,
  value: object,
  path: Path,
  problems: Problem[],
  report: (says: string) => void,
): void {
  const { properties, additionalProperties, propertyNames, required = [], oneOf, not } = schema;
  let size = 0;
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    size++;
    path.push(key);
    const known = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known !== undefined) check(known, field, path, problems);
    else if (additionalProperties === false) {
      problems.push({
        path: [...path],
        says: unknownField(key, Object.keys(properties ?? {}), Object.keys(value)),
      });
    } else {
      if (propertyNames !== undefined) {
        checkString(propertyNames, key, (says) =>
          problems.push({ path: [...path], says: `as a key: ${says}` }),
        );
      }
      if (additionalProperties !== undefined) check(additionalProperties, field, path, problems);
    }
    path.pop();
  }
  for (const key of required) {
    if (!has(value, key)) problems.push({ path: [...path, key], says: 'missing; it is required' });
  }
  if (oneOf !== undefined) {
    const fields = oneOf.flatMap((one) => one.required);
    const found = fields.filter((key) => has(value, key));
    if (found.length !== 1) {
      report(
        `wants exactly one of ${fields.join(', ')}; found ${found.length === 0 ? 'none' : found.join(', ')}`,
      );
    }
  }
  if (not?.required.every((key) => has(value, key))) report(`takes ${not.required.join(' or ')}, not both`);
  const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = schema;
  if (size < minProperties) report(`holds ${size}; wants ${count(minProperties, 'at least', 'field')}`);
  if (size > maxProperties) report(`holds ${size}; wants ${count(maxProperties, 'at most', 'field')}`);
}

function has(value: object, key: string): boolean {
  return Object.hasOwn(value, key) && (value as Record<string, unknown>)[key] !== undefined;
}

function fits(type: Type | readonly Type[], value: unknown): boolean {
  if (typeof type !== 'string') return type.some((one) => fits(one, value));
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

const TYPE_WORDS: Readonly<Record<Type, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};

function words(type: Type | readonly Type[]): string {
  return typeof type === 'string' ? TYPE_WORDS[type] : type.map((one) => TYPE_WORDS[one]).join(' or ');
}

function count(number: number, bound: 'at least' | 'at most', noun: string): string {
  return `${bound} ${number} ${noun}${number === 1 ? '' : 's'}`;
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known) return known;
  const made = new RegExp(pattern);
  expressions.set(pattern, made);
  return made;
}
