// Reads TypeScript interfaces as JSON schemas. It reads syntax only, one declaration after the other, because that is
// all that typed Kubernetes objects are made of, and because the installed TypeScript has no API to ask.

import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ParserPlugin, parse } from '@babel/parser';
import type * as t from '@babel/types';
import { ROOT } from '../../repo.ts';
import { DEFINITIONS, type Schema } from '../schema.ts';

/** The named schemas that were read. */
export interface Definitions {
  /** Name to schema. */
  schemas: Map<string, Schema>;
  /** Name to the file that declares it. */
  files: Map<string, string>;
}

/** A file's declarations and what it imports. */
interface Module {
  file: string;
  declarations: Map<string, t.TSInterfaceDeclaration | t.TSTypeAliasDeclaration>;
  /** Local name to the module and the name there. */
  imports: Map<string, { from: string; name: string }>;
  /** A name by which others import it to the one that it is declared by. */
  aliases: Map<string, string>;
  /** The name by which others import it, where there is one. */
  exportedAs: Map<string, string>;
}

/** Reads interfaces and all that they refer to. Each is read once. */
export class TypeReader {
  readonly definitions: Definitions = { schemas: new Map(), files: new Map() };
  private readonly modules = new Map<string, Module>();
  private readonly given: ReadonlyMap<string, Schema>;

  /** @param given schemas by name, to take in place of what is declared under that name */
  constructor(given: ReadonlyMap<string, Schema>) {
    this.given = given;
  }

  /**
   * Reads one interface.
   *
   * @param types a module of a package, or a file of ours from the repo's root
   * @param name the interface
   * @returns the name of its schema
   */
  read(types: string, name: string): string {
    const file = types.endsWith('.ts') ? join(ROOT, types) : declarations(import.meta.resolve(types));
    return refName(this.reference(this.module(file), name));
  }

  /** The schema that a name stands for in a module: a reference where it is an object, else what it is. */
  private reference(module: Module, name: string): Schema {
    const imported = module.imports.get(name);
    if (imported) return this.reference(this.module(resolve(module, imported.from)), imported.name);
    const declared = module.aliases.get(name) ?? name;
    const node = module.declarations.get(declared);
    if (!node) throw new Error(`${place(module)}: finds no declaration of ${name}`);
    const id = schemaName(module, declared);
    const given = this.given.get(id);
    if (given) {
      // A simple one is taken in, as a name for a string is.
      if (given.type !== 'object') return given;
      this.definitions.schemas.set(id, given);
      return { $ref: DEFINITIONS + id };
    }
    // A name for a string or a map is taken in where it is used, since its bounds may differ from place to place.
    if (node.type === 'TSTypeAliasDeclaration') return this.type(module, node.typeAnnotation);
    if (!this.definitions.schemas.has(id)) {
      // Said to be there before it is read, because it may hold itself.
      this.definitions.schemas.set(id, {});
      this.definitions.files.set(id, module.file);
      this.definitions.schemas.set(id, this.interface(module, node));
    }
    return { $ref: DEFINITIONS + id };
  }

  private interface(module: Module, node: t.TSInterfaceDeclaration): Schema {
    const parents = (node.extends ?? []).map((parent) => {
      if (parent.expression.type !== 'Identifier' || parent.typeParameters)
        throw this.unknown(module, parent);
      return this.parent(module, parent.expression.name);
    });
    return merge([...parents, this.members(module, node.body.body)]);
  }

  /** What an interface inherits. The packages' own base types name nothing but apiVersion and kind. */
  private parent(module: Module, name: string): Schema {
    if (module.imports.get(name)?.from === '@kubernetes-models/base') return {};
    const schema = this.definitions.schemas.get(refName(this.reference(module, name)));
    return schema ?? {};
  }

