import pg from 'pg';
import type { Logger } from '../log.ts';

export type Pool = pg.Pool;

/** PostgreSQL's type number of bigint. */
const BIGINT = 20;

/** How to use a database. */
export interface PoolOptions {
  /** Connections at the most. */
  readonly max: number;
  /** What the database calls us. */
  readonly name: string;
  /** @default 5 seconds */
  readonly connectMilliseconds?: number;
  /** @default 15 seconds */
  readonly queryMilliseconds?: number;
}

/**
 * Opens a pool of connections; none is made before the first query. */
export function openPool(databaseUrl: string | undefined, log: Logger, options: PoolOptions): Pool {
  const pool = new pg.Pool({
    ...(databaseUrl === undefined ? {} : { connectionString: databaseUrl }),
    max: options.max,
    application_name: options.name,
    connectionTimeoutMillis: options.connectMilliseconds ?? 5_000,
    // On the client too: a database that went away without a word must not hold a request for ever.
    query_timeout: options.queryMilliseconds ?? 15_000,
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
