import { trace } from '@opentelemetry/api';
import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * JSON lines on standard output; whoever runs the service collects them. What is logged within a traced request names
 * its trace and span.
 *
 * @param destination where the lines go instead
 */
export function createLog(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: withoutPrivateData },
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: tracing,
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function tracing(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}

/** An error as it is logged. */
interface LoggedError {
  readonly type: string;
  readonly message?: string;
  readonly stack: string[];
  readonly cause?: LoggedError;
  readonly code?: unknown;
  readonly table?: unknown;
  readonly column?: unknown;
  readonly constraint?: unknown;
}

/**
 * PostgreSQL's class "data exception": the message of such an error quotes the value it is about.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;

/**
 * Leaves out what an error may say about people: PostgreSQL puts whole rows into its details, others what they could not
 * read.
 */
function withoutPrivateData(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, stack: [] };
  const { code, table, column, constraint } = error as unknown as Record<string, unknown>;
  return {
    type: error.constructor.name,
    ...(DATA_EXCEPTION.test(String(code)) ? {} : { message: error.message }),
    ...(code === undefined ? {} : { code }),
    ...(table === undefined ? {} : { table, column, constraint }),
    // Its first lines are the message once more.
    stack: (error.stack ?? '').split('\n').flatMap((line) => /^ {4}at (.*)$/.exec(line)?.[1] ?? []),
    ...(error.cause === undefined ? {} : { cause: withoutPrivateData(error.cause) }),
  };
}
