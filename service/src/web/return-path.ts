/** Where a visitor goes back to: only ever to a path on this site. */
import type { Request } from 'express';

/** Any address will do: it only stands in for ours. */
const HERE = 'http://conduit.invalid';

/** Nobody goes back to these: there they are asked to sign in, or were just signed out. */
const NOT_BACK_TO = new Set(['/login', '/register', '/logout']);

/**
 * A path on this site that somebody gave: `/profile/ada?page=2`.
 *
 * @returns undefined for everything that could lead elsewhere, as browsers read it: `//evil.example`, `/\evil.example`
 */
export function safePath(given: unknown): string | undefined {
  if (typeof given !== 'string' || !given.startsWith('/') || !URL.canParse(given, HERE)) return undefined;
  const { origin, pathname, search } = new URL(given, HERE);
  // A path may begin with two slashes after all, once `/.//evil.example` has been tidied up.
  if (origin !== HERE || pathname.startsWith('//') || NOT_BACK_TO.has(pathname)) return undefined;
  return pathname + search;
}

/** The path of the page on this site where a link was followed or a button pressed; undefined when nobody says. */
export function cameFrom(request: Request): string | undefined {
  const referrer = request.get('referer');
  if (referrer === undefined || !URL.canParse(referrer)) return undefined;
  const { host, pathname, search } = new URL(referrer);
  return host === request.get('host') ? safePath(pathname + search) : undefined;
}
