/**
 * What is counted and measured, in OpenTelemetry's names. One set of instruments with two ways out: the text that
 * Prometheus fetches, and whatever else reads (OTLP).
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Pool } from './database/pool.ts';
import type { ShedReason } from './load-shedding.ts';

/** A request that has ended. */
export interface EndedRequest {
  readonly method: string;
  /** As it is declared; undefined when none was met. */
  readonly route: string | undefined;
  /** Undefined when the client went away before it was told. */
  readonly status: number | undefined;
  readonly seconds: number;
}

/** What is counted and measured. */
export interface Metrics {
  requestBegan(): void;
  requestEnded(request: EndedRequest): void;
  /** A request that was turned away at once. */
  requestShed(method: string, reason: ShedReason): void;
  watchPool(pool: Pick<Pool, 'idleCount' | 'options' | 'totalCount' | 'waitingCount'>): void;
  /** In Prometheus's text format, {@link PROMETHEUS_TEXT}. */
  text(): Promise<string>;
  /** Ends the measuring; what the other readers have not sent yet is theirs to send. */
  stop(): void;
}

/** The media type of Prometheus's text format. */
export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** In seconds; 0.5 is what canaries are judged by. */
const DURATION_BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How often the event loop's delay is looked at. */
const LOOP_RESOLUTION_MILLISECONDS = 10;

/** Other methods, which anybody may invent, count as one. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Begins to count.
 *
 * @param readers those that fetch or send the figures elsewhere
 */
export function createMetrics(
  release: { version: string; target: string },
  readers: readonly IMetricReader[] = [],
): Metrics {
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  const provider = new MeterProvider({
    resource: resourceFromAttributes({
      'service.name': process.env.OTEL_SERVICE_NAME ?? 'conduit',
      'service.version': release.version,
      'conduit.target': release.target,
    }),
    readers: [prometheus, ...readers],
  });
  const meter = provider.getMeter('conduit');

  // Counted here and looked at when somebody asks: telling an instrument of each change takes longer than all the rest.
  let active = 0;
  meter
    .createObservableUpDownCounter('http.server.active_requests', {
      description: 'Requests that are not answered yet',
    })
    .addCallback((result) => result.observe(active));
  const duration = meter.createHistogram('http.server.request.duration', {
    description: 'From the arrival of a request to the end of its answer',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
  });
  const shed = meter.createCounter('conduit.requests.shed', {
    description: 'Requests that were turned away because there were too many',
  });
  for (const reason of ['in-flight', 'event-loop', 'database'] satisfies ShedReason[])
    shed.add(0, { reason });

  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MILLISECONDS });
  loop.enable();
  meter
    .createObservableGauge('nodejs.eventloop.delay.p99', {
      description: 'How late the event loop came to 99 % of what was due, since the last reading',
      unit: 's',
    })
    .addCallback((result) => {
      // It measures from one look to the next, the pause between them included.
      result.observe(Math.max(0, loop.percentile(99) / 1e9 - LOOP_RESOLUTION_MILLISECONDS / 1e3));
    });
  let utilization = performance.eventLoopUtilization();
  meter
    .createObservableGauge('nodejs.eventloop.utilization', {
      description: 'The share of the time, since the last reading, in which the event loop was busy',
    })
    .addCallback((result) => {
      const now = performance.eventLoopUtilization();
      result.observe(performance.eventLoopUtilization(now, utilization).utilization);
      utilization = now;
    });
  const bytes = (name: string, description: string, measure: () => number) =>
    meter
      .createObservableGauge(name, { description, unit: 'By' })
      .addCallback((result) => result.observe(measure()));
  bytes('process.memory.usage', 'Memory in use, resident', () => process.memoryUsage.rss());
  bytes('v8js.memory.heap.used', "JavaScript's objects", () => process.memoryUsage().heapUsed);
  meter
    .createObservableCounter('process.cpu.time', { description: 'Processor time', unit: 's' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / 1e6);
    });

  function record({ method, route, status, seconds }: EndedRequest): void {
    duration.record(seconds, {
      'http.request.method': METHODS.has(method) ? method : '_OTHER',
      ...(route === undefined ? {} : { 'http.route': route }),
      ...(status === undefined ? { 'error.type': 'aborted' } : { 'http.response.status_code': status }),
    });
  }

  return {
    requestBegan() {
      active += 1;
    },
    requestEnded(request) {
      active -= 1;
      record(request);
    },
    requestShed(method, reason) {
      shed.add(1, { reason });
      record({ method, route: undefined, status: 503, seconds: 0 });
    },
    watchPool(pool) {
      meter
        .createObservableGauge('db.client.connection.count', { description: 'Connections to the database' })
        .addCallback((result) => {
          result.observe(pool.idleCount, { state: 'idle' });
          result.observe(pool.totalCount - pool.idleCount, { state: 'used' });
        });
      meter
        .createObservableGauge('db.client.connection.max', { description: 'Connections at the most' })
        .addCallback((result) => result.observe(pool.options.max));
      meter
        .createObservableGauge('db.client.connection.pending_requests', {
          description: 'Those that wait for a connection',
        })
        .addCallback((result) => result.observe(pool.waitingCount));
    },
    async text() {
      const { resourceMetrics } = await prometheus.collect();
      loop.reset();
      return serializer.serialize(withUnitsInNames(resourceMetrics));
    },
    stop: () => {
      loop.disable();
    },
  };
}

/** Units as Prometheus writes them. */
const UNITS: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' };

/**
 * Names as Prometheus wants them, with the unit at the end, which the exporter leaves out.
 *
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
function withUnitsInNames({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
  return {
    resource,
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map((metric) => {
        const { name, unit } = metric.descriptor;
        const suffix = UNITS[unit];
        const descriptor = { ...metric.descriptor, name: suffix === undefined ? name : `${name}.${suffix}` };
        return { ...metric, descriptor };
      }),
    })),
  };
}
