import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type PostgresServer, startPostgresServer } from '../../reliability/postgres-server.ts';
import { createAuthority } from '../testing/certificates.ts';
import { environment, eventually, QUIET, runMain, spawnService } from '../testing.ts';
import { openPool } from './pool.ts';
import { readDatabaseSettings } from './settings.ts';

let folder: string;
let server: PostgresServer;
/** Who vouches for the server, and somebody else. */
let ca: string;
let otherCa: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tls-'));
  const authority = await createAuthority('The authority');
  const other = await createAuthority('Somebody else');
  ca = file('ca.pem', `${other.certificate}\n${authority.certificate}`);
  otherCa = file('other.pem', other.certificate);
  server = await startPostgresServer({
    // Not for 127.0.0.1.
    tls: await authority.issue(['localhost']),
    rules: ['hostssl all all all scram-sha-256'],
  });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The server by the name that its certificate is for. */
const byName = () => server.url.replace('127.0.0.1', 'localhost');

describe('a connection by TLS', () => {
  test('is made when the server is the one that the certificates vouch for, and the service is ready', async () => {
    const env = environment({ DATABASE_URL: byName(), DATABASE_CA_FILE: ca, DRAIN_SECONDS: '0' });
    expect(await runMain(['--migrate'], env)).toMatchObject({ code: 0, stderr: '' });
    const service = await spawnService(env);
    expect((await fetch(`${service.managementUrl}/readyz`)).status).toBe(200);
    expect((await fetch(`${service.url}/api/tags`)).status).toBe(200);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
  });

  test('is encrypted, by a protocol that is still trusted', async () => {
    const settings = readDatabaseSettings({ DATABASE_URL: byName(), DATABASE_CA_FILE: ca }, []);
    const pool = openPool(settings, QUIET, { max: 1, name: 'test' });
    const { rows } = await pool.query('SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    await pool.end();
    expect(rows).toEqual([{ ssl: true, version: 'TLSv1.3' }]);
  });

  const plaintextServer = () => process.env.TEST_DATABASE_URL as string;

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'somebody else vouches for the server',
      () => ({ DATABASE_URL: byName(), DATABASE_CA_FILE: otherCa }),
      /its certificate comes from nobody we believe \(.*\); see DATABASE_CA_FILE/,
    ],
    [
      'Node does not know who vouches for the server',
      () => ({ DATABASE_URL: `${byName()}?sslmode=verify-full` }),
      /its certificate comes from nobody we believe \(.*\); see DATABASE_CA_FILE/,
    ],
    [
      'the certificate is for another host',
      () => ({ DATABASE_URL: server.url, DATABASE_CA_FILE: ca }),
      /its certificate is for another host \(.*127\.0\.0\.1/,
    ],
    [
      'the server offers no TLS',
      () => ({ DATABASE_URL: plaintextServer(), DATABASE_CA_FILE: ca }),
      /it offers no TLS, and the connection must be encrypted/,
    ],
    [
      'the server wants TLS and nobody said who vouches for it',
      () => ({ DATABASE_URL: byName() }),
      /no encryption; it wants TLS: set DATABASE_CA_FILE/,
    ],
  ])('is refused when %s: the log says so, and the service is not ready', async (_what, env, reason) => {
    const service = await spawnService(environment({ ...env(), DRAIN_SECONDS: '0' }));
    const log = await eventually(
      async () => service.log(),
      (lines) => lines.some(({ msg }) => msg === 'not ready'),
    );
    expect(log.find(({ msg }) => msg === 'not ready')?.reason).toMatch(reason);
    expect((await fetch(`${service.managementUrl}/readyz`)).status).toBe(503);
    expect((await fetch(`${service.url}/api/tags`)).status).toBe(503);
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
  });

  test('that is refused ends a migration with the reason', async () => {
    const env = environment({ DATABASE_URL: byName(), DATABASE_CA_FILE: otherCa });
    const { code, stderr } = await runMain(['--migrate'], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^the database postgres at localhost:\d+ can't be used: its certificate comes from nobody we believe \(.*\); see DATABASE_CA_FILE\n$/,
    );
  });
});
