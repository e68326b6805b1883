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
  const says = ownProblem(schema, value);
  if (says !== undefined) problems.push({ path: [...path], says });
  else if (Array.isArray(value)) checkItems(schema, value, path, problems);
  else if (typeof value === 'object' && value !== null) checkFields(schema, value, path, problems);
}

/** What is wrong with a value apart from what it holds. */
function ownProblem(schema: Schema, value: unknown): string | undefined {
  if (schema.type !== undefined && !fits(schema.type, value)) {
    return `found ${quoted(value)}; wants ${words(schema.type)}`;
  }
  if (typeof value === 'string') return stringProblem(schema, value);
  if (schema.enum !== undefined && !schema.enum.includes(value as number))
    return oneOfSeveral(value, schema.enum);
  return typeof value === 'number' ? numberProblem(schema, value) : undefined;
}

function stringProblem(schema: Schema, value: string): string | undefined {
  const { enum: allowed, pattern, minLength, maxLength } = schema;
  // What Flux will put there is not known yet.
  if (value.includes('${')) return undefined;
  if (allowed !== undefined) return allowed.includes(value) ? undefined : oneOfSeveral(value, allowed);
  if (minLength !== undefined && value.length < minLength) {
    return `found ${quoted(value)}; wants ${count(minLength, 'at least', 'character')}`;
  }
  if (maxLength !== undefined && value.length > maxLength) {
    return `found ${value.length} characters, ${quoted(value)}; wants ${count(maxLength, 'at most', 'character')}`;
  }
  if (pattern === undefined || expression(pattern).test(value)) return undefined;
  return `found ${quoted(value)}; wants ${bounded(schema)}`;
}

function numberProblem(schema: Schema, value: number): string | undefined {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  return value < minimum || value > maximum ? `found ${value}; wants ${bounded(schema)}` : undefined;
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

function checkItems(
  { items, minItems, maxItems }: Schema,
  value: readonly unknown[],
  path: Path,
  problems: Problem[],
): void {
  checkSize(value.length, minItems, maxItems, 'item', path, problems);
  if (items === undefined) return;
  for (let index = 0; index < value.length; index++) {
    path.push(index);
    check(items, value[index], path, problems);
    path.pop();
  }
}

function checkFields(schema: Schema, value: object, path: Path, problems: Problem[]): void {
  let size = 0;
  for (const key of Object.keys(value)) {
    if (!has(value, key)) continue;
    size++;
    path.push(key);
    checkField(schema, key, value, path, problems);
    path.pop();
  }
  for (const key of schema.required ?? []) {
    if (!has(value, key)) problems.push({ path: [...path, key], says: 'missing; it is required' });
  }
  const says = combinationProblem(schema, value);
  if (says !== undefined) problems.push({ path: [...path], says });
  checkSize(size, schema.minProperties, schema.maxProperties, 'field', path, problems);
}

function checkField(schema: Schema, key: string, value: object, path: Path, problems: Problem[]): void {
  const { properties = {}, additionalProperties, propertyNames } = schema;
  const field = (value as Record<string, unknown>)[key];
  const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (known !== undefined) {
    check(known, field, path, problems);
    return;
  }
  if (additionalProperties === false) {
    const says = unknownField(key, Object.keys(properties), Object.keys(value));
    problems.push({ path: [...path], says });
    return;
  }
  const says = propertyNames && stringProblem(propertyNames, key);
  if (says !== undefined) problems.push({ path: [...path], says: `as a key: ${says}` });
  if (additionalProperties !== undefined) check(additionalProperties, field, path, problems);
}

/** What is wrong with which fields stand together. */
function combinationProblem({ oneOf, not }: Schema, value: object): string | undefined {
  if (oneOf !== undefined) {
    const fields = oneOf.flatMap(({ required }) => required);
    const found = fields.filter((key) => has(value, key));
    if (found.length !== 1) {
      return `wants exactly one of ${fields.join(', ')}; found ${found.length === 0 ? 'none' : found.join(', ')}`;
    }
  }
  return not?.required.every((key) => has(value, key))
    ? `takes ${not.required.join(' or ')}, not both`
    : undefined;
}

function checkSize(
  size: number,
  least: number | undefined,
  most: number | undefined,
  noun: string,
  path: Path,
  problems: Problem[],
): void {
  if (least !== undefined && size < least) {
    problems.push({ path: [...path], says: `holds ${size}; wants ${count(least, 'at least', noun)}` });
  }
  if (most !== undefined && size > most) {
    problems.push({ path: [...path], says: `holds ${size}; wants ${count(most, 'at most', noun)}` });
  }
}

function has(value: object, key: string): boolean {
  return (value as Record<string, unknown>)[key] !== undefined && Object.hasOwn(value, key);
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
