import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { migrate } from './database/migrate.ts';
import {
  createTestDatabase,
  environment,
  eventually,
  type ServiceProcess,
  spawnMain,
  spawnService,
  type TestDatabase,
} from './testing.ts';

let database: TestDatabase;
let blocker: PoolClient;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
  blocker = await database.pool.connect();
});

afterEach(() => release());

afterAll(async () => {
  blocker.release();
  await database.drop();
});

const start = (env: Record<string, string> = {}) =>
  spawnService(environment({ DATABASE_URL: database.url, ...env }));

/** Lets the requests in flight go on. */
const release = () => blocker.query('ROLLBACK');

/** A request that waits for a lock in the database, until {@link release}. */
async function requestInFlight(service: ServiceProcess) {
  await blocker.query('BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE');
  const response = fetch(`${service.url}/api/articles`);
  await eventually(
    async () => (await blocker.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount ?? 0,
    (waiting) => waiting > 0,
  );
  return { response };
}

/** Whether anybody listens. */
async function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  const answer = await promise;
  socket.destroy();
  return answer;
}

describe('on SIGTERM', () => {
  test('a request in flight is answered, no new one is taken, and the exit code is 0', async () => {
    const service = await start({ DRAIN_SECONDS: '0', VERSION: '2.0.0' });
    const { response } = await requestInFlight(service);
    service.child.kill('SIGTERM');
    await eventually(
      () => listens(service.url),
      (up) => !up,
    );
    await release();
    const { status, headers } = await response;
    expect([status, headers.get('x-version'), headers.get('connection')]).toEqual([200, '2.0.0', 'close']);
    expect(await service.exited).toBe(0);
    expect(service.log().at(-1)?.msg).toBe('stopped');
  });

  test('it is not ready at once, but alive and serving while load balancers take notice', async () => {
    const service = await start({ DRAIN_SECONDS: '2' });
    service.child.kill('SIGTERM');
    const draining = await eventually(
      async () => (await fetch(`${service.managementUrl}/readyz`)).json(),
      (body) => (body as { status: string }).status === 'not ready',
    );
    expect(draining).toEqual({ status: 'not ready', reason: 'draining' });
    expect((await fetch(`${service.managementUrl}/livez`)).status).toBe(200);
    const { status, headers } = await fetch(service.url);
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    expect(await service.exited).toBe(0);
  });

  test('an idle connection does not hold it up', async () => {
    const service = await start({ DRAIN_SECONDS: '0' });
    // fetch keeps its connection open.
    await (await fetch(service.url)).text();
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
  });

  test('it ends well also when it is only starting', async () => {
    const { child, output, exited } = spawnMain(
      [],
      environment({ DATABASE_URL: database.url, DRAIN_SECONDS: '0' }),
      [],
    );
    await eventually(
      async () => output.stdout,
      (log) => log.includes('"starting"'),
    );
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(output.stdout).toContain('"stopped"');
  });

  test('a second signal ends it at once', async () => {
    const service = await start({ DRAIN_SECONDS: '600' });
    service.child.kill('SIGINT');
    await eventually(
      async () => service.log().map(({ msg }) => msg),
      (messages) => messages.includes('stopping'),
    );
    service.child.kill('SIGINT');
    expect(await service.exited).toBe(1);
  });
});

describe('when its parent goes away', () => {
  test('it ends by itself, without waiting for load balancers', async () => {
    const service = await start({ DRAIN_SECONDS: '600' });
    service.child.disconnect();
    expect(await service.exited).toBe(0);
    expect(service.log().find(({ msg }) => msg === 'stopping')).toMatchObject({
      reason: 'the parent process went away',
      drainSeconds: 0,
    });
  });

  test('it ends by itself also when that happens while it is starting', async () => {
    const { child, exited } = spawnMain(
      [],
      environment({ DATABASE_URL: database.url, DRAIN_SECONDS: '600' }),
      ['ipc'],
    );
    child.disconnect();
    expect(await exited).toBe(0);
  });

  test('it still ends gently when it had been asked to end before', async () => {
    const service = await start({ DRAIN_SECONDS: '0' });
    const { response } = await requestInFlight(service);
    service.child.kill('SIGTERM');
    await eventually(
      () => listens(service.url),
      (up) => !up,
    );
    service.child.disconnect();
    await release();
    expect((await response).status).toBe(200);
    expect(await service.exited).toBe(0);
  });
});
