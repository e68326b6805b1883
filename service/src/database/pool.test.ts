import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, QUIET, type TestDatabase } from '../testing.ts';
import { openPool, type Pool, type PoolOptions } from './pool.ts';
import { transaction } from './query.ts';
import { databaseAt, readDatabaseSettings } from './settings.ts';

let database: TestDatabase;
let pools: Pool[];

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query('CREATE TABLE things (id integer)');
});

afterAll(() => database.drop());

beforeEach(() => {
  pools = [];
});

afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
});

function open(options: Partial<PoolOptions> & { connectionSeconds?: number; url?: string } = {}): Pool {
  const { connectionSeconds = 60, url = database.url, ...rest } = options;
  const pool = openPool({ ...databaseAt(url), connectionSeconds }, QUIET, { max: 3, name: 'test', ...rest });
  pools.push(pool);
  return pool;
}

async function pidOf(pool: Pool): Promise<number> {
  return (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid as number;
}

const terminate = (pid: number) => database.pool.query('SELECT pg_terminate_backend($1)', [pid]);

describe('a connection', () => {
  test('is replaced when its time is over, and no statement fails from that', async () => {
    const pool = open({ connectionSeconds: 1 });
    const pids = new Set<number>();
    const end = performance.now() + 2_500;
    while (performance.now() < end) {
      for (const pid of await Promise.all([pidOf(pool), pidOf(pool), pidOf(pool)])) pids.add(pid);
    }
    expect(pids.size).toBeGreaterThanOrEqual(6);
  });

  test('lives as long as no other, so that not all end at once', async () => {
    const pool = open({ connectionSeconds: 1_000 });
    const lives: number[] = [];
    pool.on('connect', () => lives.push(pool.options.maxLifetimeSeconds as number));
    await Promise.all([pidOf(pool), pidOf(pool), pidOf(pool)]);
    expect(new Set(lives).size).toBe(3);
    for (const seconds of lives) {
      expect(seconds).toBeGreaterThanOrEqual(800);
      expect(seconds).toBeLessThanOrEqual(1_000);
    }
  });

  test('that breaks in the middle of a transaction fails that one, and neither the process nor the next', async () => {
    const pool = open({ max: 1 });
    const work = transaction(pool, async (client) => {
      await client.query('INSERT INTO things VALUES (1)');
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const ended = new Promise<void>((resolve) => client.once('end', resolve));
      await terminate(rows[0]?.pid as number);
      // It breaks while nobody waits for an answer on it.
      await ended;
      await client.query('INSERT INTO things VALUES (2)');
    });
    await expect(work).rejects.toThrow('Client has encountered a connection error and is not queryable');
    expect((await pool.query('SELECT * FROM things')).rows).toEqual([]);
  });

  test('that breaks while nobody uses it is replaced', async () => {
    const pool = open({ max: 1 });
    const pid = await pidOf(pool);
    await terminate(pid);
    await eventually(
      async () => pool.totalCount,
      (count) => count === 0,
    );
    expect(await pidOf(pool)).not.toBe(pid);
  });

  test('is told what PGOPTIONS says', async () => {
    const mistakes: string[] = [];
    const env = { DATABASE_URL: database.url, PGOPTIONS: '-c work_mem=7MB' };
    const pool = openPool(readDatabaseSettings(env, mistakes), QUIET, { max: 1, name: 'test' });
    pools.push(pool);
    expect((await pool.query('SHOW work_mem')).rows).toEqual([{ work_mem: '7MB' }]);
  });

  test('says what it is for', async () => {
    const { rows } = await open({ name: 'conduit-test' }).query('SHOW application_name');
    expect(rows).toEqual([{ application_name: 'conduit-test' }]);
  });
});

describe('a statement that takes too long', () => {
  test('is given up by the server, and the connection goes on', async () => {
    const pool = open({ max: 1, queryMilliseconds: 100 });
    const pid = await pidOf(pool);
    const client = await pool.connect();
    await expect(client.query('SELECT pg_sleep(5)')).rejects.toThrow(
      'canceling statement due to statement timeout',
    );
    client.release();
    expect(await pidOf(pool)).toBe(pid);
  });

  test('is given up by us when the server has gone without a word', async () => {
    const line = await openLine(database.url);
    const pool = open({ url: line.url, queryMilliseconds: 100 });
    await pool.query('SELECT 1');
    line.cut();
    await expect(pool.query('SELECT 1')).rejects.toThrow('Query read timeout');
    line.close();
  });

  test('of a transaction that was forgotten loses its locks', async () => {
    const { rows } = await open().query('SHOW idle_in_transaction_session_timeout');
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: '30s' }]);
  });
});

describe('waiting for a connection', () => {
  test('ends when all stay in use', async () => {
    const pool = open({ max: 1, connectMilliseconds: 100 });
    const client = await pool.connect();
    await expect(pool.query('SELECT 1')).rejects.toThrow(
      'all connections of the pool were in use for too long',
    );
    client.release();
  });

  test('ends when the server takes the connection and says nothing', async () => {
    const line = await openLine(database.url);
    line.cut();
    await expect(open({ url: line.url, connectMilliseconds: 200 }).query('SELECT 1')).rejects.toThrow(
      'it took too long to answer',
    );
    line.close();
  });
});

/** A line to the database that can go dead without either end being told. */
async function openLine(databaseUrl: string) {
  const to = new URL(databaseUrl);
  const sockets: Socket[] = [];
  let dead = false;
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname);
    sockets.push(near, far);
    near.on('data', (chunk) => dead || far.write(chunk)).on('error', () => {});
    far.on('data', (chunk) => dead || near.write(chunk)).on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut: () => {
      dead = true;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
