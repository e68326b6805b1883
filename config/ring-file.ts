// Reads a YAML file that says one text for each ring and name: versions.yaml and images.yaml.
import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { Mistake } from './errors.ts';
import { showPath } from './path.ts';
import { nearMiss, refusal, show, unknownKey } from './refusal.ts';

/** What a file of this form may and must hold. */
export interface RingFileRules {
  /** The file as seen from the repo's root. */
  file: string;
  /** The rings that exist; `undefined` when that is unclear, so that no ring is refused. */
  rings: readonly string[] | undefined;
  /** The names that may stand in a ring; `undefined` when that is unclear, so that no name is refused. */
  names: readonly string[] | undefined;
  /** What one of the names is: `app`. */
  what: string;
  /** The names that must stand in a ring, each with the reason or with ''. A ring with none may be left out. */
  required: (ring: string) => ReadonlyMap<string, string>;
  /** What a value may be, in words. */
  allowed: string;
}

/** One line of the file. */
export interface RingFileEntry {
  ring: string;
  name: string;
  /** What the value says, as text. */
  text: string;
  /** What follows the value on its line, spaces and `#` of a comment included; empty when nothing does. */
  rest: string;
  /** Makes a mistake of this entry, placed at its value or behind it. */
  mistake: (says: string, place?: 'value' | 'rest') => Mistake;
}

/**
 * Reads such a file, strictly.
 *
 * @param text what the file holds
 * @returns the entries that nothing is wrong with so far, and the mistakes, in the order of the file
 */
export function readRingFile(
  text: string,
  rules: RingFileRules,
): { entries: RingFileEntry[]; mistakes: Mistake[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${rules.file}:${line}:${col}`;
  };
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) {
    return {
      entries: [],
      mistakes: [
        { file: at(broken.pos[0]), path: '', says: `this is not YAML: ${uncapital(broken.message)}` },
      ],
    };
  }
  const entries: RingFileEntry[] = [];
  const mistakes: Mistake[] = [];
  const refuse = (offset: number, path: readonly string[], says: string) =>
    mistakes.push({ file: at(offset), path: showPath(path), says });

  const root = document.contents;
  if (!isMap(root)) {
    const says = refusal(
      root === null ? undefined : root.toJSON(),
      `a map of rings, each with its ${rules.what}s`,
      { wanted: 'an object' },
    );
    refuse(root?.range?.[0] ?? 0, [], says);
    return { entries, mistakes };
  }
  const ringPairs = namedPairs(root, [], rules.rings, refuse);
  for (const { key: ring, pair, offset } of ringPairs.known) {
    if (!isMap(pair.value)) {
      const node = pair.value as Node | null;
      const allowed = `a map of ${rules.what}s, each with ${rules.allowed}`;
      refuse(
        node?.range?.[0] ?? offset,
        [ring],
        refusal(node?.toJSON() ?? null, allowed, { wanted: 'an object' }),
      );
      continue;
    }
    const pairs = namedPairs(pair.value, [ring], rules.names, refuse);
    for (const { key: name, pair, offset } of pairs.known) {
      const value = pair.value;
      const [start, end] = isScalar(value) ? (value.range ?? [offset, offset]) : [offset, offset];
      if (!isScalar(value) || typeof value.value !== 'string') {
        const found = isScalar(value) ? value.value : ((value as Node | null)?.toJS(document) ?? null);
        const shown =
          isScalar(value) && value.source !== undefined && value.source !== '' ? value.source : undefined;
        refuse(start, [ring, name], refusal(found, rules.allowed, { wanted: 'a string', shown }));
        continue;
      }
      const lineEnd = text.indexOf('\n', end);
      const rest = text.slice(end, lineEnd === -1 ? undefined : lineEnd).replace(/\r$/, '');
      entries.push({
        ring,
        name,
        text: value.value,
        rest,
        mistake: (says, place = 'value') => {
          const behind = end + rest.length - rest.trimStart().length;
          return { file: at(place === 'value' ? start : behind), path: showPath([ring, name]), says };
        },
      });
    }
    for (const [name, reason] of rules.required(ring)) {
      if (!pairs.meant.has(name)) refuse(offset, [ring, name], missing(rules.allowed, reason));
    }
  }
  for (const ring of rules.rings ?? []) {
    if (ringPairs.meant.has(ring)) continue;
    const required = [...rules.required(ring).keys()];
    if (required.length === 0) continue;
    refuse(
      text.length,
      [ring],
      `is missing; allowed: a map with ${required.map(show).join(', ')}, each with ${rules.allowed}`,
    );
  }
  return { entries, mistakes };
}

interface NamedPair {
  key: string;
  pair: Pair;
  offset: number;
}

/** The pairs of a map whose keys may stand there, once each; `meant` has these keys and those that were misspelt. */
function namedPairs(
  map: YAMLMap,
  path: readonly string[],
  names: readonly string[] | undefined,
  refuse: (offset: number, path: readonly string[], says: string) => void,
): { known: NamedPair[]; meant: Set<string> } {
  const known: NamedPair[] = [];
  const meant = new Set<string>();
  for (const pair of map.items) {
    const node = pair.key as Node;
    const key = isScalar(node) ? (node.source ?? String(node.value)) : String(node);
    const offset = node.range?.[0] ?? 0;
    if (known.some((before) => before.key === key)) {
      refuse(offset, [...path, key], `found the key ${show(key)} once more; allowed: each key once`);
    } else if (names !== undefined && !names.includes(key)) {
      refuse(offset, [...path, key], unknownKey(key, names));
      const guess = nearMiss(key, names);
      if (guess !== undefined) meant.add(guess);
    } else {
      known.push({ key, pair, offset });
      meant.add(key);
    }
  }
  return { known, meant };
}

function missing(allowed: string, reason: string): string {
  return `is missing${reason === '' ? '' : ` (${reason})`}; allowed: ${allowed}`;
}

function uncapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
