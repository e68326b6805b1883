// Reads a YAML file that says one text for each ring and name: versions.yaml and images.yaml.
import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Mistake } from '../errors.ts';
import { showPath } from './path.ts';
import { listed, nearMiss, refusal, show, unknownKey } from './refusal.ts';

/** What a file of this form may and must hold. */
export interface RingFileRules {
  /** The file as seen from the repo's root. */
  file: string;
  /** The rings that exist; `undefined` when that is unclear, so that no ring is refused. */
  rings: readonly string[] | undefined;
  /** The names that may stand in a ring; `undefined` when that is unclear, so that no name is refused. */
  names: readonly string[] | undefined;
  /** What a ring holds, in words: `apps with their images`. */
  holds: string;
  /** The names that must stand in a ring, each with the reason or with ''. A ring with none may be left out. */
  required: (ring: string) => ReadonlyMap<string, string>;
  /** What a value may be, in words. */
  allowed: string;
  /** What somebody who wrote this value probably meant; `undefined` when there is no good guess. */
  meant: (text: string) => string | undefined;
}

/** One line of the file. */
export interface RingFileEntry {
  ring: string;
  name: string;
  /** What the value says, as text. */
  text: string;
  /** What follows the value on its line, spaces and `#` of a comment included; empty when nothing does. */
  rest: string;
  /** Makes a mistake of this entry, placed at its value or at what follows it. */
  mistake: (says: string, place?: 'value' | 'rest') => Mistake;
}

/** What was read: the lines that nothing is wrong with so far, and the mistakes. */
export interface RingFile {
  entries: RingFileEntry[];
  mistakes: Mistake[];
}

/**
 * Reads such a file, strictly: an unknown, repeated or missing key and a value that is no text are mistakes. What the
 * text of a value may say is for the caller to judge.
 *
 * @param text what the file holds
 */
export function readRingFile(text: string, rules: RingFileRules): RingFile {
  const reader = new RingFileReader(text, rules);
  reader.read();
  return reader;
}

/** For sorting mistakes of one file by where they stand in it. */
export function byLine(a: Mistake, b: Mistake): number {
  const [lineA = 0, columnA = 0] = a.file.split(':').slice(1).map(Number);
  const [lineB = 0, columnB = 0] = b.file.split(':').slice(1).map(Number);
  return lineA - lineB || columnA - columnB;
}

class RingFileReader implements RingFile {
  readonly entries: RingFileEntry[] = [];
  readonly mistakes: Mistake[] = [];
  private readonly text: string;
  private readonly rules: RingFileRules;
  private readonly lines = new LineCounter();

  constructor(text: string, rules: RingFileRules) {
    this.text = text;
    this.rules = rules;
  }

  read(): void {
    const { rules } = this;
    const document = parseDocument(this.text, {
      lineCounter: this.lines,
      prettyErrors: false,
      uniqueKeys: false,
    });
    // The first one only: what the parser says after it has lost the thread helps nobody.
    const [broken] = [...document.errors, ...document.warnings];
    if (broken !== undefined) this.refuse(broken.pos[0], [], `is not YAML: ${uncapital(broken.message)}`);
    else if (isMap(document.contents)) this.readRings(document.contents);
    else this.refuseValue(document.contents, 0, [], `a map of rings, each a map of ${rules.holds}`);
  }

  private readRings(map: YAMLMap): void {
    const { rules } = this;
    const { pairs, meant } = this.pairsOf(map, [], rules.rings);
    for (const { key: ring, value, offset } of pairs) {
      if (isMap(value)) this.readRing(value, ring, offset);
      else this.refuseValue(value, offset, [ring], `a map of ${rules.holds}`);
    }
    for (const ring of rules.rings ?? []) {
      const required = [...rules.required(ring).keys()];
      if (meant.has(ring) || required.length === 0) continue;
      this.refuse(
        this.text.length,
        [ring],
        `is missing; allowed: a map of ${rules.holds}, for ${listed(required)}`,
      );
    }
  }

  private readRing(map: YAMLMap, ring: string, offset: number): void {
    const { rules } = this;
    const { pairs, meant } = this.pairsOf(map, [ring], rules.names);
    for (const { key: name, value, offset } of pairs) {
      if (isScalar(value) && typeof value.value === 'string' && value.range) {
        this.entries.push(this.entry(ring, name, value.value, value.range));
      } else {
        this.refuseValue(value, offset, [ring, name], rules.allowed, rules.meant);
      }
    }
    for (const [name, reason] of rules.required(ring)) {
      if (meant.has(name)) continue;
      const because = reason === '' ? '' : ` (${reason})`;
      this.refuse(offset, [ring, name], `is missing${because}; allowed: ${rules.allowed}`);
    }
  }

  private entry(ring: string, name: string, text: string, [start, end]: readonly number[]): RingFileEntry {
    const lineEnd = this.text.indexOf('\n', end);
    const rest = this.text.slice(end, lineEnd === -1 ? undefined : lineEnd).replace(/\r$/, '');
    const restStart = (end ?? 0) + rest.length - rest.trimStart().length;
    const mistake: RingFileEntry['mistake'] = (says, place = 'value') => ({
      file: this.at((place === 'value' ? start : restStart) ?? 0),
      path: showPath([ring, name]),
      says,
    });
    return { ring, name, text, rest, mistake };
  }

  /**
   * The pairs of a map whose keys may stand there, once each.
   *
   * @returns `meant` has their keys, and those that a misspelt one was probably meant to be
   */
  private pairsOf(map: YAMLMap, path: readonly string[], names: readonly string[] | undefined) {
    const pairs: { key: string; value: Node | null; offset: number }[] = [];
    const meant = new Set<string>();
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      const offset = pair.key.range?.[0] ?? 0;
      const isKnown = names === undefined || names.includes(key);
      if (!isKnown) this.refuse(offset, [...path, key], unknownKey(key, names));
      else if (pairs.some((before) => before.key === key)) {
        this.refuse(offset, [...path, key], `found the key ${show(key)} once more; allowed: each key once`);
      } else pairs.push({ key, value: pair.value, offset });
      const guess = isKnown ? key : nearMiss(key, names);
      if (guess !== undefined) meant.add(guess);
    }
    return { pairs, meant };
  }

  /** Refuses a value of the wrong kind. */
  private refuseValue(
    node: Node | null,
    offset: number,
    path: readonly string[],
    allowed: string,
    meant?: RingFileRules['meant'],
  ): void {
    const wanted = meant === undefined ? 'an object' : 'a string';
    const place = node?.range?.[0] ?? offset;
    if (isAlias(node)) {
      this.refuse(place, path, `found the alias *${node.source}; allowed: ${allowed}`);
      return;
    }
    // An empty file has no node; an empty value has one of an empty source.
    const found: unknown = isScalar(node) ? node.value : node?.toJSON();
    const shown = isScalar(node) && typeof node.value !== 'string' && node.source ? node.source : undefined;
    const guess = shown === undefined ? undefined : meant?.(shown);
    this.refuse(place, path, refusal(found, allowed, { wanted, shown, meant: guess }));
  }

  private refuse(offset: number, path: readonly string[], says: string): void {
    this.mistakes.push({ file: this.at(offset), path: showPath(path), says });
  }

  /** The file with line and column, both from 1. */
  private at(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${this.rules.file}:${line}:${col}`;
  }
}

function uncapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
