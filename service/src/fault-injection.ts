/** Faults on purpose, so that a canary can be seen to stop a bad release. Loaded only when one is asked for. */
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { Logger } from './log.ts';

/** What goes wrong on purpose. */
export interface Faults {
  /** The share of the requests, above 0 up to 1, that fail with 500. */
  readonly errorRate: number | undefined;
  /** By how much a share of the requests, above 0 up to 1, is answered later. */
  readonly latency: { readonly milliseconds: number; readonly share: number } | undefined;
  /** After how many seconds the process ends itself with exit code 1. */
  readonly crashAfterSeconds: number | undefined;
}

/**
 * Makes what goes before every request, starts the clock of the crash, and warns in the log.
 *
 * @param random gives a number from 0 up to 1, as Math.random does
 */
export function injectFaults(
  faults: Faults,
  log: Logger,
  random: () => number = Math.random,
): RequestHandler {
  log.warn({ faults }, 'faults are switched on: requests will fail on purpose');
  const { errorRate = 0, latency, crashAfterSeconds } = faults;
  if (crashAfterSeconds !== undefined) {
    const crash = () => {
      log.fatal({ crashAfterSeconds }, 'crashing on purpose');
      process.exit(1);
    };
    setTimeout(crash, crashAfterSeconds * 1_000).unref();
  }
  return async (_request, response, next) => {
    if (latency !== undefined && random() < latency.share) await wait(latency.milliseconds);
    if (random() >= errorRate) return next();
    response.status(500).json({ errors: { server: ['failed on purpose'] } });
  };
}
