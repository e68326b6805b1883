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
 * @param documents the texts of its documents, in their order
 */
export function joinDocuments(header: string, documents: readonly string[]): string {
  return `# ${header}\n\n${documents.join('---\n')}`;
}

/**
 * One document, in the style of lists that Flux will find in it.
 *
 * @throws UnstableYamlError for what Flux would write back in another form
 */
export function writeDocument({ json, markers }: Document): string {
  for (const style of ['compact', 'indented'] as const) {
    const writer = new Writer(style, markers);
    const text = writer.write(json);
    if (!writer.mayMislead || sequenceStyle(text) === style) return text;
  }
  throw new UnstableYamlError('a text in it holds a list that flips the style of its lists either way');
}

class Writer {
  /**
   * Whether the text holds what can mislead a look for its lists: lines of a literal, or a key in quotes. Without them
   * the first list that is found is one of ours.
   */
  mayMislead: boolean;
  private text = '';
  private readonly style: SequenceStyle;
  /** Where the writer is in the document. */
  private readonly path: (string | number)[] = [];
  private readonly unmet: Set<SetterMarker>;

  constructor(style: SequenceStyle, markers: readonly SetterMarker[]) {
    this.style = style;
    this.mayMislead = style !== 'compact';
    this.unmet = new Set(markers);
  }

  write(json: Json): string {
    refuseWhatIsRemoved(json);
    this.block(json, 0);
    const [unmet] = this.unmet;
    if (unmet) throw new UnstableYamlError(`no value at ${unmet.path.join('.')}`);
    return this.text;
  }

  /** Writes a value whose first line is already indented; each line ends with a newline. */
  private block(value: Json, indent: number): void {
    if (isLeaf(value)) {
      this.text += `${this.leaf(value, indent)}\n`;
    } else if (Array.isArray(value)) {
      this.items(value, indent);
    } else {
      this.entries(value as { [key: string]: Json }, indent);
    }
  }

  private items(list: readonly Json[], indent: number): void {
    const space = ' '.repeat(indent);
    for (const [index, item] of list.entries()) {
      this.text += index === 0 ? '- ' : `${space}- `;
      this.path.push(index);
      this.block(item, indent + 2);
      this.path.pop();
    }
  }

  private entries(map: { readonly [key: string]: Json }, indent: number): void {
    const space = ' '.repeat(indent);
    let before = '';
    for (const key in map) {
      const value = map[key] as Json;
      this.path.push(key);
      this.text += `${before}${this.key(key)}:`;
      before = space;
      if (isLeaf(value)) {
        this.text += ` ${this.leaf(value, indent + 2)}\n`;
      } else {
        const inner = Array.isArray(value) && this.style === 'compact' ? indent : indent + 2;
        this.text += `\n${' '.repeat(inner)}`;
        this.block(value, inner);
      }
      this.path.pop();
    }
  }

  private key(key: string): string {
    if (LINE_BREAK.test(key) || (key.length > LONGEST_KEY / 3 && Buffer.byteLength(key) > LONGEST_KEY)) {
      throw new UnstableYamlError(
        `${this.path.join('.')}: a key of one line and at most ${LONGEST_KEY} bytes is needed`,
      );
    }
    const written = line(key);
    if (written !== key) this.mayMislead = true;
    return written;
  }

  /** A value that begins on the line of its key; `indent` is that of a literal block's lines. */
  private leaf(value: Json, indent: number): string {
    if (typeof value === 'string') return this.string(value, indent);
    if (typeof value === 'number') return this.number(value);
    if (value === null || typeof value === 'boolean') return String(value);
    return Array.isArray(value) ? '[]' : '{}';
  }

  private string(value: string, indent: number): string {
    const marker = this.markerHere();
    if (marker) {
      this.unmet.delete(marker);
      return `${line(value)} # ${setterComment(marker.policy)}`;
    }
    const block = value.includes('\n') ? literal(value) : undefined;
    if (block === undefined) return line(value);
    this.mayMislead = true;
    const space = ' '.repeat(indent);
    return `|${block.chomp}\n${block.lines.map((text) => (text === '' ? '' : space + text)).join('\n')}`;
  }

  private markerHere(): SetterMarker | undefined {
    for (const marker of this.unmet) {
      const { path } = marker;
      if (path.length === this.path.length && path.every((step, index) => step === this.path[index]))
        return marker;
    }
    return undefined;
  }

  private number(value: number): string {
    if (!Number.isFinite(value)) {
      throw new UnstableYamlError(`${this.path.join('.')}: ${value} is no number that YAML and JSON share`);
    }
    return Object.is(value, -0) ? '0' : String(value);
  }
}

/** What Flux takes out of a document: it would be gone after its first commit, and come back with the next compile. */
function refuseWhatIsRemoved(json: Json): void {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return;
  const { kind, metadata } = json as { kind?: Json; metadata?: Json };
  if (kind === 'List')
    throw new UnstableYamlError('kind: a List is taken apart; write its items as documents');
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return;
  const { annotations } = metadata as { annotations?: Json };
  if (isLeaf(metadata)) throw new UnstableYamlError('metadata: it is removed when it is empty; leave it out');
  if (annotations !== undefined && typeof annotations === 'object' && isLeaf(annotations)) {
    throw new UnstableYamlError('metadata.annotations: they are removed when they are empty; leave them out');
  }
}

/** Keys and short values come again and again: what they look like is worked out once. */
const written = new Map<string, string>();
const MOST_REMEMBERED = 10_000;
const LONGEST_REMEMBERED = 64;

/** A text on one line, in quotes where it needs them. */
function line(text: string): string {
  const known = written.get(text);
  if (known !== undefined) return known;
  const result = isPlain(text) ? text : quoted(text);
  if (text.length <= LONGEST_REMEMBERED && written.size < MOST_REMEMBERED) written.set(text, result);
  return result;
}

/** The comment behind a value that Flux's image automation may set. */
export function setterComment(policy: string): string {
  return JSON.stringify({ $imagepolicy: policy }).replace(':', ': ');
}

/** Whether a value is written on the line of its key: a scalar, or an empty map or list. */
function isLeaf(value: Json): boolean {
  if (value === null || typeof value !== 'object') return true;
  for (const _ in value) return false;
  return true;
}
