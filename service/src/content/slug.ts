import { randomInt } from 'node:crypto';

/** Paths below /api/articles that are not an article. */
const RESERVED = new Set(['feed']);
const MAX_LENGTH = 80;
const SUFFIX_LENGTH = 6;

/** The address of an article, made of its title: letters and digits of any script, joined by hyphens. */
export function slugify(title: string): string {
  const slug = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    // By characters, not by UTF-16 units: half a character is no text.
    .match(new RegExp(`^-?(.{0,${MAX_LENGTH}})`, 'u'))?.[1]
    ?.replace(/-$/, '');
  return slug === undefined || slug === '' ? 'article' : slug;
}

/** The slugs to try for a title, until one is free: the plain one first. */
export function* slugsFor(title: string): Generator<string> {
  const slug = slugify(title);
  if (!RESERVED.has(slug)) yield slug;
  while (true) yield `${slug}-${suffix()}`;
}

function suffix(): string {
  return randomInt(36 ** SUFFIX_LENGTH)
    .toString(36)
    .padStart(SUFFIX_LENGTH, '0');
}
