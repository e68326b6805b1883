// What the OpenTelemetry collector does with what it is sent.
// @see https://opentelemetry.io/docs/collector/configuration/

export interface CollectorConfigProps {
  /** The region of AWS whose X-Ray gets the traces. */
  region: string;
  /** The name that stands for all collectors, where there are several. @default there is one */
  peers?: string | undefined;
}

/** The collector's configuration, as far as we use it. */
export interface CollectorConfig {
  extensions: object;
  receivers: object;
  processors: object;
  connectors: object;
  exporters: object;
  service: { telemetry: object; extensions: string[]; pipelines: Record<string, Pipeline> };
}

interface Pipeline {
  receivers: string[];
  processors: string[];
  exporters: string[];
}

/** Where it listens: OTLP from pods, OTLP from other collectors, its own metrics, and those made of spans. */
export const COLLECTOR_PORTS = { grpc: 4317, http: 4318, peers: 4319, own: 8888, spans: 8889 } as const;

/** Of what is neither wrong nor slow, so many traces of a hundred are kept. */
const KEPT_PERCENT = 10;

/** A request that takes as long is slow, in milliseconds: twice what services promise by default. */
const SLOW_MILLISECONDS = 1000;

const on = (port: number) => ({ endpoint: `0.0.0.0:${port}` });

/**
 * Traces are kept or not as a whole, when they are over: all that hold an error or are slow, and some of the others. For that
 * all spans of a trace must come together; so of several collectors each hands them on to the one that a trace belongs to.
 */
export function collectorConfig({ region, peers }: CollectorConfigProps): CollectorConfig {
  const { grpc, http, own, spans } = COLLECTOR_PORTS;
  const isMany = peers !== undefined;
  return {
    extensions: { health_check: on(13133) },
    receivers: {
      otlp: { protocols: { grpc: on(grpc), http: on(http) } },
      ...(isMany && { 'otlp/peers': { protocols: { grpc: on(COLLECTOR_PORTS.peers) } } }),
    },
    processors: {
      // It refuses before it is ended; who sends tries again.
      memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 25 },
      tail_sampling: {
        // Longer than a request may take.
        decision_wait: '15s',
        // What there may be in so long, at a thousand requests a second; about 10 KiB each.
        num_traces: isMany ? 15_000 : 5_000,
        // What comes late goes the way of the rest.
        decision_cache: { sampled_cache_size: 50_000, non_sampled_cache_size: 100_000 },
        policies: [
          { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
          { name: 'slow', type: 'latency', latency: { threshold_ms: SLOW_MILLISECONDS } },
          { name: 'some', type: 'probabilistic', probabilistic: { sampling_percentage: KEPT_PERCENT } },
        ],
      },
      batch: {},
    },
    connectors: {
      // Of all spans, before some are left out: else errors would seem to be many.
      spanmetrics: {
        namespace: 'traces.span.metrics',
        histogram: { unit: 's', explicit: { buckets: ['10ms', '50ms', '100ms', '500ms', '1s', '5s'] } },
        // A point in a panel leads to a trace: of slow and of failed requests always, since those are kept.
        exemplars: { enabled: true },
        metrics_flush_interval: '30s',
        // Of a version that is gone.
        metrics_expiration: '10m',
      },
    },
    exporters: {
      awsxray: { region },
      prometheus: { ...on(spans), enable_open_metrics: true, metric_expiration: '10m' },
      // Prometheus reads them where they are made.
      nop: {},
      ...(isMany && {
        loadbalancing: {
          routing_key: 'traceID',
          // The mesh encrypts.
          protocol: { otlp: { tls: { insecure: true } } },
          resolver: { dns: { hostname: peers, port: String(COLLECTOR_PORTS.peers) } },
        },
      }),
    },
    service: {
      telemetry: {
        metrics: { readers: [{ pull: { exporter: { prometheus: { host: '0.0.0.0', port: own } } } }] },
      },
      extensions: ['health_check'],
      pipelines: {
        'traces/in': {
          receivers: ['otlp'],
          processors: ['memory_limiter'],
          exporters: ['spanmetrics', ...(isMany ? ['loadbalancing'] : [])],
        },
        'traces/kept': {
          receivers: [isMany ? 'otlp/peers' : 'otlp'],
          processors: ['memory_limiter', 'tail_sampling', 'batch'],
          exporters: ['awsxray'],
        },
        'metrics/spans': { receivers: ['spanmetrics'], processors: [], exporters: ['prometheus'] },
        metrics: { receivers: ['otlp'], processors: ['memory_limiter'], exporters: ['nop'] },
      },
    },
  };
}
