import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readMigrations } from './database/migrate.ts';
import {
  createTestDatabase,
  environment,
  eventually,
  runMain,
  spawnService,
  type TestDatabase,
} from './testing.ts';

const MIGRATIONS = readMigrations()
  .map(({ name }) => name)
  .join(', ');

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const env = (overrides: Record<string, string> = {}) =>
  environment({ DATABASE_URL: database.url, ...overrides });

describe('the command', () => {
  test('explains itself without any configuration', async () => {
    const { code, stdout, stderr } = await runMain(['--help'], {});
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('node src/main.ts --migrate');
  });

  test('refuses an option that it does not know', async () => {
    const { code, stdout, stderr } = await runMain(['--migrat'], env());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Unknown option '--migrat'/);
  });

  test('tells every mistake in its configuration, one a line and without a stack', async () => {
    const { code, stderr } = await runMain([], env({ PORT: 'x', SESSION_KEY: 'hush-hush' }));
    expect(code).toBe(2);
    expect(stderr).toBe(
      'SESSION_KEY: found 9 characters (hidden); allowed is at least 32 characters\n' +
        'PORT: found "x"; allowed is an integer from 0 (any free port) to 65535\n',
    );
  });

  test('migrates and seeds; a second time changes nothing', async () => {
    const first = await runMain(['--migrate', '--seed'], env());
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toBe(
      `migrations applied: ${MIGRATIONS}\n` +
        'demonstration data: 27 articles added, 0 there already; sign in as demo@conduit.example with the password conduit-demo\n',
    );
    const second = await runMain(['--migrate', '--seed'], env());
    expect([second.code, second.stderr]).toEqual([0, '']);
    expect(second.stdout).toMatch(
      /^migrations: nothing to do\ndemonstration data: 0 articles added, 27 there already;/,
    );
  });

  test('does not seed in production', async () => {
    const { code, stderr } = await runMain(['--seed'], env({ NODE_ENV: 'production' }));
    expect(code).toBe(2);
    expect(stderr).toBe(
      '--seed: the demonstration accounts have a published password; not with NODE_ENV=production\n',
    );
  });

  test('does not seed before the tables are there', async () => {
    const empty = await createTestDatabase();
    const { code, stderr } = await runMain(['--seed'], env({ DATABASE_URL: empty.url }));
    await empty.drop();
    expect([code, stderr]).toEqual([2, `--seed: migrations are not applied: ${MIGRATIONS}; add --migrate\n`]);
  });

  test.each([
    ['nobody answers', () => 'postgres://me:hush@127.0.0.1:1/conduit', /ECONNREFUSED/],
    [
      'there is no such database',
      () => new URL('/nothing_here', database.url).href,
      /database "nothing_here" does not exist/,
    ],
  ])('says in one line that %s', async (_what, url, message) => {
    const { code, stderr } = await runMain(['--migrate'], env({ DATABASE_URL: url() }));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^the database \w+ at 127.0.0.1:\d+ can't be used: .*\n$/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('hush');
  });

  test.each(['PORT', 'MANAGEMENT_PORT'])(
    'says in one line that the port of %s is taken',
    async (variable) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const { code, stderr } = await runMain([], env({ [variable]: String(port) }));
      other.close();
      expect([code, stderr]).toEqual([
        2,
        `${variable}: 127.0.0.1:${port} is taken by another process; allowed is a free port, or 0 for any\n`,
      ]);
    },
  );

  test('serves, with its version and configuration in the log but no secret', async () => {
    const service = await spawnService(env({ DRAIN_SECONDS: '0', VERSION: '4.5.6' }));
    expect((await fetch(service.url)).headers.get('x-version')).toBe('4.5.6');
    const log = await eventually(
      async () => service.log(),
      (lines) => lines.some(({ msg }) => msg === 'ready'),
    );
    expect(log[0]).toMatchObject({
      msg: 'starting',
      version: '4.5.6',
      target: 'all',
      config: { sessionKey: '[hidden]', load: { maxInFlight: 64 } },
    });
    expect(log).toContainEqual(
      expect.objectContaining({
        msg: 'listening',
        port: Number(new URL(service.url).port),
        host: '127.0.0.1',
      }),
    );
    const { SESSION_KEY } = env();
    const password = new URL(database.url).password;
    expect(JSON.stringify(log)).not.toContain(SESSION_KEY);
    if (password !== '') expect(JSON.stringify(log)).not.toContain(`:${password}@`);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
  });

  test('serves before its migrations are applied, but says that it is not ready and why', async () => {
    const empty = await createTestDatabase();
    const service = await spawnService(env({ DATABASE_URL: empty.url, DRAIN_SECONDS: '0' }));
    const log = await eventually(
      async () => service.log(),
      (lines) => lines.some(({ msg }) => msg === 'not ready'),
    );
    expect(log.find(({ msg }) => msg === 'not ready')?.reason).toMatch(
      /^migrations are not applied: .*--migrate$/,
    );
    expect((await fetch(`${service.managementUrl}/readyz`)).status).toBe(503);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
    await empty.drop();
  });
});
