/** Values for requests: such as the description asks for, such as nearly fit, and such as nobody would send in peace. */
import fc from 'fast-check';

/** A JSON Schema, as far as the API's description uses it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
}

/** Finds the schema behind a `$ref`. */
export type Resolve = (schema: Schema) => Schema;

/** Text that has broken programs before: markup, SQL, odd Unicode, names of JavaScript's own, paths, templates. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  "' OR '1'='1",
  "'; DROP TABLE articles; --",
  "1' UNION SELECT password_hash FROM users --",
  '$1',
  '\\',
  '%',
  '_%',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00x',
  '\u202egnirts',
  '\u200b',
  '\ufeff',
  'İıſK',
  '👩‍👩‍👧‍👦',
  'é'.normalize('NFD'),
  '../../etc/passwd',
  '..',
  '.',
  '/',
  '?',
  '#',
  '%00',
  '%2e%2e%2f',
  '${jndi:ldap://x}',
  '{{7*7}}',
  '__proto__',
  'constructor',
  'toString',
  'feed',
  'null',
  'NaN',
  '-0',
  '1e309',
  '9007199254740993',
  '\r\nX-Injected: 1',
  '\u2028',
  ' ',
  '\t\n',
  'x'.repeat(5_000),
];

/** Hostile text. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((pair) => pair.join('')),
);

/** Anything that JSON can hold. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1.5, 1e308, '', [], {}),
  hostileText,
  fc.array(hostileText, { maxLength: 3 }),
  fc.dictionary(hostileText, fc.constantFrom(null, 1, 'x'), { maxKeys: 3 }),
  fc.constantFrom(100, 2_000).map((depth) => nested(depth)),
);

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** A value as the schema asks for. */
export function fitting(schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> {
  const {
    anyOf,
    format,
    items,
    maxLength = 200,
    minLength = 0,
    minimum = 0,
    properties,
    required = [],
    type,
  } = resolve(schema);
  if (anyOf) return fc.oneof(...anyOf.map((each) => fitting(each, resolve)));
  if (properties) {
    const fields = Object.entries(properties).map(
      ([name, field]) => [name, fitting(field, resolve)] as const,
    );
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
  }
  const kinds = [type ?? 'string'].flat().map((kind): fc.Arbitrary<unknown> => {
    switch (kind) {
      case 'null':
        return fc.constant(null);
      case 'integer':
        return fc.integer({ min: minimum, max: 50 });
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(fitting(items ?? {}, resolve), { maxLength: 4 });
      default:
        return text(format, minLength, maxLength);
    }
  });
  return fc.oneof(...kinds);
}

function text(format: string | undefined, minLength: number, maxLength: number): fc.Arbitrary<string> {
  // Few addresses and mostly one password, so that some sign in as who signed up before.
  if (format === 'email') return fc.integer({ min: 0, max: 30 }).map((n) => `somebody${n}@example.com`);
  const any = fc
    .tuple(
      fc.lorem({ maxCount: 6 }),
      fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) }),
    )
    .map((parts) => parts.join(' ').slice(0, maxLength).toWellFormed());
  return format === 'password'
    ? fc.oneof({ weight: 9, arbitrary: fc.constant('password1') }, { weight: 1, arbitrary: any })
    : any;
}

/** A value that fits but for one place, where something is missing, of another kind, hostile or too much. */
export function nearlyFitting(schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> {
  const { items, maxLength, properties } = resolve(schema);
  if (properties && Object.keys(properties).length > 0) {
    const names = fc.constantFrom(...Object.keys(properties));
    const wrong = names.chain((name) =>
      fc.tuple(fc.constant(name), nearlyFitting(properties[name] ?? {}, resolve)),
    );
    const whole = fitting(schema, resolve) as fc.Arbitrary<Record<string, unknown>>;
    return fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(whole, wrong).map(([value, [name, bad]]) => ({ ...value, [name]: bad })),
      },
      { weight: 1, arbitrary: fc.tuple(whole, names).map(([value, name]) => without(value, name)) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(whole, hostileText, anything)
          .map(([value, name, more]) => ({ ...value, [name]: more })),
      },
      { weight: 1, arbitrary: anything },
    );
  }
  const tooLong = maxLength === undefined ? [] : [fc.constant('y'.repeat(maxLength + 1))];
  const list = items ? [fc.array(nearlyFitting(items, resolve), { maxLength: 30 })] : [];
  return fc.oneof(hostileText, anything, ...tooLong, ...list);
}

function without(value: Record<string, unknown>, name: string): Record<string, unknown> {
  const { [name]: _, ...rest } = value;
  return rest;
}
