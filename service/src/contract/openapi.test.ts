import { describe, expect, test } from '@jest/globals';
import { openApi } from './openapi.ts';
import { OPERATIONS } from './operations.ts';

const document = openApi('1.2.3');
const paths = document.paths as any;

describe('the description of the API', () => {
  test('holds every operation, each under a name of its own', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(ids.sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('names every parameter of a path', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const { parameters } of Object.values(methods)) {
        const inPath = (parameters as { name: string; in: string }[]).filter((each) => each.in === 'path');
        expect(inPath.map(({ name }) => name)).toEqual(
          [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
        );
      }
    }
  });

  test('refers to nothing that it does not hold', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to);
    expect(references).toContain('#/components/schemas/Article');
    for (const reference of new Set(references)) {
      expect(Object.keys(document.components.schemas)).toContain(
        reference?.replace('#/components/schemas/', ''),
      );
    }
  });

  test('says how numbers in the query must be', () => {
    expect(paths['/articles'].get.parameters.find(({ name }: { name: string }) => name === 'limit')).toEqual({
      name: 'limit',
      in: 'query',
      required: false,
      description: 'How many; no more than 100 are given.',
      schema: { type: 'integer', minimum: 1, default: 20 },
    });
  });

  test('says what fields must be, though the checks trim first', () => {
    expect(document.components.schemas.NewUser).toEqual({
      type: 'object',
      properties: {
        username: { type: 'string', minLength: 1, maxLength: 64 },
        email: { type: 'string', format: 'email', minLength: 1, maxLength: 254 },
        password: { type: 'string', format: 'password', minLength: 8, maxLength: 64 },
      },
      required: ['username', 'email', 'password'],
    });
  });

  test.each([
    ['/tags', 'get', undefined],
    ['/articles', 'get', [{ Token: [] }, {}]],
    ['/articles', 'post', [{ Token: [] }]],
  ])('says who may call %s %s', (path, method, security) => {
    expect(paths[path][method].security).toEqual(security);
  });

  test('has the same form for every error', () => {
    for (const methods of Object.values(document.paths)) {
      for (const { responses } of Object.values(methods)) {
        for (const [status, { content }] of Object.entries(
          responses as Record<string, { content: unknown }>,
        )) {
          if (/^2/.test(status)) continue;
          expect(content).toEqual({
            'application/json': { schema: { $ref: '#/components/schemas/Failure' } },
          });
        }
      }
    }
  });
});
