/** How one migration is applied while users use its tables. */
import { setTimeout as wait } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { OperatorError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Migration } from './migrate.ts';
import { type Outside, runOutside } from './migrate-outside.ts';

/** How patient a migration is. */
export interface Patience {
  /** How long it waits for a lock: so long users' statements wait behind it. */
  readonly lockMilliseconds: number;
  /** How often it tries, if locks or a deadlock stop it. */
  readonly attempts: number;
  /** The pause after a try, in the mean; users' statements go on in it. */
  readonly pauseMilliseconds: number;
}

/** What passes when it is tried again. */
const PASSING: Record<string, string> = {
  '55P03': 'it did not get its lock',
  '40P01': 'it and another transaction waited for each other',
};

/** Of whoever may be in the way, the one that has been there longest. */
interface Transaction {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly seconds: number;
}

/**
 * Applies a migration and notes that in `schema_migrations`.
 *
 * @throws {@link OperatorError} that says what came of it
 */
export async function apply(
  client: PoolClient,
  migration: Migration,
  log: Logger | undefined,
  patience: Patience,
): Promise<void> {
  const { name, outside } = migration;
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (outside === undefined) await applyInside(client, migration, patience);
      else await applyOutside(client, migration, outside, patience);
      return;
    } catch (error) {
      const reason = PASSING[codeOf(error)];
      if (reason === undefined) throw failure(migration, error, '');
      const oldest = await oldestTransaction(client);
      if (attempt >= patience.attempts) throw failure(migration, error, inTheWay(attempt, oldest));
      log?.warn({ migration: name, attempt, of: patience.attempts, oldest }, `${reason}; users go first`);
    }
    await wait(patience.pauseMilliseconds * (0.5 + Math.random()));
  }
}

async function applyInside(
  client: PoolClient,
  migration: Migration,
  { lockMilliseconds }: Patience,
): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL lock_timeout = ${lockMilliseconds}`);
    await client.query(migration.sql);
    await note(client, migration);
    await client.query('COMMIT');
  } catch (error) {
    // Where it fails too, the connection is broken, and the server rolls back.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function applyOutside(
  client: PoolClient,
  migration: Migration,
  outside: Outside,
  { lockMilliseconds }: Patience,
): Promise<void> {
  await client.query(`SET lock_timeout = ${outside.concurrently ? 0 : lockMilliseconds}`);
  try {
    await runOutside(client, migration.sql, outside);
  } finally {
    await client.query('RESET lock_timeout').catch(() => {});
  }
  await note(client, migration);
}

async function note(client: PoolClient, { version, name, checksum }: Migration): Promise<void> {
  await client.query('INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)', [
    version,
    name,
    checksum,
  ]);
}

async function oldestTransaction(client: PoolClient): Promise<Transaction | undefined> {
  const { rows } = await client.query<Transaction>(
    `SELECT pid, coalesce(nullif(application_name, ''), backend_type) AS name, state,
            extract(epoch FROM now() - xact_start)::integer AS seconds
       FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
      ORDER BY xact_start LIMIT 1`,
  );
  return rows[0];
}

function inTheWay(attempts: number, oldest: Transaction | undefined): string {
  const who =
    oldest &&
    `, the oldest transaction there is that of process ${oldest.pid}, "${oldest.name}", ${oldest.state} for ${oldest.seconds} s`;
  return `; tried ${attempts} times${who ?? ''}`;
}

function failure({ name, outside }: Migration, error: unknown, more: string): OperatorError {
  const reason = error instanceof Error ? error.message : String(error);
  return new OperatorError(`migration ${name}: ${reason}; ${outcome()}${more}`, { cause: error });

  function outcome(): string {
    if (outside !== undefined) {
      const hint = codeOf(error) === '42601' ? ' (with "-- no transaction" a file holds one statement)' : '';
      return `it runs without a transaction, and what it had done stays; it is run again next time${hint}`;
    }
    // An error without a code is not the server's: the connection broke, perhaps between the commit and its answer.
    return codeOf(error) === ''
      ? 'it was applied whole or not at all; run again'
      : 'nothing of it was applied';
  }
}

/** The SQLSTATE; empty when the server said nothing. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[0-9A-Z]{5}$/.test(code) ? code : '';
}
