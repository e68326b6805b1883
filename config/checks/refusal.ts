// How a mistake is put into words: what was found, what is allowed, what was probably meant.
import { distance } from 'fastest-levenshtein';

/** The kinds of value a config holds, in the words of its readers. */
export type Kind =
  | 'a string'
  | 'a number'
  | 'true or false'
  | 'a list'
  | 'an object'
  | 'null'
  | 'nothing'
  | 'a function';

/** A list longer than this is cut to the choices nearest to what was found. */
const LONGEST_LIST = 8;
const NEAREST = 5;
/** A value that takes more than this many characters is cut: the path already says where it stands. */
const LONGEST_VALUE = 60;

/** What kind of value this is. */
export function kindOf(value: unknown): Kind {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'number':
    case 'bigint':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'function':
      return 'a function';
    default:
      return 'an object';
  }
}

/** A value as a reader of the config would write it, on one line and cut to {@link LONGEST_VALUE} characters. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** What makes a refusal more than a no. */
export interface Hints {
  /** What was probably meant: the value itself. Left out when there is no good guess. */
  meant?: unknown;
  /** The kind of value that is allowed; when another kind was found, the refusal says which. */
  wanted?: Kind;
  /** The value as its file has it, where JavaScript would write it in another way: `1.10`. */
  shown?: string | undefined;
}

/**
 * A whole refusal: `found "2" (a string); allowed: a whole number from 1 to 100`.
 *
 * @param found what stands there; `undefined` when nothing does
 * @param allowed what may stand there, in words
 */
export function refusal(found: unknown, allowed: string, hints: Hints = {}): string {
  if (found === undefined) return `is missing; allowed: ${allowed}`;
  const kind = kindOf(found);
  const aside =
    hints.wanted !== undefined && kind !== hints.wanted && !isSelfEvident(kind) ? ` (${kind})` : '';
  const guess = hints.meant === undefined ? '' : `; did you mean ${show(hints.meant)}?`;
  return `found ${hints.shown ?? show(found)}${aside}; allowed: ${allowed}${guess}`;
}

/** Whether the value says its kind by itself: nobody takes `null` or `true` for anything else. */
function isSelfEvident(kind: Kind): boolean {
  return kind === 'null' || kind === 'true or false' || kind === 'a function';
}

/**
 * The refusal of a value that is none of a list: `found "prd"; allowed: "dev", "prod"; did you mean "prod"?`.
 *
 * @param found what stands there; `undefined` when nothing does
 * @param choices all that is allowed; a long list is cut to those nearest to what was found
 */
export function notOneOf(found: unknown, choices: readonly string[]): string {
  const meant = typeof found === 'string' ? nearMiss(found, choices) : undefined;
  return refusal(found, listed(choices, found), { meant, wanted: 'a string' });
}

/** The refusal of a key that an object or a map does not have. */
export function unknownKey(key: string, keys: readonly string[]): string {
  const meant = nearMiss(key, keys);
  return `found the key ${show(key)}; allowed: ${listed(keys, key)}${meant === undefined ? '' : `; did you mean ${show(meant)}?`}`;
}

/**
 * The one of the choices that was probably meant: a letter or two off, in another case, cut short or written out.
 *
 * @returns `undefined` when none is near enough for a guess
 */
export function nearMiss(found: string, choices: readonly string[]): string | undefined {
  const [best] = byDistance(found, choices);
  if (best === undefined) return undefined;
  return away(found, best) <= Math.ceil(Math.max(found.length, best.length) / 3) ? best : undefined;
}

/** The choices as text, the nearest ones only when there are many. */
export function listed(choices: readonly string[], found?: unknown): string {
  if (choices.length === 0) return 'none';
  if (choices.length <= LONGEST_LIST) return choices.map(show).join(', ');
  const nearest = typeof found === 'string' ? byDistance(found, choices) : choices;
  return `${nearest.slice(0, NEAREST).map(show).join(', ')}, … (${choices.length} in all)`;
}

/** Nearest first; equally near ones keep their order. */
function byDistance(found: string, choices: readonly string[]): string[] {
  return [...choices].sort((a, b) => away(found, a) - away(found, b));
}

/** How far two words are apart: letters to change, or a little more than one when one is the other cut short. */
function away(found: string, choice: string): number {
  const [a, b] = [found.toLowerCase(), choice.toLowerCase()];
  const isCut = Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a));
  return isCut ? Math.min(1.5, distance(a, b)) : distance(a, b);
}
