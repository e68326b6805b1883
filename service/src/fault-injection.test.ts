import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrate } from './database/migrate.ts';
import {
  createTestDatabase,
  environment,
  type ServiceProcess,
  spawnService,
  type TestDatabase,
} from './testing.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
});

afterAll(() => database.drop());

async function withService(
  faults: Record<string, string>,
  use: (service: ServiceProcess) => Promise<void>,
): Promise<ServiceProcess> {
  const service = await spawnService(
    environment({ DATABASE_URL: database.url, DRAIN_SECONDS: '0', ...faults }),
  );
  try {
    await use(service);
  } finally {
    service.child.kill('SIGTERM');
    await service.exited;
  }
  return service;
}

/** How many of some requests were answered with each status. */
async function statuses({ url }: ServiceProcess, requests: number): Promise<Record<number, number>> {
  const counted: Record<number, number> = {};
  for (let request = 0; request < requests; request += 1) {
    const { status } = await fetch(`${url}/assets/conduit.svg`);
    counted[status] = (counted[status] ?? 0) + 1;
  }
  return counted;
}

const WARNING = 'faults are switched on: requests will fail on purpose';

describe('faults on purpose', () => {
  test('are neither there nor spoken of by default', async () => {
    const service = await withService({}, async (service) => {
      expect(await statuses(service, 200)).toEqual({ 200: 200 });
    });
    expect(service.log()).not.toContainEqual(expect.objectContaining({ msg: WARNING }));
  });

  test('fail a share of the requests, in the shape of errors and with the release, and are warned of', async () => {
    const service = await withService({ FAULT_ERROR_RATE: '30%', VERSION: '1.0.1' }, async (service) => {
      const counted = await statuses(service, 500);
      // 150 are expected; by chance it is less than 90 or more than 210 once in a hundred million runs.
      expect(counted[500]).toBeGreaterThan(90);
      expect(counted[500]).toBeLessThan(210);
      expect((counted[200] ?? 0) + (counted[500] ?? 0)).toBe(500);
      for (const path of ['/livez', '/readyz', '/metrics'])
        expect((await fetch(service.managementUrl + path)).status).toBe(200);
    });
    expect(service.log()).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: WARNING, faults: { errorRate: 0.3 } }),
    );
  });

  test('can fail all of them', async () => {
    await withService({ FAULT_ERROR_RATE: '1' }, async ({ url }) => {
      const response = await fetch(`${url}/api/tags`);
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({ errors: { server: ['failed on purpose'] } });
      expect(response.headers.get('x-version')).not.toBeNull();
    });
  });

  test('delay answers, but do not spoil them', async () => {
    await withService({ FAULT_LATENCY_MS: '300' }, async ({ url }) => {
      const start = performance.now();
      const response = await fetch(`${url}/api/tags`);
      expect([response.status, await response.json()]).toEqual([200, { tags: [] }]);
      expect(performance.now() - start).toBeGreaterThanOrEqual(299);
    });
  });

  test('end the process after a while, as a crash does', async () => {
    const service = await spawnService(
      environment({ DATABASE_URL: database.url, FAULT_CRASH_AFTER_SECONDS: '1' }),
    );
    expect(await service.exited).toBe(1);
    expect(service.log().at(-1)).toMatchObject({ level: 'fatal', msg: 'crashing on purpose' });
  });
});
