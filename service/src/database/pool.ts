import pg from 'pg';
import type { Logger } from '../log.ts';

export type Pool = pg.Pool;

/** PostgreSQL's type number of bigint. */
const BIGINT = 20;

/**
 * Opens a pool of connections; none is made before the first query.
 *
 * @param options.max connections at the most
 */
export function openPool(
  databaseUrl: string | undefined,
  log: Logger,
  options: { max: number; name: string; queryTimeoutMilliseconds?: number },
): Pool {
  const pool = new pg.Pool({
    ...(databaseUrl === undefined ? {} : { connectionString: databaseUrl }),
    max: options.max,
    application_name: options.name,
    connectionTimeoutMillis: 5_000,
    // On the client too: a database that went away without a word must not hold a request for ever.
    query_timeout: options.queryTimeoutMilliseconds ?? 15_000,
    keepAlive: true,
    types: {
      // Our ids and counts stay far below 2^53, so they are numbers and not the strings pg makes of bigint.
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === BIGINT ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  });
  // An idle connection that breaks (failover, restart) is replaced at the next query; unheard, it would end the process.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a database connection broke'));
  return pool;
}
