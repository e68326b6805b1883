import { type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard output; whoever runs the service collects them. */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err },
    formatters: { level: (label) => ({ level: label }) },
  });
}
