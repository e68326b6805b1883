import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { statement, transaction } from './query.ts';

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
