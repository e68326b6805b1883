import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrate } from './database/migrate.ts';
import { createTestDatabase, environment, spawnService, type TestDatabase } from './testing.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
}

interface Scope {
  readonly scope: { readonly name: string };
  readonly spans: readonly Span[];
}

interface Traces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly Scope[];
  }[];
}

let database: TestDatabase;
let receiver: Server;
const received: { path: string | undefined; body: string }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
  receiver = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    received.push({ path: request.url, body });
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});

afterAll(async () => {
  receiver.close();
  await database.drop();
});

describe('telemetry', () => {
  test('brings one request as one trace through http, express and pg, also when the service stops right after', async () => {
    const service = await spawnService(
      environment({
        DATABASE_URL: database.url,
        DRAIN_SECONDS: '0',
        VERSION: '3.2.1',
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      }),
    );
    await fetch(`${service.managementUrl}/readyz`);
    expect((await fetch(`${service.url}/api/tags`)).status).toBe(200);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);

    const traces = received
      .filter(({ path }) => path === '/v1/traces')
      .map(({ body }): Traces => JSON.parse(body));
    const resources = traces.flatMap(({ resourceSpans }) => resourceSpans);
    const spans = resources.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) =>
        spans.map((span) => ({ ...span, by: scope.name.split('-').at(-1) })),
      ),
    );
    const visit = spans.find(({ name }) => name === 'GET /api/tags');
    expect(visit).toBeDefined();
    expect(new Set(spans.filter(({ traceId }) => traceId === visit?.traceId).map(({ by }) => by))).toEqual(
      new Set(['http', 'express', 'pg']),
    );
    expect(spans.map(({ name }) => name).join()).not.toContain('readyz');
    expect(resources[0]?.resource.attributes).toEqual(
      expect.arrayContaining([
        { key: 'service.name', value: { stringValue: 'conduit' } },
        { key: 'service.version', value: { stringValue: '3.2.1' } },
      ]),
    );
    expect(received.some(({ path }) => path === '/v1/metrics')).toBe(true);
  });

  test('that nobody takes neither disturbs the service nor its end', async () => {
    const service = await spawnService(
      environment({
        DATABASE_URL: database.url,
        DRAIN_SECONDS: '0',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      }),
    );
    expect((await fetch(service.url)).status).toBe(200);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
    expect(service.log().map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['the last telemetry was not sent', 'stopped']),
    );
  });

  test('goes nowhere when nobody asks for it', async () => {
    const service = await spawnService(environment({ DATABASE_URL: database.url, DRAIN_SECONDS: '0' }));
    const before = received.length;
    expect((await fetch(service.url)).status).toBe(200);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
    expect(received.length).toBe(before);
  });
});
