import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A value as OTLP writes it in JSON, as far as we need it. */
type Attribute = { readonly key: string; readonly value: { readonly stringValue?: string } };

/** A span as it was received. */
export interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  /** The instrumentation that made it: `http`, `express`, `pg`. */
  readonly by: string | undefined;
  /** The attributes of the process. */
  readonly resource: readonly Attribute[];
}

/** A metric as it was received. */
export interface Metric {
  readonly name: string;
  readonly histogram?: { readonly dataPoints: readonly { readonly attributes: readonly Attribute[] }[] };
}

interface Export {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly Span[];
    }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

/** A collector of telemetry: OTLP over HTTP, in JSON. */
export interface OtlpReceiver {
  /** The environment of a service that sends its telemetry here. */
  readonly environment: Record<string, string>;
  /** Everything received, as it came. */
  text(): string;
  spans(): Span[];
  metrics(): Metric[];
  close(): Promise<void>;
}

/** Starts a collector. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push((await request.toArray()).join(''));
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const exports = () => bodies.map((body): Export => JSON.parse(body));
  return {
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    },
    text: () => bodies.join('\n'),
    spans: () =>
      exports()
        .flatMap(({ resourceSpans }) => resourceSpans ?? [])
        .flatMap(({ resource, scopeSpans }) =>
          scopeSpans.flatMap(({ scope, spans }) =>
            spans.map((span) => ({
              ...span,
              by: scope.name.split('-').at(-1),
              resource: resource.attributes,
            })),
          ),
        ),
    metrics: () =>
      exports()
        .flatMap(({ resourceMetrics }) => resourceMetrics ?? [])
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
