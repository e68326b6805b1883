import type { RequestHandler } from 'express';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { routeOf } from './route.ts';

/** Counts and times every request, and logs it where somebody debugs: by its route, as its path may name somebody. */
export function observeRequests(metrics: Metrics, log: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    metrics.requestBegan();
    response.once('close', () => {
      const milliseconds = performance.now() - start;
      const { method } = request;
      const route = routeOf(request);
      const status = response.headersSent ? response.statusCode : undefined;
      metrics.requestEnded({ method, route, status, seconds: milliseconds / 1_000 });
      log.debug({ method, route, status, milliseconds: Math.round(milliseconds) }, 'request');
    });
    next();
  };
}
