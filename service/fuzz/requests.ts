/** Random requests for every operation of a description. */
import fc from 'fast-check';
import { fitting, hostileText, nearlyFitting, type Resolve, type Schema } from './values.ts';

/** An OpenAPI document, as far as requests are made of it. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One operation of it. */
export interface DescribedOperation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/**
 * What stands in a path or a header: a text of its own, or the n-th of what the run has met so far, so that requests
 * reach articles and people that are there.
 */
export type Pick = { readonly text: string } | { readonly known: number };

/** A request, before what is known is filled in. */
export interface Plan {
  readonly operation: DescribedOperation;
  readonly method: string;
  readonly path: string;
  readonly names: Readonly<Record<string, Pick>>;
  /** Pairs of the query, already as text. */
  readonly query: readonly (readonly [string, string])[];
  readonly token: Pick | null;
  /** The n-th thing that somebody made in this run is asked for, by whoever made it; null leaves it to chance. */
  readonly own: number | null;
  /** The body as it is sent; undefined is none. */
  readonly body: string | undefined;
  readonly contentType: string;
}

/** Looks `$ref`s up in a description. */
export function resolver(description: Description): Resolve {
  return (schema) =>
    schema.$ref === undefined
      ? schema
      : (description.components.schemas[schema.$ref.slice('#/components/schemas/'.length)] ?? {});
}

/** Requests for any operation of the description: valid, nearly valid and hostile ones. */
export function plans(description: Description): fc.Arbitrary<Plan> {
  const resolve = resolver(description);
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => planOf(path, method, operation, resolve)),
  );
  return fc.oneof(...operations);
}

function planOf(
  path: string,
  method: string,
  operation: DescribedOperation,
  resolve: Resolve,
): fc.Arbitrary<Plan> {
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query');
  const schema = operation.requestBody?.content['application/json']?.schema;
  return fc.record({
    operation: fc.constant(operation),
    method: fc.constant(method.toUpperCase()),
    path: fc.constant(path),
    names: fc.record(Object.fromEntries(inPath.map(({ name }) => [name, pick]))),
    query: query(inQuery, resolve),
    token: fc.oneof(
      { weight: 6, arbitrary: known },
      { weight: 2, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: hostileText.map((text) => ({ text: text.replace(/[^\x20-\x7e]/g, '') })) },
    ),
    own: fc.option(fc.nat(), { freq: 2 }),
    body: schema ? body(schema, resolve) : fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, junk),
    contentType: fc.oneof(
      { weight: 12, arbitrary: fc.constant('application/json') },
      fc.constantFrom(
        'text/plain',
        'application/json; charset=utf-16',
        'application/x-www-form-urlencoded',
        'x',
      ),
    ),
  });
}

const known: fc.Arbitrary<Pick> = fc.nat().map((index) => ({ known: index }));

const pick: fc.Arbitrary<Pick> = fc.oneof(
  { weight: 5, arbitrary: known },
  { weight: 1, arbitrary: hostileText.map((text) => ({ text })) },
);

/** No JSON, or JSON that is no request. */
const junk = fc.constantFrom(
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '0',
  '{"a":1e999}',
  '{"user":{"username":"\\ud800"}}',
  '\u0000',
);

function body(schema: Schema, resolve: Resolve): fc.Arbitrary<string | undefined> {
  return fc.oneof(
    { weight: 5, arbitrary: fitting(schema, resolve).map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: nearlyFitting(schema, resolve).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.oneof(junk, fc.constant(undefined)) },
  );
}

function query(
  parameters: readonly { readonly name: string; readonly schema: Schema }[],
  resolve: Resolve,
): fc.Arbitrary<(readonly [string, string])[]> {
  const stray = fc.tuple(hostileText, hostileText);
  if (parameters.length === 0) {
    return fc.oneof(
      { weight: 9, arbitrary: fc.constant<(readonly [string, string])[]>([]) },
      fc.array(stray, { maxLength: 2 }),
    );
  }
  const pair = fc
    .constantFrom(...parameters)
    .chain(({ name, schema }) =>
      fc.oneof(
        { weight: 5, arbitrary: fitting(schema, resolve).map((value) => [name, String(value)] as const) },
        { weight: 2, arbitrary: hostileText.map((value) => [name, value] as const) },
        { weight: 1, arbitrary: hostileText.map((value) => [`${name}[]`, value] as const) },
        { weight: 1, arbitrary: hostileText.map((value) => [`${name}[a][b]`, value] as const) },
      ),
    );
  return fc.array(fc.oneof({ weight: 9, arbitrary: pair }, stray), { maxLength: 4 });
}
