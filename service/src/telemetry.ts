/** Traces and metrics by OpenTelemetry. Must be started before express, pg and http are imported. */
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import {
  type IMetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Config } from './config.ts';
import { withoutPrivateData } from './span-privacy.ts';

/** What records. */
export interface Telemetry {
  /** Sends metrics, once it is given to those who measure. */
  readonly metricReader: IMetricReader;
  /** Sends what was recorded, then stops; gives up soon when nobody takes it. */
  stop(): Promise<void>;
}

/** The last telemetry is not worth more than this: whoever stops us is waiting. */
const LAST_SENDING_MILLISECONDS = 3_000;

/** What the platform asks comes every few seconds and says nothing about visitors. */
const PROBES = new Set(['/livez', '/readyz', '/metrics']);

/** The modules that are to be recorded. */
const RECORDED = ['http', 'https', 'express', 'pg'];

/** Starts to record; where to, and how often, is told by the standard `OTEL_…` variables. */
export async function startTelemetry({
  version,
  otlpProtocol,
}: Pick<Config, 'otlpProtocol' | 'version'>): Promise<Telemetry> {
  const attributes = process.env.OTEL_RESOURCE_ATTRIBUTES;
  // The version tells a canary's traces from those of what it replaces.
  process.env.OTEL_RESOURCE_ATTRIBUTES = `${attributes ? `${attributes},` : ''}service.version=${version}`;
  const exporters = await EXPORTERS[otlpProtocol]();
  const sdk = new NodeSDK({
    serviceName: process.env.OTEL_SERVICE_NAME ?? 'conduit',
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url }) => PROBES.has(url ?? '') }),
      new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.MIDDLEWARE] }),
      new PgInstrumentation({ requireParentSpan: true }),
    ],
    traceExporter: withoutPrivateData(exporters.spans()),
    // Our own, in metrics.ts, are the same for everybody who reads them.
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  // Instrumentations see what is required, and change it in place; what is imported later is the same. So nothing has to
  // hook into the loading of modules, which takes a thread of its own and half as long again to start.
  const require = createRequire(import.meta.url);
  for (const module of RECORDED) require(module);

  const metricReader = new PeriodicExportingMetricReader({
    exporter: exporters.metrics(),
    exportIntervalMillis: Number(process.env.OTEL_METRIC_EXPORT_INTERVAL) || 60_000,
  });
  return {
    metricReader,
    stop: async () => {
      const tooLate = wait(LAST_SENDING_MILLISECONDS, undefined, { ref: false }).then(() => {
        throw new Error('nobody took the last telemetry in time');
      });
      await Promise.race([Promise.all([sdk.shutdown(), metricReader.shutdown()]), tooLate]);
    },
  };
}

interface Exporters {
  spans(): SpanExporter;
  metrics(): PushMetricExporter;
}

/** By protocol; each is loaded only when it is wanted. */
const EXPORTERS: Record<Config['otlpProtocol'], () => Promise<Exporters>> = {
  'http/protobuf': async () => {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
    const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
    return { spans: () => new OTLPTraceExporter(), metrics: () => new OTLPMetricExporter() };
  },
  'http/json': async () => {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http');
    return { spans: () => new OTLPTraceExporter(), metrics: () => new OTLPMetricExporter() };
  },
};
