import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildService } from './build.ts';
import { type OtlpReceiver, startOtlpReceiver } from './src/testing/otlp-receiver.ts';
import { createTestDatabase, environment, eventually, type TestDatabase } from './src/testing.ts';

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  // Nothing is above it from which packages could be taken.
  folder = mkdtempSync(join(tmpdir(), 'conduit-build-'));
  chmodSync(folder, 0o755);
  database = await createTestDatabase();
  await buildService(join(folder, 'build'));
}, 60_000);

afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** Who runs it in a container: somebody who owns nothing. Only root can become somebody else. */
const NOBODY = process.getuid?.() === 0 && process.platform === 'linux' ? { uid: 65_534, gid: 65_534 } : {};

/** Runs the build with Node alone: no variable but those given, and a folder that holds nothing else. */
function run(
  args: string[],
  env: Record<string, string>,
): { child: ChildProcess; stdout: () => string; stderr: () => string } {
  const all = { ...environment({ DATABASE_URL: database.url, DRAIN_SECONDS: '0', ...env }), PATH: '' };
  const child = spawn(process.execPath, [join(folder, 'build', 'main.js'), ...args], {
    cwd: '/',
    env: all,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...NOBODY,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return { child, stdout: () => stdout, stderr: () => stderr };
}

async function toItsEnd(
  args: string[],
  env: Record<string, string> = {},
): Promise<[number | null, string, string]> {
  const { child, stdout, stderr } = run(args, env);
  const [code] = await once(child, 'close');
  return [code, stdout(), stderr()];
}

/** Starts to serve, lets the test ask something, and ends it. */
async function serving(
  env: Record<string, string>,
  use: (url: string, managementUrl: string) => Promise<void>,
): Promise<void> {
  const { child, stdout, stderr } = run([], env);
  const ended = once(child, 'close');
  try {
    await eventually(
      async () => stdout() + stderr(),
      (said) => said.includes('"listening"') || stderr() !== '',
    );
    expect(stderr()).toBe('');
    const line = stdout()
      .split('\n')
      .find((line) => line.includes('"listening"')) as string;
    const { port, managementPort } = JSON.parse(line);
    await use(`http://127.0.0.1:${port}`, `http://127.0.0.1:${managementPort}`);
  } finally {
    child.kill('SIGTERM');
  }
  expect([(await ended)[0], stderr()]).toEqual([0, '']);
}

// One story, in its order: the tables, the data, the service.
describe('the build', () => {
  test('explains itself', async () => {
    const [code, stdout] = await toItsEnd(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--migrate');
  });

  test('tells a mistake in its configuration', async () => {
    const [code, , stderr] = await toItsEnd([], { PORT: 'x' });
    expect([code, stderr]).toEqual([
      2,
      'PORT: found "x"; allowed is an integer from 0 (any free port) to 65535\n',
    ]);
  });

  test('migrates and seeds', async () => {
    const [code, stdout, stderr] = await toItsEnd(['--migrate', '--seed']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^migrations applied: 0001_.*\ndemonstration data: \d\d articles added/);
  });

  test('serves pages with all that they load, the API and health, and leaves nothing behind', async () => {
    const before = readdirSync(folder, { recursive: true }).length;
    await serving({}, async (url, managementUrl) => {
      const page = await fetch(url);
      const text = await page.text();
      expect([page.status, page.headers.get('x-version')]).toEqual([200, '0.1.0']);
      const loaded = [...text.matchAll(/(?:href|src)="(\/(?:assets|avatars)\/[^"]*)"/g)].map(
        ([, path]) => path,
      );
      expect(loaded.length).toBeGreaterThan(3);
      for (const path of loaded) expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
      const { articles } = (await (await fetch(`${url}/api/articles`)).json()) as { articles: unknown[] };
      expect(articles.length).toBeGreaterThan(0);
      for (const path of ['/livez', '/readyz', '/metrics'])
        expect([path, (await fetch(managementUrl + path)).status]).toEqual([path, 200]);
    });
    expect(readdirSync(folder, { recursive: true }).length).toBe(before);
  });

  test('is seen by OpenTelemetry, as its sources are', async () => {
    const receiver: OtlpReceiver = await startOtlpReceiver();
    await serving(receiver.environment, async (url) => {
      expect((await fetch(`${url}/api/tags`)).status).toBe(200);
    });
    await receiver.close();
    const visit = receiver.spans().find(({ name }) => name === 'GET /api/tags');
    const trace = receiver.spans().filter(({ traceId }) => traceId === visit?.traceId);
    expect(new Set(trace.map(({ by }) => by))).toEqual(new Set(['http', 'express', 'pg']));
    expect(trace.map(({ name }) => name)).toContain('pg-pool.connect');
    expect(receiver.metrics().map(({ name }) => name)).toContain('http.server.request.duration');
  });

  test('brings the authorities of RDS, each of them one that can be read', async () => {
    const file = readFileSync(join(folder, 'build', 'rds-ca.pem'), 'utf8');
    const certificates = file.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const authorities = certificates.map((certificate) => new X509Certificate(certificate));
    expect(authorities.filter(({ ca }) => !ca)).toEqual([]);
    expect(authorities.map(({ subject }) => subject).join('\n')).toContain('Amazon RDS eu-west-1 Root CA');
    // The service takes the file as it is; this database speaks no TLS, which is then refused.
    const [code, , stderr] = await toItsEnd(['--migrate'], {
      DATABASE_CA_FILE: join(folder, 'build', 'rds-ca.pem'),
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/TLS|SSL/)]);
  });

  test('makes faults when they are asked for', async () => {
    await serving({ FAULT_ERROR_RATE: '100%' }, async (url) => {
      expect((await fetch(url)).status).toBe(500);
    });
  });
});
