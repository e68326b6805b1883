import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createMigrationFolder, type MigrationFolder } from '../testing/migration-folder.ts';
import { createTestDatabase, eventually, type TestDatabase } from '../testing.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let folder: MigrationFolder;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = createMigrationFolder();
});

afterEach(async () => {
  folder.remove();
  await database.drop();
});

/** Waits until a statement runs in the database. */
function untilRunning(text: string): Promise<unknown> {
  return eventually(
    async () =>
      (
        await database.pool.query(
          "SELECT FROM pg_stat_activity WHERE state = 'active' AND datname = $1 AND query LIKE $2 AND pid <> pg_backend_pid()",
          [database.name, `%${text}%`],
        )
      ).rowCount,
    (count) => count === 1,
  );
}

describe('while another process migrates', () => {
  test('one waits, says for whom, and finds its work done', async () => {
    folder.write({ '0001_slow.sql': 'CREATE TABLE one (); SELECT pg_sleep(3);' });
    const first = folder.spawn(database.url);
    await untilRunning('pg_sleep');
    const second = folder.spawn(database.url);
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
    expect(first.output()).toBe('{"applied":["0001_slow.sql"]}\n');
    const [said, done] = second.output().split('\n').map(parse);
    expect(said).toMatchObject({
      level: 'info',
      msg: 'waiting for another process that migrates',
      holder: { name: 'migrate-folder', pid: expect.any(Number), seconds: expect.any(Number) },
    });
    expect(done).toEqual({ applied: [] });
  });

  test('one gives up after a while and names the other', async () => {
    const other = await database.pool.connect();
    await other.query('SELECT pg_advisory_lock(7166142)');
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const migrations = folder.write({ '0001_one.sql': 'CREATE TABLE one ();' });
    await expect(migrate(database.pool, { migrations, log, waitMilliseconds: 1_500 })).rejects.toThrow(
      /^migrations: waited 2 s for another process that migrates \(process \d+ of the database, "conduit-test"\); run again when it has ended$/,
    );
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['waiting for another process that migrates']);
    await other.query('SELECT pg_advisory_unlock(7166142)');
    other.release();
    expect(await migrate(database.pool, { migrations })).toEqual(['0001_one.sql']);
  });

  // A statement that queues for a lock is a transaction, whose end such an index waits for: both would wait for ever.
  test('one that makes an index concurrently does not wait for those who wait for it', async () => {
    await database.pool.query('CREATE TABLE things (id integer)');
    folder.write({
      '0001_index.sql':
        '-- no transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS things_id ON things (id);',
    });
    const user = await database.pool.connect();
    await user.query('BEGIN; INSERT INTO things VALUES (1)');
    const first = folder.spawn(database.url);
    await untilRunning('CREATE INDEX');
    const second = folder.spawn(database.url);
    await eventually(
      async () => second.output(),
      (output) => output.includes('waiting for another process'),
    );
    await user.query('COMMIT');
    user.release();
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
    expect(first.output()).toBe('{"applied":["0001_index.sql"]}\n');
  });
});

describe('a process that is killed in the middle of', () => {
  test.each([
    ['a transaction', 'CREATE TABLE one (); SELECT pg_sleep(600);', 'CREATE TABLE one ();', 'pg_sleep'],
    [
      'an index',
      '-- no transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS one_id ON things (id) WHERE pg_sleep(600) IS NULL;',
      '-- no transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS one_id ON things (id);',
      'CREATE INDEX',
    ],
  ])('%s leaves nothing in the way: the one that waits goes on at once', async (_what, slow, quick, text) => {
    await database.pool.query('CREATE TABLE things (id integer); INSERT INTO things VALUES (1)');
    if (slow.includes('pg_sleep(600) IS NULL')) await immutableSleep();
    folder.write({ '0001_one.sql': slow.replace('pg_sleep(600) IS NULL', 'slowly(id)') });
    const first = folder.spawn(database.url);
    await untilRunning(text);
    // The same migration as far as anybody knows, since nothing of the first was ever committed.
    folder.write({ '0001_one.sql': quick });
    const second = folder.spawn(database.url);
    await eventually(
      async () => second.output(),
      (output) => output.includes('waiting for another process'),
    );
    first.kill();
    const start = performance.now();
    expect(await first.ended).toBe('SIGKILL');
    expect(await second.ended).toBe(0);
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(second.output()).toContain('{"applied":["0001_one.sql"]}');
    const { rows } = await database.pool.query('SELECT count(*) FROM pg_index WHERE NOT indisvalid');
    expect(rows).toEqual([{ count: 0 }]);
  });

  /** What an index may be asked for has to promise that it never changes. */
  const immutableSleep = () =>
    database.pool.query(
      `CREATE FUNCTION slowly(id integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
         AS $$ BEGIN PERFORM pg_sleep(600); RETURN true; END $$`,
    );
});

function parse(line: string): unknown {
  return line === '' ? undefined : JSON.parse(line);
}
