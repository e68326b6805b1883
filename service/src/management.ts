/** What the platform asks on a port of its own, which no visitor reaches and no overload closes. */
import express, { type Express } from 'express';
import type { Health } from './health.ts';
import { type Metrics, PROMETHEUS_TEXT } from './metrics.ts';

/** The management server's application. */
export function createManagementApp(health: Health, metrics: Metrics): Express {
  const app = express().disable('x-powered-by').disable('etag');
  // Alive also while draining: restarting a process that is about to end would drop its requests.
  app.get('/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.get('/readyz', async (_request, response) => {
    const readiness = await health.check();
    if (readiness.ready) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'not ready', reason: readiness.reason });
  });
  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', PROMETHEUS_TEXT).end(await metrics.text());
  });
  return app;
}
