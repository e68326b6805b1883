/** Traces and metrics by OpenTelemetry. Must be started before express, pg and http are imported. */
import { register } from 'node:module';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';

/** Sends what was recorded, then stops. */
export interface Telemetry {
  stop(): Promise<void>;
}

/** Probes come every few seconds and say nothing about visitors. */
const PROBES = new Set(['/livez', '/readyz']);

/**
 * Starts to record; where to is told by the standard `OTEL_…` variables.
 *
 * @param version tells a canary's traces from those of what it replaces
 */
export function startTelemetry(version: string): Telemetry {
  const attributes = process.env.OTEL_RESOURCE_ATTRIBUTES;
  process.env.OTEL_RESOURCE_ATTRIBUTES = `${attributes ? `${attributes},` : ''}service.version=${version}`;
  // What is imported as an ES module can be instrumented only from within the loader.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const sdk = new NodeSDK({
    serviceName: process.env.OTEL_SERVICE_NAME ?? 'conduit',
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url }) => PROBES.has(url ?? '') }),
      new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.MIDDLEWARE] }),
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  return { stop: () => sdk.shutdown() };
}
