import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMigrationFolder, type MigrationFolder } from '../testing/migration-folder.ts';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { migrate } from './migrate.ts';
import { readOutside } from './migrate-outside.ts';

const INDEX = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS things_id ON things (id);';
const UNIQUE = INDEX.replace('INDEX', 'UNIQUE INDEX');

describe('a file asks for no transaction', () => {
  test.each([
    ['with an index to make', `-- no transaction\n${INDEX}`, { concurrently: true, index: 'things_id' }],
    ['among other comments', `-- Why.\n\n-- no transaction\n-- More.\n${INDEX}`, { index: 'things_id' }],
    ['with other line ends', `-- no transaction\r\n${INDEX}`, { index: 'things_id' }],
    [
      'with a name in quotes, of a schema',
      `-- no transaction\n${INDEX.replace('things_id', 'app."Things Id"')}`,
      { index: 'app."Things Id"' },
    ],
    [
      'with an index to drop',
      '-- no transaction\nDROP INDEX CONCURRENTLY IF EXISTS things_id;',
      { concurrently: true, index: undefined },
    ],
    ['with something else', '-- no transaction\nVACUUM things;', { concurrently: false, index: undefined }],
  ])('%s', (_how, sql, expected) => {
    expect(readOutside('0001_x.sql', sql)).toMatchObject(expected);
  });

  test.each([
    ['not, by a comment further down', `${INDEX.replace('CONCURRENTLY ', '')}\n-- no transaction`],
    ['not, by speaking of one', '-- It needs no transaction of its own.\nSELECT 1'],
  ])('%s', (_how, sql) => {
    expect(readOutside('0001_x.sql', sql)).toBeUndefined();
  });

  test.each([
    [
      'in other words',
      `-- no-transaction\n${INDEX}`,
      'migration 0001_x.sql: found "-- no-transaction"; allowed is "-- no transaction"',
    ],
    [
      'not at all where it has to',
      INDEX,
      `migration 0001_x.sql: CONCURRENTLY can't run in a transaction; begin the file with "-- no transaction"`,
    ],
    [
      'for an index that could be made once only',
      '-- no transaction\nCREATE INDEX CONCURRENTLY things_id ON things (id);',
      'migration 0001_x.sql: it may be run again after an interruption; allowed is CREATE INDEX CONCURRENTLY IF NOT EXISTS name ON …, or DROP INDEX CONCURRENTLY IF EXISTS name',
    ],
  ])('%s, and is refused', (_how, sql, message) => {
    expect(() => readOutside('0001_x.sql', sql)).toThrow(message);
  });
});

describe('without a transaction', () => {
  let database: TestDatabase;
  let folder: MigrationFolder;

  beforeEach(async () => {
    database = await createTestDatabase();
    await database.pool.query('CREATE TABLE things (id integer, done boolean NOT NULL DEFAULT false)');
    folder = createMigrationFolder();
  });

  afterEach(async () => {
    folder.remove();
    await database.drop();
  });

  const run = (sql: string) => migrate(database.pool, { migrations: folder.write({ '0001_x.sql': sql }) });

  async function indexes(): Promise<unknown[]> {
    const { rows } = await database.pool.query(
      "SELECT indexrelid::regclass::text AS name, indisvalid AS valid FROM pg_index WHERE indrelid = 'things'::regclass",
    );
    return rows;
  }

  test('an index is made, once', async () => {
    expect(await run(`-- no transaction\n${INDEX}`)).toEqual(['0001_x.sql']);
    expect(await indexes()).toEqual([{ name: 'things_id', valid: true }]);
    expect(await run(`-- no transaction\n${INDEX}`)).toEqual([]);
  });

  test('an index that was left unfinished is made anew', async () => {
    await database.pool.query('INSERT INTO things VALUES (1), (1)');
    await expect(database.pool.query(UNIQUE)).rejects.toThrow('could not create unique index');
    await database.pool.query('DELETE FROM things');
    expect(await indexes()).toEqual([{ name: 'things_id', valid: false }]);
    expect(await run(`-- no transaction\n${UNIQUE}`)).toEqual(['0001_x.sql']);
    expect(await indexes()).toEqual([{ name: 'things_id', valid: true }]);
  });

  test('an index that can not be made is not left behind, half as it is', async () => {
    await database.pool.query('INSERT INTO things VALUES (1), (1)');
    await expect(run(`-- no transaction\n${UNIQUE}`)).rejects.toThrow(
      'migration 0001_x.sql: could not create unique index "things_id"; it runs without a transaction, and what it had done stays; it is run again next time',
    );
    expect(await indexes()).toEqual([]);
  });

  test('rows are changed in steps that each are committed, and others see that', async () => {
    await database.pool.query('INSERT INTO things SELECT generate_series(1, 250)');
    await run(`-- no transaction
      DO $$
      BEGIN
        LOOP
          UPDATE things SET done = true WHERE id IN (SELECT id FROM things WHERE NOT done LIMIT 100);
          EXIT WHEN NOT FOUND;
          COMMIT;
        END LOOP;
      END $$;`);
    const { rows } = await database.pool.query(
      'SELECT count(DISTINCT xmin::text) AS steps FROM things WHERE done',
    );
    expect(rows).toEqual([{ steps: 3 }]);
  });

  test('a file holds one statement', async () => {
    await expect(run(`-- no transaction\n${INDEX}\nSELECT 1;`)).rejects.toThrow(
      'cannot insert multiple commands into a prepared statement; it runs without a transaction, and what it had done stays; it is run again next time (with "-- no transaction" a file holds one statement)',
    );
    expect(await indexes()).toEqual([]);
  });
});
