// The words of messages about values.

import { distance } from 'fastest-levenshtein';

/** More than these in one line help nobody: then only what was probably meant does. */
const MOST_LISTED = 16;

/** A value as it would be typed, cut where it is long. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** What to say of a value that is none of those allowed. */
export function oneOfSeveral(value: unknown, allowed: readonly unknown[]): string {
  const text = String(value);
  const guess = meant(
    text,
    allowed.map((one) => String(one)),
  );
  return `found ${quoted(value)}; allowed: ${list(allowed)}${guess ? `; did you mean ${quoted(guess)}?` : ''}`;
}

/**
 * What to say of a field that the schema does not name.
 *
 * @param fields what it names
 * @param present what stands beside the field, which it can therefore not be
 */
export function unknownField(field: string, fields: readonly string[], present: readonly string[]): string {
  if (fields.length === 0) return 'unknown field; none is allowed here';
  const guess =
    meant(
      field,
      fields.filter((one) => !present.includes(one)),
    ) ?? meant(field, fields);
  return `unknown field; allowed: ${list([...fields].sort())}${guess ? `; did you mean "${guess}"?` : ''}`;
}

/** The one that is nearly what was found. */
export function meant(found: string, allowed: readonly string[]): string | undefined {
  const lower = found.toLowerCase();
  const [best] = allowed
    .map((one) => ({ one, off: distance(lower, one.toLowerCase()) }))
    .sort((a, b) => a.off - b.off);
  return best && best.off <= Math.max(1, Math.floor(best.one.length / 3)) ? best.one : undefined;
}

function list(allowed: readonly unknown[]): string {
  const more = allowed.length - MOST_LISTED;
  const shown = allowed.slice(0, MOST_LISTED).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
