// The packages' types don't say that a number is whole or that a string follows a pattern, but the validators they
// ship do. Each error of those names the bound that was broken, so bounds are found by breaking them.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Schema } from '../schema.ts';

/** A validator as the packages ship them. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly { instancePath: string; keyword: string; params: Record<string, unknown> }[] | null;
}

/** The validator of a definition. @returns nothing where the package has none, as for what we type ourselves */
export async function validatorOf(name: string, file: string): Promise<Validator | undefined> {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const module = join(folder, '_schemas', `${name}.js`);
    if (existsSync(module)) return (await import(pathToFileURL(module).href)).validate;
    if (existsSync(join(folder, 'package.json'))) return undefined;
  }
  return undefined;
}

/** Values that break bounds, each by the type it is for. */
const BREAKERS: Readonly<Record<string, readonly unknown[]>> = {
  string: ['\u0000', '', 'x'.repeat(5_000)],
  number: [0.5, -1e15, 1e15],
  // More than any list of the API may hold.
  array: [[], Array.from({ length: 1_025 }, (_, index) => ({ index }))],
  object: [{}, Object.fromEntries(Array.from({ length: 1_025 }, (_, index) => [`k${index}`, {}]))],
};

/**
 * A schema with the bounds that a validator puts on the fields of the object it describes.
 *
 * @param schema an object's schema
 * @param validator what the package checks it with
 */
export function withBounds(schema: Schema, validator: Validator): Schema {
  const bounded = (at: string, field: Schema, hold: (value: unknown) => unknown): Schema => {
    if (field.$ref) return field;
    const own = { ...field, ...boundsAt(at, field, hold, validator) };
    if (own.items) own.items = bounded(`${at}/0`, own.items, (value) => hold([value]));
    if (own.additionalProperties) {
      own.additionalProperties = bounded(`${at}/k`, own.additionalProperties, (value) => hold({ k: value }));
    }
    if (own.properties) own.properties = fields(at, own.properties, hold);
    return own;
  };
  const fields = (
    at: string,
    properties: Readonly<Record<string, Schema>>,
    hold: (value: unknown) => unknown,
  ) =>
    Object.fromEntries(
      Object.entries(properties).map(([key, field]) => [
        key,
        bounded(`${at}/${key.replaceAll('/', '~1')}`, field, (value) => hold({ [key]: value })),
      ]),
    );
  return schema.properties
    ? { ...schema, properties: fields('', schema.properties, (value) => value) }
    : schema;
}

/** The bounds that the validator names when this one field is wrong in each way. */
function boundsAt(
  at: string,
  field: Schema,
  hold: (value: unknown) => unknown,
  validator: Validator,
): Schema {
  const bounds: Schema = {};
  // Both of `string | number` are open to all that the other is not.
  if (Array.isArray(field.type) || field.enum) return bounds;
  for (const breaker of BREAKERS[String(field.type)] ?? []) {
    validator(hold(breaker));
    for (const { instancePath, keyword, params } of validator.errors ?? []) {
      if (instancePath === at) Object.assign(bounds, boundOf(keyword, params));
    }
  }
  return bounds;
}

function boundOf(keyword: string, params: Record<string, unknown>): Schema {
  switch (keyword) {
    case 'pattern':
      return { pattern: inJavaScript(String(params.pattern)) };
    case 'enum':
      return { enum: params.allowedValues as string[] };
    case 'type':
      return params.type === 'integer' ? { type: 'integer' } : {};
    case 'minimum':
    case 'maximum':
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties':
      return { [keyword]: Number(params.limit) };
    default:
      return {};
  }
}

/** Go's way to say that the case of letters does not matter, in JavaScript's. */
function inJavaScript(pattern: string): string {
  return pattern.replace(/\(\?i\)(.*?)(\$?)$/, '(?i:$1)$2');
}
