import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrate, readMigrations } from './database/migrate.ts';
import { eventually, startTestService, type TestService } from './testing.ts';

const MIGRATIONS = readMigrations()
  .map(({ name }) => name)
  .join(', ');

let service: TestService;

beforeAll(async () => {
  // Each process has a readiness of its own.
  service = await startTestService({ migrated: false, topology: 'single' });
});

afterAll(() => service.stop());

async function ask(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(service.managementUrl + path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

// One story, in its order: no tables yet, ready, the database gone, the database back.
describe('readiness', () => {
  test('waits for the migrations', async () => {
    expect(await ask('/readyz')).toEqual({
      status: 503,
      body: {
        status: 'not ready',
        reason: `migrations are not applied: ${MIGRATIONS}; run with --migrate`,
      },
    });
    expect((await ask('/livez')).status).toBe(200);
  });

  test('comes as soon as they are applied', async () => {
    await migrate(service.database.pool);
    expect(await ask('/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
  });

  test('goes with the database and comes back with it, and the service lives through both', async () => {
    expect((await fetch(service.url)).status).toBe(200);
    await service.database.refuse();
    const gone = await eventually(
      () => ask('/readyz'),
      ({ status }) => status === 503,
    );
    expect(gone.body.reason).toMatch(/^the database does not answer: /);
    expect((await ask('/livez')).status).toBe(200);
    expect((await fetch(service.url)).status).toBe(503);

    await service.database.allow();
    await eventually(
      () => ask('/readyz'),
      ({ status }) => status === 200,
    );
    expect((await fetch(service.url)).status).toBe(200);
  });

  test('does not wait behind the requests of visitors', async () => {
    const blocker = await service.database.pool.connect();
    await blocker.query('BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE');
    // More than the application's pool has connections.
    const visits = Array.from({ length: 30 }, () => fetch(`${service.url}/api/articles`));
    expect((await ask('/readyz')).status).toBe(200);
    await blocker.query('COMMIT');
    blocker.release();
    for (const visit of await Promise.all(visits)) expect(visit.status).toBe(200);
  });
});

describe('the management server', () => {
  test('answers nothing else, and visitors cannot ask it', async () => {
    expect((await fetch(`${service.managementUrl}/`)).status).toBe(404);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(404);
  });
});
