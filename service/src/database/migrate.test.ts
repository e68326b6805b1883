import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, environment, QUIET, runMain, type TestDatabase } from '../testing.ts';
import { migrate, pendingMigrations, readMigrations } from './migrate.ts';
import { openPool } from './pool.ts';
import { databaseAt } from './settings.ts';

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

function files(contents: Record<string, string>) {
  for (const [name, sql] of Object.entries(contents)) writeFileSync(join(folder, name), sql);
  return readMigrations(pathToFileURL(`${folder}/`));
}

async function tables(): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

describe('migrations', () => {
  test('make every table of an empty database, and none the second time', async () => {
    const all = readMigrations().map(({ name }) => name);
    expect(await pendingMigrations(database.pool)).toEqual(all);
    expect(await migrate(database.pool)).toEqual(all);
    expect(await pendingMigrations(database.pool)).toEqual([]);
    expect(await migrate(database.pool)).toEqual([]);
    expect(await tables()).toEqual(expect.arrayContaining(['articles', 'schema_migrations', 'users']));
  });

  test('are applied once when several processes want to at the same time, and all end well', async () => {
    const env = environment({ DATABASE_URL: database.url });
    const ended = await Promise.all([runMain(['--migrate'], env), runMain(['--migrate'], env)]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(ended.map(({ stderr }) => stderr).join('')).toBe('');
    const applied = `migrations applied: ${readMigrations()
      .map(({ name }) => name)
      .join(', ')}\n`;
    expect(ended.map(({ stdout }) => stdout).sort()).toEqual([applied, 'migrations: nothing to do\n'].sort());
  });

  test('wait for one that is under way on another connection', async () => {
    const migrations = files({ '0001_slow.sql': 'CREATE TABLE one (); SELECT pg_sleep(0.2);' });
    const pools = [1, 2, 3].map(() => openPool(databaseAt(database.url), QUIET, { max: 1, name: 'test' }));
    const applied = await Promise.all(pools.map((pool) => migrate(pool, { migrations })));
    await Promise.all(pools.map((pool) => pool.end()));
    expect(applied.flat()).toEqual(['0001_slow.sql']);
  });

  test('that were changed after they had been applied are refused, and nothing new is applied', async () => {
    await migrate(database.pool, { migrations: files({ '0001_first.sql': 'CREATE TABLE one ();' }) });
    const changed = files({
      '0001_first.sql': 'CREATE TABLE won ();',
      '0002_second.sql': 'CREATE TABLE two ();',
    });
    await expect(migrate(database.pool, { migrations: changed })).rejects.toThrow(
      'migration 0001_first.sql: changed after it was applied; put its file back as it was and write a new migration',
    );
    expect(await tables()).toEqual(['one', 'schema_migrations']);
  });

  test('are the same with other line ends', async () => {
    await migrate(database.pool, { migrations: files({ '0001_first.sql': 'CREATE TABLE one ();\n' }) });
    expect(
      await migrate(database.pool, { migrations: files({ '0001_first.sql': 'CREATE TABLE one ();\r\n' }) }),
    ).toEqual([]);
  });

  test('that fail leave nothing behind, and can be tried again', async () => {
    const broken = files({
      '0001_first.sql': 'CREATE TABLE one ();',
      '0002_broken.sql': 'CREATE TABLE two (); SELECT nix;',
    });
    await expect(migrate(database.pool, { migrations: broken })).rejects.toThrow(
      'migration 0002_broken.sql: column "nix" does not exist; nothing of it was applied',
    );
    expect(await tables()).toEqual(['one', 'schema_migrations']);
    expect(
      await migrate(database.pool, { migrations: files({ '0002_broken.sql': 'CREATE TABLE two ();' }) }),
    ).toEqual(['0002_broken.sql']);
  });

  test('of a newer release do not disturb an older one', async () => {
    await migrate(database.pool, {
      migrations: files({ '0001_first.sql': 'SELECT 1', '0002_second.sql': 'SELECT 1' }),
    });
    const older = readMigrations(pathToFileURL(`${folder}/`)).slice(0, 1);
    expect(await migrate(database.pool, { migrations: older })).toEqual([]);
    expect(await pendingMigrations(database.pool, older)).toEqual([]);
  });

  test('need a number and a name', () => {
    expect(() => files({ 'first.sql': '' })).toThrow(
      'migration first.sql: its name is not like 0001_what_it_does.sql',
    );
  });

  test('must not share a number', () => {
    expect(() => files({ '0001_a.sql': '', '0001_b.sql': '' })).toThrow(
      'migrations 0001_a.sql and 0001_b.sql have the same number',
    );
  });
});
