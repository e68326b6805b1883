import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startService } from '../server.ts';
import { call, createTestDatabase, QUIET, signUpByApi, type TestDatabase, testConfig } from '../testing.ts';
import { migrate } from './migrate.ts';
import { statement, transaction } from './query.ts';
import { databaseAt } from './settings.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query('CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY, name text)');
});

afterAll(() => database.drop());

const add = statement<{ id: number }, [name: string]>(
  'add',
  'INSERT INTO things (name) VALUES ($1) RETURNING id',
);
const count = statement<{ count: number }>('count', 'SELECT count(*) FROM things');

describe('a statement', () => {
  test('gives ids and counts as numbers, and is prepared once a connection', async () => {
    const client = await database.pool.connect();
    expect(await add(client, 'one')).toEqual([{ id: 1 }]);
    expect(await add(client, 'two')).toEqual([{ id: 2 }]);
    expect(await count(client)).toEqual([{ count: 2 }]);
    const { rows } = await client.query('SELECT name FROM pg_prepared_statements ORDER BY name');
    expect(rows).toEqual([{ name: 'add' }, { name: 'count' }]);
    client.release();
  });
});

describe('a later migration that adds a column', () => {
  test('does not disturb a statement that is prepared already, if it names its columns', async () => {
    await database.pool.query('CREATE TABLE wide (id integer); INSERT INTO wide VALUES (1)');
    const named = statement<{ id: number }>('named', 'SELECT id FROM wide');
    const all = statement<{ id: number }>('all', 'SELECT * FROM wide');
    const client = await database.pool.connect();
    await named(client);
    await all(client);
    await database.pool.query('ALTER TABLE wide ADD COLUMN name text');
    expect(await named(client)).toEqual([{ id: 1 }]);
    await expect(all(client)).rejects.toThrow('cached plan must not change result type');
    client.release();
  });

  test('does not disturb the statements of a running service', async () => {
    const own = await createTestDatabase();
    await migrate(own.pool);
    const oneConnection = { ...databaseAt(own.url), poolSize: 1 };
    const started = await startService(testConfig(own.url, { database: oneConnection }), QUIET);
    const service = { url: `http://127.0.0.1:${started.port}` };
    const token = await signUpByApi(service, 'ann');
    const article = { title: 'One', description: 'd', body: 'b', tagList: ['t'] };
    await call(service, 'POST', '/articles', { token, body: { article } });
    const requests = [
      '/user',
      '/articles',
      '/articles?author=ann',
      '/articles/one',
      '/tags',
      '/profiles/ann',
    ];
    const connection = "SELECT pid FROM pg_stat_activity WHERE application_name = 'conduit' AND datname = $1";

    async function visit() {
      const answers = [];
      for (const path of requests) answers.push(await call(service, 'GET', path, { token }));
      const { rows } = await own.pool.query(connection, [own.name]);
      return { answers, rows };
    }

    const before = await visit();
    const { rows: tables } = await own.pool.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    for (const { name } of tables)
      await own.pool.query(`ALTER TABLE ${name} ADD COLUMN added text DEFAULT 'x'`);
    const after = await visit();
    await started.stop({ drainSeconds: 0 });
    await own.drop();
    expect(before.answers.map(({ status }) => status)).toEqual(requests.map(() => 200));
    expect(before.rows).toHaveLength(1);
    expect(after).toEqual(before);
  });
});

describe('a transaction', () => {
  test('keeps nothing when its work fails, and gives the connection back', async () => {
    const before = await count(database.pool);
    for (let time = 0; time < 5; time += 1) {
      const work = transaction(database.pool, async (client) => {
        await add(client, 'never');
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
    }
    expect(await count(database.pool)).toEqual(before);
  });

  test('keeps everything when its work succeeds', async () => {
    const id = await transaction(database.pool, async (client) => (await add(client, 'kept'))[0]?.id);
    const { rows } = await database.pool.query('SELECT name FROM things WHERE id = $1', [id]);
    expect(rows).toEqual([{ name: 'kept' }]);
  });
});
