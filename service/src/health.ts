/** What the platform asks: is the process alive, and should it be given requests. */
import { pendingMigrations, readMigrations } from './database/migrate.ts';
import type { Pool } from './database/pool.ts';
import type { Logger } from './log.ts';

/** Whether requests should come; with the reason when not. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** Watches over what the service needs. */
export interface Health {
  check(): Promise<Readiness>;
  /** From now on the service is not ready: it is stopping. */
  drain(): void;
}

/**
 * Makes the watch.
 *
 * @param pool connections of its own: when every one of the application's is busy, the service is loaded, not unready;
 *   undefined for a target without a database, which is ready until it drains, whatever becomes of those it calls
 */
export function createHealth(pool: Pool | undefined, log: Logger): Health {
  const migrations = readMigrations();
  let draining = false;
  let last: string | undefined = 'not checked yet';

  async function look(): Promise<string | undefined> {
    if (pool === undefined) return undefined;
    try {
      const pending = await pendingMigrations(pool, migrations);
      if (pending.length === 0) return undefined;
      return `migrations are not applied: ${pending.join(', ')}; run with --migrate`;
    } catch (error) {
      return `the database does not answer: ${error instanceof Error ? error.message || error.name : error}`;
    }
  }

  return {
    async check() {
      const reason = draining ? 'draining' : await look();
      if (reason !== last) {
        if (reason === undefined) log.info('ready');
        else if (draining) log.info({ reason }, 'not ready');
        else log.warn({ reason }, 'not ready');
      }
      last = reason;
      return reason === undefined ? { ready: true } : { ready: false, reason };
    },
    drain() {
      draining = true;
    },
  };
}
