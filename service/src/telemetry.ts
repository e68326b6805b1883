/** Traces and metrics by OpenTelemetry. Must be started before express, pg and http are imported. */
import { register } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';

/** What records. */
export interface Telemetry {
  /** Sends what was recorded, then stops; gives up soon when nobody takes it. */
  stop(): Promise<void>;
}

/** The last telemetry is not worth more than this: whoever stops us is waiting. */
const LAST_SENDING_MILLISECONDS = 3_000;

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
  return {
    stop: async () => {
      const tooLate = wait(LAST_SENDING_MILLISECONDS, undefined, { ref: false }).then(() => {
        throw new Error('nobody took the last telemetry in time');
      });
      await Promise.race([sdk.shutdown(), tooLate]);
    },
  };
}
