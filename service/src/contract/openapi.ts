/** The API described as OpenAPI 3.1, made of the schemas that check its requests. */
import { z } from 'zod';
import { failure } from './fields.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

/** A JSON Schema, or any other object of the document. */
type Json = Record<string, unknown>;

/** An OpenAPI document. */
export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly tags: readonly Json[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>>; readonly securitySchemes: Json };
}

/** What each error says in general. */
const ERRORS: Record<number, string> = {
  400: 'The request can not be read.',
  401: 'The token, or what one signs in with, is missing or not good.',
  403: 'It belongs to somebody else.',
  404: 'There is no such thing.',
  409: 'The name or the address is taken.',
  413: 'The body is too large.',
  415: 'The body has an encoding that is not supported.',
  422: 'The values are not as they must be.',
  429: 'Too many tries; `Retry-After` says in how many seconds another makes sense.',
};

const SUCCESS: Record<number, string> = { 200: 'Done.', 201: 'Made.', 204: 'Removed.' };

/**
 * Describes the API.
 *
 * @param version the release that answers
 */
export function openApi(version: string): OpenApi {
  const schemas: Record<string, Json> = {};

  /** The JSON Schema; named schemas inside go to the components. */
  function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _, $defs, ...own } = z.toJSONSchema(schema, { io, override: tidy }) as Json;
    for (const [name, named] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
      schemas[name] = toComponents(withoutId(named));
    }
    return toComponents(own);
  }

  const json = (schema: Json) => ({ 'application/json': { schema } });
  const error = json(schemaOf(failure, 'output'));

  function described(operation: Operation): Json {
    const { body, caller, errors, id, part, reply, status, summary } = operation;
    return {
      operationId: id,
      summary,
      tags: [part],
      // An empty requirement beside the token's: it may be left out.
      ...(caller === 'guest' ? {} : { security: [{ Token: [] }, ...(caller === 'anyone' ? [{}] : [])] }),
      parameters: [
        ...parameters(schemaOf(operation.params, 'input'), 'path'),
        ...parameters(schemaOf(operation.query, 'input'), 'query'),
      ],
      ...(body && { requestBody: { required: true, content: json(schemaOf(body, 'input')) } }),
      responses: {
        [status]: {
          description: SUCCESS[status],
          ...(reply && { content: json(schemaOf(reply, 'output')) }),
        },
        ...Object.fromEntries(errors.map((code) => [code, { description: ERRORS[code], content: error }])),
        default: { description: 'Something else that went wrong.', content: error },
      },
    };
  }

  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: described(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Conduit',
      version,
      description: 'The RealWorld API: articles, and the people who write and read them.',
    },
    servers: [{ url: '/api' }],
    tags: [
      { name: 'auth', description: 'Accounts and profiles' },
      { name: 'content', description: 'Articles, comments and tags' },
      { name: 'recommendations', description: 'What to read next' },
    ],
    paths,
    components: {
      schemas,
      securitySchemes: {
        Token: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: '`Token <jwt>`: the word Token, a space, and the token that signing in or up gave.',
        },
      },
    },
  };
}

/** What zod writes that says nothing: the bounds of exact integers, the pattern behind a number in the query. */
function tidy({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema.type === 'integer') {
    delete jsonSchema.pattern;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  }
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

function parameters(object: Json, place: 'path' | 'query'): Json[] {
  return Object.entries((object.properties ?? {}) as Record<string, Json>).map(
    ([name, { description, ...schema }]) => ({
      name,
      in: place,
      required: place === 'path',
      ...(description === undefined ? {} : { description }),
      schema,
    }),
  );
}

function withoutId({ id: _, ...schema }: Json): Json {
  return schema;
}

function toComponents(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
