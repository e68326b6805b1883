// The part of JSON Schema that our closed schemas are written in.

/** Describes one value. Without any keyword it is open: every value fits. */
export interface Schema {
  /** The name of another schema, after `#/$defs/`. */
  $ref?: string;
  type?: Type | readonly Type[];
  enum?: readonly (string | number | boolean)[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  /** The fields of an object; no other is taken, unless `additionalProperties` says so. */
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  /** What the keys of a map must be. */
  propertyNames?: Schema;
  /** What the values of a map must be; `false` for an object with fixed fields. */
  additionalProperties?: Schema | false;
  minProperties?: number;
  maxProperties?: number;
  /** Exactly one of these fields stands in the object. */
  oneOf?: readonly { required: readonly string[] }[];
  /** These fields don't stand in the object together. */
  not?: { required: readonly string[] };
}

export type Type = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';

/** Where a `$ref` points to. */
export const DEFINITIONS = '#/$defs/';
