/** Forward-only migrations: numbered SQL files, each applied once, in one transaction. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { PoolClient } from 'pg';
import { OperatorError } from '../errors.ts';
import type { Pool } from './pool.ts';

/** One file of the folder `migrations`. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);
const FILE = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** Any fixed number; it keeps two migrations of this database apart in time. */
const LOCK = 7_166_142;

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
      return { version: Number(number), name: file, sql, checksum };
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
 * @throws {@link OperatorError} when a migration was changed after it had been applied
 */
export async function migrate(
  pool: Pool,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const done = await applyAll(client, migrations);
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    return done;
  } catch (error) {
    // A connection that is thrown away gives up its lock.
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
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

async function applyAll(client: PoolClient, migrations: readonly Migration[]): Promise<string[]> {
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
  for (const migration of fresh) await apply(client, migration);
  return fresh.map(({ name }) => name);
}

async function apply(client: PoolClient, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query('INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`migration ${migration.name}: ${reason}; nothing of it was applied`, {
      cause: error,
    });
  }
}
