import { readFileSync } from 'node:fs';
import { DEFINITIONS, type Schema } from './schema.ts';

/** Name to line: a line is parsed when its schema is asked for, since a compile uses a few of hundreds. */
let lines: Map<string, string> | undefined;
const parsed = new Map<string, Schema>();

/** The schema of a kind, such as `apps/v1/Deployment`. @returns nothing for a kind that has none */
export function schemaOf(kind: string): Schema | undefined {
  return kind.includes('/') ? definition(kind) : undefined;
}

/** By the text of the reference, because a compile follows the same few hundreds of thousands of times. */
const referred = new Map<string, Schema>();

/** A schema itself, or the one that it refers to. */
export function resolved(schema: Schema): Schema {
  const { $ref } = schema;
  if ($ref === undefined) return schema;
  const known = referred.get($ref);
  if (known) return known;
  const found = definition($ref.slice(DEFINITIONS.length));
  if (!found) throw new Error(`schemas.jsonl lacks ${$ref}`);
  const target = resolved(found);
  referred.set($ref, target);
  return target;
}

/** The names of all schemas. */
/** A schema by its name. */
export function definitionNames(): string[] {
  return [...read().keys()];
}

/** A schema by its name. */
export function definition(name: string): Schema | undefined {
  const known = parsed.get(name);
  if (known) return known;
  const line = read().get(name);
  if (line === undefined) return undefined;
  const schema = JSON.parse(line)[name] as Schema;
  parsed.set(name, schema);
  return schema;
}

function read(): Map<string, string> {
  if (lines) return lines;
  lines = new Map();
  // The first line says what made the file.
  for (const line of readFileSync(new URL('schemas.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .slice(1)) {
    if (line !== '') lines.set(line.slice(2, line.indexOf('"', 2)), line);
  }
  return lines;
}
