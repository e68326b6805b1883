import type { Schema } from '../schema.ts';
import type { Fact } from './facts.ts';

/**
 * The schemas with the facts in them.
 *
 * @throws Error when a fact is about nothing: the types have moved on
 */
export function applyFacts(
  schemas: ReadonlyMap<string, Schema>,
  facts: readonly Fact[],
): Map<string, Schema> {
  const result = new Map(schemas);
  for (const { schema, fields, is } of facts) {
    const names = [...result.keys()].filter((name) => name.endsWith(schema));
    if (names.length === 0) throw new Error(`a fact is about ${schema}, which no type is called`);
    for (const name of names) {
      for (const field of fields) {
        result.set(name, change(result.get(name) ?? {}, steps(field), is, `${name}: ${field}`));
      }
    }
  }
  return result;
}

/** `a.b[]` as its steps. */
function steps(field: string): string[] {
  return field.match(/[^.[{]+|\[\]|\{\}/g) ?? [];
}

function change(schema: Schema, [step, ...rest]: readonly string[], is: Fact['is'], about: string): Schema {
  if (step === undefined) {
    // Beside a reference nothing else counts.
    if (schema.$ref) throw new Error(`a fact is about ${about}, which stands elsewhere: in ${schema.$ref}`);
    return { ...schema, ...(is as Schema) };
  }
  const inner = (child: Schema | false | undefined): Schema => {
    if (!child) throw new Error(`a fact is about ${about}, which is not there`);
    return change(child, rest, is, about);
  };
  if (step === '[]') return { ...schema, items: inner(schema.items) };
  if (step === '{}') return { ...schema, additionalProperties: inner(schema.additionalProperties) };
  const { [step]: field, ...others } = schema.properties ?? {};
  if (is === 'absent' && rest.length === 0) {
    if (!field) throw new Error(`a fact is about ${about}, which is not there`);
    return { ...schema, properties: others };
  }
  return { ...schema, properties: { ...schema.properties, [step]: inner(field) } };
}
