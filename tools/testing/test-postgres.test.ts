import { expect, it } from '@jest/globals';
import pg from 'pg';

it('every test run has a PostgreSQL of its own, with room for many connections', async () => {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query('SHOW max_connections');
    expect(rows).toEqual([{ max_connections: '200' }]);
  } finally {
    await client.end();
  }
});
