/** What leaves the service about a request: nothing that a visitor has typed, and nothing that says who they are. */
import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** What a span may say. All else, as paths, addresses and headers of visitors, stays here: also what is yet to come. */
const ALLOWED = new Set([
  'db.namespace',
  'db.operation.name',
  // With $1 in the place of every value.
  'db.query.text',
  'db.response.status_code',
  'db.system.name',
  'error.type',
  'exception.type',
  'express.name',
  'express.type',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'network.protocol.version',
  'url.scheme',
]);

/** Where we ask somebody else this is their name; where we are asked it is a header of the visitor's choice. */
const ALLOWED_OF_CLIENTS = new Set(['server.address', 'server.port']);

/** Passes spans on without what is private. */
export function withoutPrivateData(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(publicPart), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

function publicPart(span: ReadableSpan): ReadableSpan {
  // A message may hold what somebody typed, and `tracestate` is a header that anybody may send.
  const { traceId, spanId, traceFlags } = span.spanContext();
  const parent = span.parentSpanContext;
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => ({ traceId, spanId, traceFlags }),
    ...(parent && { parentSpanContext: parent }),
    startTime: span.startTime,
    endTime: span.endTime,
    status: { code: span.status.code },
    attributes: allowed(span.attributes, span.kind),
    links: [],
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      time,
      attributes: allowed(attributes ?? {}, span.kind),
    })),
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}

function allowed(attributes: Attributes, kind: SpanKind): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([key]) => ALLOWED.has(key) || (kind === SpanKind.CLIENT && ALLOWED_OF_CLIENTS.has(key)),
    ),
  );
}
