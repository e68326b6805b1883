import type { Request } from 'express';

/**
 * The route that a request was given to, as it is declared: `/api/articles/:slug`. Unlike its path it says nothing about
 * anybody, and there are few of them.
 *
 * @returns undefined as long as the request has met no route, and for ever when there is none for it
 */
export function routeOf(request: Pick<Request, 'baseUrl' | 'route'>): string | undefined {
  const path: unknown = request.route?.path;
  return typeof path === 'string' ? request.baseUrl + path : undefined;
}
