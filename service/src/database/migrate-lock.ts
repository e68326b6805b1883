/** One process migrates at a time. */
import { setTimeout as wait } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { OperatorError } from '../errors.ts';
import type { Logger } from '../log.ts';

/** Any fixed number; it keeps two migrations of this database apart in time. */
const LOCK = 7_166_142;

const ASK_AGAIN_MILLISECONDS = 250;
/** Most waits are over before anybody would want to know of them. */
const SAY_FIRST_MILLISECONDS = 1_000;
const SAY_AGAIN_MILLISECONDS = 30_000;

/** Who migrates just now. */
interface Holder {
  readonly pid: number;
  readonly name: string;
  readonly seconds: number;
}

/**
 * Does `work` while no other process migrates.
 *
 * Asks for the lock again and again instead of queueing for it: a statement that waits is a transaction, and
 * `CREATE INDEX CONCURRENTLY` of the process that has the lock would wait for its end.
 *
 * @param waitMilliseconds how long another one may take
 * @throws {@link OperatorError} when it took longer
 * @see https://github.com/flyway/flyway/issues/1654
 */
export async function withMigrationLock<Result>(
  client: PoolClient,
  { log, waitMilliseconds }: { log: Logger | undefined; waitMilliseconds: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const start = performance.now();
  let sayAt = SAY_FIRST_MILLISECONDS;
  while (!(await tryLock(client))) {
    const waited = performance.now() - start;
    const holder = await findHolder(client);
    if (waited > waitMilliseconds) {
      const who = holder ? `process ${holder.pid} of the database, "${holder.name}"` : 'nobody any more';
      throw new OperatorError(
        `migrations: waited ${Math.round(waited / 1_000)} s for another process that migrates (${who}); run again when it has ended`,
      );
    }
    if (waited > sayAt) {
      log?.info({ holder, waitMilliseconds }, 'waiting for another process that migrates');
      sayAt = waited + SAY_AGAIN_MILLISECONDS;
    }
    await wait(ASK_AGAIN_MILLISECONDS);
  }
  // Not in `finally`: a connection that broke gave up its lock, and who called us throws away one that failed.
  const result = await work();
  await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  return result;
}

async function tryLock(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    LOCK,
  ]);
  return rows[0]?.locked ?? false;
}

async function findHolder(client: PoolClient): Promise<Holder | undefined> {
  const { rows } = await client.query<Holder>(
    `SELECT pid, application_name AS name, extract(epoch FROM now() - backend_start)::integer AS seconds
       FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1 AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [LOCK],
  );
  return rows[0];
}
