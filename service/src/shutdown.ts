/** When the process has to end, and in which order things do. */
import type { Logger } from './log.ts';
import type { Service } from './server.ts';

/** What ends with the process. */
export interface Ending {
  /** As soon as it runs; asked to end before, the process ends after its start. */
  readonly service: Promise<Pick<Service, 'stop'>>;
  readonly drainSeconds: number;
  /** Runs when everything else has ended; sends the last telemetry. */
  readonly last: () => Promise<void>;
  readonly log: Logger;
}

/**
 * Ends the process on SIGTERM or SIGINT, gently; on a second signal at once. A process that was forked also ends, without
 * waiting for load balancers, when its parent goes: nobody would ever end it otherwise.
 *
 * To be called before the service starts: the first process of a container is deaf to signals that it does not listen to.
 */
export function endOnSignals({ service, drainSeconds, last, log }: Ending): void {
  let ending = false;

  async function end(reason: string, seconds: number): Promise<void> {
    ending = true;
    log.info({ reason, drainSeconds: seconds }, 'stopping');
    try {
      await (await service).stop({ drainSeconds: seconds });
      // A collector that is gone is no failure of ours: every request has been answered.
      await last().catch((error) => log.warn({ error }, 'the last telemetry was not sent'));
      log.info('stopped');
      process.exit(0);
    } catch (error) {
      log.error({ error }, 'stopping failed');
      process.exit(1);
    }
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (!ending) return void end(signal, drainSeconds);
      log.warn({ reason: signal }, 'stopping at once');
      process.exit(1);
    });
  }
  const orphaned = () => {
    // A parent that asked us to stop may well go before we have: then we are ending already.
    if (!ending) void end('the parent process went away', 0);
  };
  // `undefined` without a channel; `false` when the parent went while we were starting.
  if (process.connected === false) orphaned();
  else if (process.connected) process.once('disconnect', orphaned);
}
