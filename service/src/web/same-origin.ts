import type { RequestHandler } from 'express';
import { RequestError } from '../errors.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a form that another site makes the visitor's browser send (CSRF).
 *
 * Browsers say where a request comes from in headers that no page can forge: `Sec-Fetch-Site`, and on plain http
 * `Origin`. A request with neither is refused too: it comes from no browser that could tell.
 */
export const sameOriginOnly: RequestHandler = (request, _response, next) => {
  if (SAFE.has(request.method)) return next();
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const allowed =
    site === undefined
      ? origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.get('host')
      : site === 'same-origin';
  if (!allowed)
    throw new RequestError(403, { form: ['was sent from another site; open the page here and try again'] });
  next();
};
