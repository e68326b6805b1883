import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { pino } from 'pino';
import { createMigrationFolder, type MigrationFolder } from '../testing/migration-folder.ts';
import { createTestDatabase, environment, runMain, spawnService, type TestDatabase } from '../testing.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let folder: MigrationFolder;
let said: { msg: string; attempt: number; oldest: unknown }[];

beforeEach(async () => {
  database = await createTestDatabase();
  folder = createMigrationFolder();
  said = [];
});

afterEach(async () => {
  folder.remove();
  await database.drop();
});

const log = pino({}, { write: (line: string) => void said.push(JSON.parse(line)) });

describe('a migration that does not get its lock', () => {
  let user: PoolClient;

  beforeEach(async () => {
    await database.pool.query('CREATE TABLE things (id integer)');
    user = await database.pool.connect();
    await user.query('BEGIN; SELECT FROM things');
  });

  afterEach(() => user.release());

  const add = () => folder.write({ '0001_add.sql': 'ALTER TABLE things ADD COLUMN name text' });

  test('is tried again after a pause, in which users go on, and says who is in the way', async () => {
    const migrated = migrate(database.pool, {
      migrations: add(),
      log,
      lockMilliseconds: 50,
      pauseMilliseconds: 100,
    });
    while (said.length < 3) await new Promise(setImmediate);
    await user.query('COMMIT');
    expect(await migrated).toEqual(['0001_add.sql']);
    expect(said[0]).toMatchObject({
      migration: '0001_add.sql',
      attempt: 1,
      of: 160,
      oldest: { name: 'conduit-test', state: 'idle in transaction' },
      msg: 'it did not get its lock; users go first',
    });
  });

  test('is given up in the end, with nothing of it applied', async () => {
    const migrated = migrate(database.pool, {
      migrations: add(),
      lockMilliseconds: 50,
      pauseMilliseconds: 10,
      attempts: 3,
    });
    await expect(migrated).rejects.toThrow(
      /^migration 0001_add\.sql: canceling statement due to lock timeout; nothing of it was applied; tried 3 times, the oldest transaction there is that of process \d+, "conduit-test", idle in transaction for \d s$/,
    );
    await user.query('COMMIT');
  });
});

test('a migration whose connection breaks says that it may be run again', async () => {
  const migrations = folder.write({ '0001_end.sql': 'SELECT pg_terminate_backend(pg_backend_pid())' });
  await expect(migrate(database.pool, { migrations })).rejects.toThrow(
    /^migration 0001_end\.sql: terminating connection due to administrator command; nothing of it was applied$/,
  );
});

test('a migration that can not get its table for five seconds fails no request of users, and makes none slow', async () => {
  // It turns nobody away because this machine is busy: then the requests would say nothing about the migration.
  const env = environment({ DATABASE_URL: database.url, DRAIN_SECONDS: '0', MAX_QUEUE_MS: '2000' });
  await runMain(['--migrate'], env);
  const service = await spawnService(env);
  const user = await database.pool.connect();
  await user.query('BEGIN; SELECT FROM articles LIMIT 1');

  let loading = true;
  const statuses = new Map<number, number>();
  let slowest = 0;
  async function client(path: string): Promise<void> {
    while (loading) {
      const start = performance.now();
      const response = await fetch(service.url + path);
      await response.arrayBuffer();
      slowest = Math.max(slowest, performance.now() - start);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  }
  const load = Promise.all(['/api/articles', '/api/tags', '/', '/api/articles?tag=x'].map(client));
  const migrations = folder.write({ '0900_add.sql': 'ALTER TABLE articles ADD COLUMN subtitle text' });
  const migrated = migrate(database.pool, { migrations, log });
  setTimeout(() => void user.query('COMMIT').then(() => user.release()), 5_000);
  expect(await migrated).toEqual(['0900_add.sql']);
  loading = false;
  await load;

  expect([...statuses.keys()]).toEqual([200]);
  expect(statuses.get(200)).toBeGreaterThan(100);
  expect(slowest).toBeLessThan(2_000);
  expect(said.length).toBeGreaterThanOrEqual(2);
  service.child.kill('SIGTERM');
  expect(await service.exited).toBe(0);
});