  private members(module: Module, members: readonly t.TSTypeElement[]): Schema {
    const [first] = members;
    if (members.length === 1 && first?.type === 'TSIndexSignature') {
      if (!first.typeAnnotation) throw this.unknown(module, first);
      return {
        type: 'object',
        additionalProperties: this.type(module, first.typeAnnotation.typeAnnotation),
      };
    }
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const member of members) {
      if (member.type !== 'TSPropertySignature' || !member.typeAnnotation) throw this.unknown(module, member);
      const key = member.key.type === 'StringLiteral' ? member.key.value : (member.key as t.Identifier).name;
      const type = this.type(module, member.typeAnnotation.typeAnnotation);
      const bounds = tags(member);
      properties[key] = Object.keys(bounds).length > 0 ? bound(type, bounds) : type;
      if (!member.optional) required.push(key);
    }
    return {
      type: 'object',
      properties,
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    };
  }

  private type(module: Module, node: t.TSType): Schema {
    switch (node.type) {
      case 'TSStringKeyword':
        return { type: 'string' };
      case 'TSNumberKeyword':
        return { type: 'number' };
      case 'TSBooleanKeyword':
        return { type: 'boolean' };
      case 'TSUnknownKeyword':
      case 'TSAnyKeyword':
        return {};
      case 'TSObjectKeyword':
        return { type: 'object' };
      case 'TSParenthesizedType':
        return this.type(module, node.typeAnnotation);
      case 'TSTypeOperator':
        return this.type(module, node.typeAnnotation);
      case 'TSArrayType':
        return { type: 'array', items: this.type(module, node.elementType) };
      case 'TSTypeLiteral':
        return this.members(module, node.members);
      case 'TSIntersectionType':
        return merge(node.types.map((type) => this.resolved(this.type(module, type))));
      case 'TSLiteralType':
        return this.literal(module, node);
      case 'TSUnionType':
        return union(
          node.types
            .filter(({ type }) => type !== 'TSUndefinedKeyword')
            .map((type) => this.type(module, type)),
          () => this.unknown(module, node),
        );
      case 'TSTypeReference':
        return this.typeReference(module, node);
      default:
        throw this.unknown(module, node);
    }
  }

  private typeReference(module: Module, node: t.TSTypeReference): Schema {
    if (node.typeName.type !== 'Identifier') throw this.unknown(module, node);
    const { name } = node.typeName;
    const parameters = node.typeParameters?.params ?? [];
    const last = parameters.at(-1);
    if (!last) return this.reference(module, name);
    if (name === 'Array' || name === 'ReadonlyArray')
      return { type: 'array', items: this.type(module, last) };
    if (name === 'Record' && parameters[0]?.type === 'TSStringKeyword') {
      return { type: 'object', additionalProperties: this.type(module, last) };
    }
    throw this.unknown(module, node);
  }

  private literal(module: Module, { literal }: t.TSLiteralType): Schema {
    switch (literal.type) {
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
        return { enum: [literal.value] };
      default:
        throw this.unknown(module, literal);
    }
  }

  private resolved(schema: Schema): Schema {
    return schema.$ref ? (this.definitions.schemas.get(refName(schema)) ?? {}) : schema;
  }

  private unknown(module: Module, node: t.Node): Error {
    return new Error(
      `${place(module)}:${node.loc?.start.line}: cannot read a ${node.type} as a schema; write the type out as an interface`,
    );
  }

  private module(file: string): Module {
    const known = this.modules.get(file);
    if (known) return known;
    const module: Module = {
      file,
      declarations: new Map(),
      imports: new Map(),
      aliases: new Map(),
      exportedAs: new Map(),
    };
    this.modules.set(file, module);
    const plugins: ParserPlugin[] = [['typescript', { dts: file.endsWith('.d.ts') }]];
    for (const node of parse(readFileSync(file, 'utf8'), { sourceType: 'module', plugins }).program.body) {
      collect(module, node);
    }
    return module;
  }
}

/** Notes what one statement declares, imports or renames. */
function collect(module: Module, node: t.Statement): void {
  if (node.type === 'ImportDeclaration') {
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ImportSpecifier') continue;
      const name =
        specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
      module.imports.set(specifier.local.name, { from: node.source.value, name });
    }
    return;
  }
  if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration') {
    module.declarations.set(node.id.name, node);
    return;
  }
  if (node.type !== 'ExportNamedDeclaration') return;
  if (node.declaration) collect(module, node.declaration);
  for (const specifier of node.specifiers) {
    if (specifier.type !== 'ExportSpecifier' || specifier.exported.type !== 'Identifier') continue;
    module.aliases.set(specifier.exported.name, specifier.local.name);
    module.exportedAs.set(specifier.local.name, specifier.exported.name);
  }
}

/** The packages give each interface a second name that no other has, `I` before it; ours get their file's. */
function schemaName(module: Module, declared: string): string {
  const exported = module.exportedAs.get(declared);
  return exported ? exported.slice(1) : `${basename(module.file, '.ts')}.${declared}`;
}

/** Bounds in the JSDoc of a field: `@pattern`, `@minimum` and their like, each on a line of its own. */
function tags(node: t.Node): Schema {
  const text = node.leadingComments?.map(({ value }) => value).join('\n') ?? '';
  const found = [
    ...text.matchAll(/@(pattern|minimum|maximum|minLength|maxLength|minItems|maxItems|integer)\b[ \t]*(.*)/g),
  ];
  return Object.fromEntries(
    found.map(([, tag = '', value = '']) =>
      tag === 'integer' ? ['type', 'integer'] : [tag, tag === 'pattern' ? value.trim() : Number(value)],
    ),
  );
}

/** Bounds on a list of strings are those of its items, unless they count. */
function bound(schema: Schema, bounds: Schema): Schema {
  const counts = 'minItems' in bounds || 'maxItems' in bounds;
  return schema.items && !counts
    ? { ...schema, items: { ...schema.items, ...bounds } }
    : { ...schema, ...bounds };
}

/** One object with the fields of all; a later one's stand. */
function merge(schemas: readonly Schema[]): Schema {
  const properties = Object.assign({}, ...schemas.map((schema) => schema.properties ?? {}));
  const required = [...new Set(schemas.flatMap((schema) => schema.required ?? []))];
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** One of several: literals become one enum, simple types one list of types. */
function union(schemas: readonly Schema[], refuse: () => Error): Schema {
  const [first] = schemas;
  if (schemas.length === 1 && first) return first;
  if (schemas.every((schema) => schema.enum)) return { enum: schemas.flatMap((schema) => schema.enum ?? []) };
  if (schemas.every(({ type }) => type === 'string' || type === 'number' || type === 'boolean')) {
    return { type: schemas.flatMap(({ type }) => type ?? []) };
  }
  throw refuse();
}

function refName(schema: Schema): string {
  return schema.$ref?.slice(DEFINITIONS.length) ?? '';
}

function resolve(module: Module, from: string): string {
  if (!from.startsWith('.')) return declarations(import.meta.resolve(from));
  const file = join(dirname(module.file), from);
  return file.endsWith('.js') ? file.replace(/\.js$/, '.d.ts') : file;
}

/** The declarations that stand beside a package's module. */
function declarations(url: string): string {
  return fileURLToPath(url).replace(/\.js$/, '.d.ts');
}

function place(module: Module): string {
  return relative(ROOT, module.file);
}
