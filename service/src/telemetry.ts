/** Traces and metrics by OpenTelemetry. Must be started before express, pg and http are imported. */
import { register } from 'node:module';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';

/** Sends what was recorded, then stops. */
export interface Telemetry {
  stop(): Promise<void>;
}

/** Starts to record; where to is told by the standard `OTEL_…` variables. */
export function startTelemetry(): Telemetry {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const sdk = new NodeSDK({
    serviceName: process.env.OTEL_SERVICE_NAME ?? 'conduit',
    instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation(), new PgInstrumentation()],
  });
  sdk.start();
  return { stop: () => sdk.shutdown() };
}
