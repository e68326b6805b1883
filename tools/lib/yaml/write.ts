// The writer of `dist/`: YAML with setter markers, in the one form that Flux's image automation leaves alone when it
// sets an image and re-encodes the file.

import type { SetterMarker } from '../../../charts/setter-marker.ts';
import { isPlain, literal, quoted } from './scalar.ts';
import { type SequenceStyle, sequenceStyle } from './sequence-style.ts';

/** A JSON value, which is all that a manifest can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One object of Kubernetes and the values in it that Flux may set. */
export interface Document {
  json: Json;
  markers: readonly SetterMarker[];
}

/** A value that cannot be written so that it stays as it is. Its message names the place in the document. */
export class UnstableYamlError extends Error {
  override readonly name = 'UnstableYamlError';
}

/** Longer keys, and those with a line break of any script, are moved to a line of their own behind a `?`. */
const LONGEST_KEY = 128;
const LINE_BREAK = /[\n\r\u0085\u2028\u2029]/;

/**
 * A file of manifests.
 *
 * @param header what stands at its top, a line without `#`
 * @param documents the objects in their order
 * @throws UnstableYamlError for what Flux would write back in another form
 */
export function writeFile(header: string, documents: readonly Document[]): string {
  return `# ${header}\n\n${documents.map(writeDocument).join('---\n')}`;
}

/** One document, in the style of lists that Flux will find in it. */
export function writeDocument({ json, markers }: Document): string {
  const comments = new Map(markers.map(({ path, policy }) => [path.join('\0'), policy]));
  for (const style of ['compact', 'indented'] as const) {
    const writer = new Writer(style, comments);
    writer.block(json, 0, []);
    if (writer.unused.size > 0)
      throw new UnstableYamlError(`no value at ${[...writer.unused][0]?.replaceAll('\0', '.')}`);
    if (sequenceStyle(writer.text) === style) return writer.text;
  }
  throw new UnstableYamlError('a text in it holds a list that flips the style of its lists either way');
}

class Writer {
  text = '';
  readonly unused: Set<string>;
  private readonly style: SequenceStyle;
  private readonly policies: ReadonlyMap<string, string>;

  constructor(style: SequenceStyle, policies: ReadonlyMap<string, string>) {
    this.style = style;
    this.policies = policies;
    this.unused = new Set(policies.keys());
  }

  /** Writes a map or a list whose first line is already indented; each line ends with a newline. */
  block(value: Json, indent: number, path: readonly (string | number)[]): void {
    if (value === null || typeof value !== 'object' || isEmpty(value)) {
      this.text += `${this.inline(value, indent, path)}\n`;
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        if (index > 0) this.text += ' '.repeat(indent);
        this.text += '- ';
        this.block(item, indent + 2, [...path, index]);
      }
    } else {
      let first = true;
      for (const [key, item] of Object.entries(value as Record<string, Json>)) {
        if (!first) this.text += ' '.repeat(indent);
        first = false;
        this.entry(key, item, indent, [...path, key]);
      }
    }
  }

  private entry(key: string, value: Json, indent: number, path: readonly (string | number)[]): void {
    this.text += `${this.key(key, path)}:`;
    if (value === null || typeof value !== 'object' || isEmpty(value)) {
      this.text += ` ${this.inline(value, indent + 2, path)}\n`;
      return;
    }
    const inner = Array.isArray(value) && this.style === 'compact' ? indent : indent + 2;
    this.text += `\n${' '.repeat(inner)}`;
    this.block(value, inner, path);
  }

  private key(key: string, path: readonly (string | number)[]): string {
    if (LINE_BREAK.test(key) || Buffer.byteLength(key) > LONGEST_KEY) {
      throw new UnstableYamlError(
        `${path.join('.')}: a key of one line and at most ${LONGEST_KEY} bytes is needed`,
      );
    }
    return isPlain(key) ? key : quoted(key);
  }

  /** A value that begins on the line of its key; `indent` is that of a literal block's lines. */
  private inline(value: Json, indent: number, path: readonly (string | number)[]): string {
    if (value === null) return 'null';
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'number') return this.number(value, path);
    if (typeof value === 'object') return Array.isArray(value) ? '[]' : '{}';
    const id = path.join('\0');
    const policy = this.policies.get(id);
    if (policy !== undefined) {
      this.unused.delete(id);
      return `${isPlain(value) ? value : quoted(value)} # ${setterComment(policy)}`;
    }
    if (isPlain(value)) return value;
    const block = literal(value);
    if (block === undefined) return quoted(value);
    const space = ' '.repeat(indent);
    return `|${block.chomp}\n${block.lines.map((line) => (line === '' ? '' : space + line)).join('\n')}`;
  }

  private number(value: number, path: readonly (string | number)[]): string {
    if (!Number.isFinite(value))
      throw new UnstableYamlError(`${path.join('.')}: ${value} is no number that YAML and JSON share`);
    return Object.is(value, -0) ? '0' : String(value);
  }
}

/** The comment behind a value that Flux's image automation may set. */
export function setterComment(policy: string): string {
  return JSON.stringify({ $imagepolicy: policy }).replace(':', ': ');
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
