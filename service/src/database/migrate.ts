/** Forward-only migrations: numbered SQL files, each applied once, while users use the tables. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { PoolClient } from 'pg';
import { OperatorError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { apply, type Patience } from './migrate-apply.ts';
import { withMigrationLock } from './migrate-lock.ts';
import { type Outside, readOutside } from './migrate-outside.ts';
import type { Pool } from './pool.ts';

/** One file of the folder `migrations`. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
  /** How it runs without a transaction; undefined: in one. */
  readonly outside: Outside | undefined;
}

/** What may differ between migrating a production and testing it. */
export interface MigrateOptions extends Partial<Patience> {
  /** @default those of the folder `migrations` */
  readonly migrations?: readonly Migration[];
  /** Where it says what it waits for. @default nowhere */
  readonly log?: Logger;
  /** How long another process that migrates may take. @default 15 minutes */
  readonly waitMilliseconds?: number;
}

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);
const FILE = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** Longer than what migrations take, shorter than a deployment's patience. */
const WAIT_MILLISECONDS = 15 * 60 * 1_000;

/**
 * A fifth of a second is ample for a lock where nobody holds a table for long, and so short that requests that pile up
 * behind it are not turned away (`MAX_QUEUE_MS`). With the pauses, a migration tries for six minutes.
 */
const PATIENCE: Patience = { lockMilliseconds: 200, attempts: 160, pauseMilliseconds: 2_000 };

/** Reads the migrations in their order. */
export function readMigrations(folder: URL = FOLDER): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file): Migration => {
      const number = FILE.exec(file)?.[1];
      if (number === undefined)
        throw new OperatorError(`migration ${file}: its name is not like 0001_what_it_does.sql`);
      const sql = readFileSync(new URL(file, folder), 'utf8');
      // A checkout with other line ends is not another migration.
      const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
      return { version: Number(number), name: file, sql, checksum, outside: readOutside(file, sql) };
    });
  for (const [index, migration] of migrations.entries()) {
    const before = migrations[index - 1];
    if (before?.version === migration.version) {
      throw new OperatorError(`migrations ${before.name} and ${migration.name} have the same number`);
    }
  }
  return migrations;
}

/**
 * Applies what is not applied yet. Of several processes at once one does it, the others wait and find it done.
 *
 * @returns the names of the migrations that this call applied
 * @throws {@link OperatorError} when a migration was changed after it had been applied, when one fails, and when
 * another process takes too long
 */
export async function migrate(pool: Pool, options: MigrateOptions = {}): Promise<string[]> {
  const { migrations = readMigrations(), log, waitMilliseconds = WAIT_MILLISECONDS } = options;
  const patience: Patience = { ...PATIENCE, ...options };
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await noticeOurEnd(client);
    return await withMigrationLock(client, { log, waitMilliseconds }, () =>
      applyAll(client, migrations, log, patience),
    );
  } catch (error) {
    // A connection that is thrown away gives up its lock.
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Has the server look every second whether we are still there. Otherwise the statement of a killed process runs to its
 * end, and only then lets go of its locks.
 */
async function noticeOurEnd(client: PoolClient): Promise<void> {
  try {
    await client.query("SET client_connection_check_interval = '1s'");
    await client.query("SET tcp_keepalives_idle = '10s'; SET tcp_keepalives_interval = '5s'");
  } catch (error) {
    // Not every system that PostgreSQL runs on can tell.
    const INVALID_PARAMETER_VALUE = '22023';
    if (!(error instanceof Error && 'code' in error && error.code === INVALID_PARAMETER_VALUE)) throw error;
  }
}

/** The names of the migrations that the database lacks; ones it has that we don't know of belong to a newer release. */
export async function pendingMigrations(
  pool: Pool,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  const applied = new Set<number>();
  try {
    const { rows } = await pool.query<{ version: number }>('SELECT version FROM schema_migrations');
    for (const { version } of rows) applied.add(version);
  } catch (error) {
    const UNDEFINED_TABLE = '42P01';
    if (!(error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE)) throw error;
  }
  return migrations.filter(({ version }) => !applied.has(version)).map(({ name }) => name);
}

async function applyAll(
  client: PoolClient,
  migrations: readonly Migration[],
  log: Logger | undefined,
  patience: Patience,
): Promise<string[]> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS schema_migrations (
       version    integer PRIMARY KEY,
       name       text NOT NULL,
       checksum   text NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now()
     )`,
  );
  const { rows } = await client.query<Applied>('SELECT version, name, checksum FROM schema_migrations');
  const applied = new Map(rows.map((row) => [row.version, row]));
  const changed = migrations.filter(({ version, checksum }) => {
    const before = applied.get(version);
    return before !== undefined && before.checksum !== checksum;
  });
  if (changed.length > 0) {
    const names = changed.map(({ name }) => name).join(', ');
    throw new OperatorError(
      `migration ${names}: changed after it was applied; put its file back as it was and write a new migration`,
    );
  }
  const fresh = migrations.filter(({ version }) => !applied.has(version));
  for (const migration of fresh) await apply(client, migration, log, patience);
  return fresh.map(({ name }) => name);
}
