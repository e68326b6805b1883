/** The thin layer over pg: a prepared statement is a typed function. */
import type pg from 'pg';

/** A pool, or one connection of it inside a transaction. */
export interface Database {
  query<Row extends pg.QueryResultRow>(config: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

/** A statement: call it with a database and its values. */
export type Statement<Row, Values extends readonly unknown[]> = (
  database: Database,
  ...values: Values
) => Promise<Row[]>;

/**
 * A statement that every connection prepares once, by name.
 *
 * List columns, never `*`: a prepared `*` fails once a later migration adds a column.
 *
 * @param name unique in the service
 * @param text SQL with `$1`, `$2`, … in the order of the values
 */
export function statement<Row extends pg.QueryResultRow, Values extends readonly unknown[] = []>(
  name: string,
  text: string,
): Statement<Row, Values> {
  return async (database, ...values) => (await database.query<Row>({ name, text, values: [...values] })).rows;
}

/** SQL that gives a moment as the API shows it: in UTC, with milliseconds. */
export function momentOf(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** Runs `work` in one transaction: all of it or nothing. */
export async function transaction<Result>(
  pool: pg.Pool,
  work: (database: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
