import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { migrate } from './database/migrate.ts';
import { type OtlpReceiver, startOtlpReceiver } from './testing/otlp-receiver.ts';
import { createTestDatabase, environment, spawnService, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let receiver: OtlpReceiver;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
});

beforeEach(async () => {
  receiver = await startOtlpReceiver();
});

afterEach(() => receiver.close());

afterAll(() => database.drop());

const env = (overrides: Record<string, string> = {}) =>
  environment({ DATABASE_URL: database.url, DRAIN_SECONDS: '0', ...overrides });

describe('telemetry', () => {
  test('brings one request as one trace through http, express and pg, also when the service stops right after', async () => {
    const service = await spawnService(env({ ...receiver.environment, VERSION: '3.2.1' }));
    for (const path of ['/livez', '/readyz', '/metrics']) await fetch(service.managementUrl + path);
    expect((await fetch(`${service.url}/api/tags`)).status).toBe(200);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);

    const spans = receiver.spans();
    const visit = spans.find(({ name }) => name === 'GET /api/tags');
    expect(visit).toBeDefined();
    expect(new Set(spans.filter(({ traceId }) => traceId === visit?.traceId).map(({ by }) => by))).toEqual(
      new Set(['http', 'express', 'pg']),
    );
    expect(spans.map(({ name }) => name).join()).not.toMatch(/livez|readyz|metrics/);
    expect(visit?.resource).toEqual(
      expect.arrayContaining([
        { key: 'service.name', value: { stringValue: 'conduit' } },
        { key: 'service.version', value: { stringValue: '3.2.1' } },
      ]),
    );
  });

  test('goes on with the trace of whoever asks', async () => {
    const service = await spawnService(env(receiver.environment));
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await fetch(`${service.url}/api/tags`, {
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });
    service.child.kill('SIGTERM');
    await service.exited;
    expect(receiver.spans()).toContainEqual(
      expect.objectContaining({ name: 'GET /api/tags', traceId, parentSpanId: 'b7ad6b7169203331' }),
    );
  });

  test('follows a page into the part of the API that runs in another process', async () => {
    const content = await spawnService(env(receiver.environment), ['--target=content']);
    const urls = { AUTH_URL: content.url, CONTENT_URL: content.url, RECOMMENDATIONS_URL: content.url };
    const web = await spawnService(env({ ...receiver.environment, ...urls }), ['--target=web']);
    expect((await fetch(web.url)).status).toBe(200);
    for (const { child, exited } of [web, content]) {
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
    }
    const spans = receiver.spans();
    const page = spans.find(({ name }) => name === 'GET /');
    const answered = spans.find(({ name, by }) => name === 'GET /api/articles' && by === 'http');
    const asked = spans.find(({ spanId }) => spanId === answered?.parentSpanId);
    expect(page).toBeDefined();
    expect(answered).toMatchObject({ traceId: page?.traceId });
    // How long the page waited for the part stands beside how long the part took.
    expect(asked).toMatchObject({ name: 'GET', by: 'http', traceId: page?.traceId });
  });

  test('brings the metrics that Prometheus gets too', async () => {
    const service = await spawnService(env(receiver.environment));
    await fetch(`${service.url}/api/tags`);
    service.child.kill('SIGTERM');
    await service.exited;
    const metrics = receiver.metrics();
    expect(metrics.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'http.server.active_requests',
        'conduit.requests.shed',
        'process.memory.usage',
        'db.client.connection.count',
      ]),
    );
    const durations = metrics.filter(({ name }) => name === 'http.server.request.duration');
    expect(durations).toHaveLength(1);
    expect(durations[0]?.histogram?.dataPoints[0]?.attributes).toContainEqual({
      key: 'http.route',
      value: { stringValue: '/api/tags' },
    });
  });

  test('can be found from the log', async () => {
    const service = await spawnService(env({ ...receiver.environment, LOG_LEVEL: 'debug' }));
    await fetch(`${service.url}/api/tags`);
    service.child.kill('SIGTERM');
    await service.exited;
    const visit = receiver.spans().find(({ name }) => name === 'GET /api/tags');
    expect(service.log()).toContainEqual(
      expect.objectContaining({
        msg: 'request',
        method: 'GET',
        route: '/api/tags',
        status: 200,
        trace_id: visit?.traceId,
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      }),
    );
  });

  test('that nobody takes neither disturbs the service nor its end', async () => {
    const service = await spawnService(env({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }));
    expect((await fetch(service.url)).status).toBe(200);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
    expect(service.log().map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['the last telemetry was not sent', 'stopped']),
    );
  });

  test('goes nowhere when nobody asks for it', async () => {
    const service = await spawnService(env());
    expect((await fetch(service.url)).status).toBe(200);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
    expect(receiver.text()).toBe('');
  });
});
