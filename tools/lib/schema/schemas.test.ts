import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { compileSample } from '../../testing/sample.ts';
import type { Manifest } from '../dist/manifests.ts';
import { ROOT } from '../repo.ts';
import { definition, definitionNames, resolved, schemaOf } from './definitions.ts';
import { KINDS } from './kinds.ts';
import { DEFINITIONS, type Schema } from './schema.ts';
import { validateManifests } from './validate-manifests.ts';

let compiled: Manifest[];
/** Every field of the compiled objects that a schema names, and every value that one describes. */
let fields: Place[];
beforeAll(async () => {
  ({ manifests: compiled } = (await compileSample()).compiled);
  fields = compiled.flatMap((manifest) => {
    const { apiVersion, kind } = manifest.object;
    return [...places(manifest, schemaOf(`${apiVersion}/${kind}`) ?? {}, manifest.object, [])];
  });
});

describe('schemas.jsonl', () => {
  test('is what the types say', async () => {
    await promisify(execFile)(process.execPath, ['tools/lib/schema/generate/main.ts', '--check'], {
      cwd: ROOT,
    });
  });

  test('holds patterns that JavaScript can read, and no schema that nothing refers to', () => {
    const referred = new Set(Object.keys(KINDS));
    for (const name of definitionNames()) {
      JSON.stringify(definition(name), (key, value) => {
        if (key === 'pattern' && typeof value === 'string') expect(() => new RegExp(value)).not.toThrow();
        if (key === '$ref') referred.add(value.slice(DEFINITIONS.length));
        return value;
      });
    }
    expect([...referred].sort()).toEqual(definitionNames().sort());
  });
});

describe('each kind', () => {
  test.each(Object.entries(KINDS))('%s refuses a field that it does not have', (key, { scope }) => {
    const [kind, ...version] = key.split('/').reverse();
    const nonsense = { 'no-such-field': {} };
    const hasSpec = resolved(schemaOf(key) ?? {}).properties?.spec !== undefined;
    const object = {
      apiVersion: version.reverse().join('/'),
      kind: kind ?? '',
      metadata: { name: 'a', ...(scope === 'namespaced' && { namespace: 'a' }) },
      ...(hasSpec ? { spec: nonsense } : nonsense),
    };
    const findings = validateManifests([{ file: 'a/b.yaml', cluster: 'a', object }]);
    const path = hasSpec ? 'spec.no-such-field' : 'no-such-field';
    expect(findings.filter(({ says }) => says.startsWith(`${path}: unknown field; `))).toHaveLength(1);
  });
});

describe('every compiled object', () => {
  test('holds enough to try the laws on', () => {
    expect(fields.length).toBeGreaterThan(1000);
    expect(fields.filter(({ required }) => required).length).toBeGreaterThan(300);
  });

  test('is refused without any one of its required fields', () => {
    for (const place of fields.filter(({ required }) => required)) {
      expect({ at: text(place), refused: refused(place, () => ({})) }).toEqual({
        at: text(place),
        refused: true,
      });
    }
  });

  test('is refused with any one of its fields misspelt', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(),
        fc.constantFrom('drop', 'double', 'swap', 'shout', 'add'),
        (which, where, how) => {
          const place = fields[which % fields.length] as Place;
          const misspelt = misspell(place.key, where % place.key.length, how);
          fc.pre(!Object.hasOwn(place.parent.properties ?? {}, misspelt));
          expect({
            at: text(place),
            misspelt,
            refused: refused(place, (value) => ({ [misspelt]: value })),
          }).toEqual({
            at: text(place),
            misspelt,
            refused: true,
          });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('is judged as another checker of JSON schemas judges it, whatever stands in any one of its fields', () => {
    const validators = new Map<string, ValidateFunction>();
    const ajv = new Ajv({ strict: false });
    ajv.addSchema({
      $id: 'all',
      $defs: Object.fromEntries(definitionNames().map((name) => [name, definition(name)])),
    });
    const values = fc.oneof(
      fc.constantFrom<unknown>('', 'a', 'A b', '10.0.0.0/8', '5m', '100%', 'Always', '-1', 'x'.repeat(300)),
      fc.integer({ min: -2, max: 70_000 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom<unknown>(true, null, [], {}, ['a'], { a: 'b' }, { name: 'a' }),
    );
    fc.assert(
      fc.property(fc.nat(), values, (which, value) => {
        const place = fields[which % fields.length] as Place;
        const object = changed(place, () => ({ [place.key]: value }));
        const { apiVersion, kind } = place.manifest.object;
        const key = `${apiVersion}/${kind}`;
        const ref = schemaOf(key)?.$ref ?? '';
        const validate = validators.get(key) ?? ajv.compile({ $ref: `all${ref}` });
        validators.set(key, validate);
        // What stands in metadata, and which kind it is, we judge by more than the schema.
        fc.pre(
          ![...place.path, place.key].some((step) =>
            ['metadata', 'apiVersion', 'kind'].includes(String(step)),
          ),
        );
        const findings = validateManifests([{ ...place.manifest, object: object as Manifest['object'] }]);
        expect({ at: text(place), value, findings: findings.length > 0 }).toEqual({
          at: text(place),
          value,
          findings: !validate(object),
        });
      }),
      { numRuns: 3000 },
    );
  });
});

/** A field of an object whose name is fixed: not one of an open part, nor the key of a map. */
interface Place {
  manifest: Manifest;
  /** The way to the object that holds it. */
  path: readonly (string | number)[];
  key: string;
  required: boolean;
  /** The schema of the object that holds it. */
  parent: Schema;
}

function* places(
  manifest: Manifest,
  reference: Schema,
  value: unknown,
  path: (string | number)[],
): Generator<Place> {
  const schema = resolved(reference);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* places(manifest, schema.items ?? {}, item, [...path, index]);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, field] of Object.entries(value)) {
    const known = schema.properties?.[key];
    if (known) {
      yield { manifest, path, key, required: schema.required?.includes(key) ?? false, parent: schema };
      yield* places(manifest, known, field, [...path, key]);
    } else if (schema.additionalProperties) {
      yield* places(manifest, schema.additionalProperties, field, [...path, key]);
    }
  }
}

/** A copy of the place's object in which other fields stand for the one. */
function changed({ manifest, path, key }: Place, other: (value: unknown) => object): object {
  const object = structuredClone(manifest.object);
  const parent = path.reduce((value: any, step) => value[step], object);
  const value = parent[key];
  delete parent[key];
  Object.assign(parent, other(value));
  return object;
}

function refused(place: Place, other: (value: unknown) => object): boolean {
  const object = changed(place, other) as Manifest['object'];
  return validateManifests([{ ...place.manifest, object }]).length > 0;
}

function misspell(key: string, at: number, how: string): string {
  const [before, letter, after] = [key.slice(0, at), key.charAt(at), key.slice(at + 1)];
  switch (how) {
    case 'drop':
      return before + after;
    case 'double':
      return before + letter + letter + after;
    case 'swap':
      return before + after.charAt(0) + letter + after.slice(1);
    case 'shout':
      return before + letter.toUpperCase() + after;
    default:
      return `${before}x${letter}${after}`;
  }
}

function text({ manifest, path, key }: Place): string {
  return `${manifest.object.kind} ${[...path, key].join('.')}`;
}
