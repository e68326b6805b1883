import { notFound } from './errors.ts';

/**
 * A name that stands in the path, as in `/articles/:slug`.
 *
 * PostgreSQL refuses text with the character NUL, so nothing in it can have such a name: 404 instead of a failed query.
 *
 * @param what the thing that is named
 */
export function pathName(given: string | string[] | undefined, what: Parameters<typeof notFound>[0]): string {
  if (typeof given !== 'string' || given.includes('\0')) throw notFound(what);
  return given;
}
