// How a single value is written so that Flux's re-encoding (go-yaml v3 through kyaml) leaves it as it is, and
// every reader, of YAML 1.1 or 1.2, reads the same value.

/**
 * Text that can stand without quotes whatever its place: words set apart by single spaces, the first begun by a
 * letter or another harmless character, none begun by `#`.
 */
const PLAIN = /^(?:[A-Za-z_/$(]|\.[A-Za-z_/])[!-~]*(?: [!"$-~][!-~]*)*$/;

/** Durations and quantities begin with a digit and are still no number to any reader: `60s`, `100m`, `192Mi`. */
const WITH_UNIT = /^\d+(?:ms|[smh]|[KMGT]i)$/;

/** What some reader takes for something other than a string: booleans, null, infinity. */
const RESOLVES = /^(?:[yn]|yes|no|on|off|true|false|null|\.inf|\.nan)$/i;

/** Characters that go-yaml prints in double quotes as they are, but for `"` and `\`. */
const PRINTABLE = /[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

const ESCAPES: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** Whether a string reads as itself without quotes. */
export function isPlain(text: string): boolean {
  if (WITH_UNIT.test(text)) return true;
  return PLAIN.test(text) && !text.includes(': ') && !text.endsWith(':') && !RESOLVES.test(text);
}

/** A string in double quotes, escaped as go-yaml escapes. */
export function quoted(text: string): string {
  let out = '"';
  for (const character of text) out += escaped(character);
  return `${out}"`;
}

function escaped(character: string): string {
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xffff && PRINTABLE.test(character)) return character;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Lines that a literal block keeps: no tab, nothing trailing, not blank only by spaces, every character printable. */
const LITERAL_LINE = /^(?:|[^ ].*[^ ]|[^ ]| +(?:[^ ].*)?[^ ])$/;
const LITERAL_TEXT = /^[\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/;

/**
 * The lines of a text that can stand as a literal block, and how it ends; `undefined` where it must be quoted.
 *
 * @returns `chomp` is what follows the `|`: nothing for one newline at the end, `-` for none
 */
export function literal(text: string): { lines: string[]; chomp: '' | '-' } | undefined {
  if (!text.includes('\n') || text.startsWith('\n') || text.startsWith(' ') || text.endsWith('\n\n'))
    return undefined;
  if (!LITERAL_TEXT.test(text)) return undefined;
  const chomp = text.endsWith('\n') ? '' : '-';
  const lines = (chomp === '' ? text.slice(0, -1) : text).split('\n');
  return lines.every((line) => LITERAL_LINE.test(line)) ? { lines, chomp } : undefined;
}
