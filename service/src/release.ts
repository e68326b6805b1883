import type { RequestHandler } from 'express';
import type { Config } from './config.ts';

/** What says in every answer which release made it, so that what a canary does can be told from what it replaces. */
export function releaseHeaders({
  version,
  colour,
}: Pick<Config, 'colour' | 'version'>): Record<string, string> {
  return { 'X-Version': version, 'X-Colour': colour };
}

/** Puts headers into every answer. */
export function withHeaders(headers: Readonly<Record<string, string>>): RequestHandler {
  const pairs = Object.entries(headers);
  return (_request, response, next) => {
    // Not by Express's `set`, which looks into each of them.
    for (const [name, value] of pairs) response.setHeader(name, value);
    next();
  };
}
