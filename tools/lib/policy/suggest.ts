import { closest, distance } from 'fastest-levenshtein';

/** How much of a name may differ for it to be a slip of the pen: two letters changed places, or a third of a long one. */
const slip = (name: string) => Math.max(2, name.length / 3);

/** What to do about a name that nothing has: the name that was probably meant, or to make it. */
export function mend(name: string, known: Iterable<string>, make: string): string {
  const names = [...new Set(known)].sort();
  const near = names.length > 0 ? closest(name, names) : undefined;
  const meant = near !== undefined && distance(name, near) <= slip(name);
  return meant ? `write ${JSON.stringify(near)}, or ${make}` : make;
}
