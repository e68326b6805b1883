import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { type PostgresServer, startPostgresServer } from '../../reliability/postgres-server.ts';
import { createAuthority } from '../testing/certificates.ts';
import { environment, eventually, runMain, type ServiceProcess, spawnService } from '../testing.ts';
import { openPool, type Pool, type PoolOptions } from './pool.ts';
import { type DatabaseSettings, readDatabaseSettings } from './settings.ts';
import { createSignIn } from './sign-in.ts';

// The server asks for the password itself, as RDS does for a token.
const RULES = [
  'hostssl all postgres all scram-sha-256',
  'hostssl all app all password',
  'hostssl all nobody all trust',
];

let folder: string;
let ca: string;
let server: PostgresServer;
let superuser: pg.Client;
let pools: Pool[];
let said: { msg: string; reason?: string }[];
/** {@link sockets} while no pool is open. */
let alone: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
  const authority = await createAuthority('The authority');
  ca = join(folder, 'ca.pem');
  writeFileSync(ca, authority.certificate);
  server = await startPostgresServer({ tls: await authority.issue(['127.0.0.1']), rules: RULES });
  superuser = new pg.Client({ connectionString: server.url, ssl: { ca: authority.certificate } });
  await superuser.connect();
  await superuser.query('CREATE ROLE app LOGIN SUPERUSER; CREATE ROLE nobody LOGIN');
  alone = sockets();
});

afterAll(async () => {
  await superuser.end();
  await server.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  pools = [];
  said = [];
});

afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
});

/** The connections that this process holds. */
const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

const setPassword = (password: string) => superuser.query(`ALTER ROLE app PASSWORD '${password}'`);

/** Replaces the file in one step, as Kubernetes does. */
function writePassword(password: string): void {
  writeFileSync(join(folder, 'new'), `${password}\n`);
  renameSync(join(folder, 'new'), join(folder, 'password'));
}

function settings(env: Record<string, string>): DatabaseSettings {
  const mistakes: string[] = [];
  const read = readDatabaseSettings(
    { PGHOST: '127.0.0.1', PGPORT: String(server.port), PGUSER: 'app', PGDATABASE: 'postgres', ...env },
    mistakes,
  );
  expect(mistakes).toEqual([]);
  return read;
}

const byFile = () => settings({ DATABASE_CA_FILE: ca, DATABASE_PASSWORD_FILE: join(folder, 'password') });
const byIam = () => settings({ DATABASE_CA_FILE: ca, DATABASE_SIGN_IN: 'iam', AWS_REGION: 'eu-west-1' });

/** A pool whose log ends in {@link said}. */
function open(from: DatabaseSettings, options: Partial<PoolOptions> = {}): Pool {
  const log = pino({}, { write: (line: string) => void said.push(JSON.parse(line)) });
  const pool = openPool(from, log, { max: 4, name: 'test', ...options });
  pools.push(pool);
  return pool;
}

const pidOf = async (client: pg.PoolClient) =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;

describe('a password in a file', () => {
  test('is read for every new connection, and the old connections live on', async () => {
    await setPassword('first');
    writePassword('first');
    const pool = open(byFile());
    const old = await pool.connect();
    const pid = await pidOf(old);
    await setPassword('second');
    writePassword('second');
    const fresh = await pool.connect();
    expect(await pidOf(fresh)).not.toBe(pid);
    expect(await pidOf(old)).toBe(pid);
    fresh.release();
    old.release();
    expect(said).toEqual([]);
  });

  test('may be late: what needs a connection meanwhile waits for it', async () => {
    await setPassword('third');
    writePassword('second');
    const pool = open(byFile());
    const query = pool.query('SELECT 1');
    await eventually(
      async () => said.length,
      (lines) => lines > 0,
    );
    writePassword('third');
    expect((await query).rowCount).toBe(1);
    expect(said.map(({ msg }) => msg)).toEqual([
      'the database does not let us in',
      'the database lets us in again',
    ]);
  });

  test('may be gone for a moment, and no connection to the server is left over from that', async () => {
    await setPassword('fourth');
    rmSync(join(folder, 'password'), { force: true });
    const from = { ...byIam(), signIn: { by: 'file', file: join(folder, 'password') } } as const;
    const pool = open(from, { max: 1 });
    // A pool's connections close a moment after its end: those of the tests before are not to be counted.
    const before = await eventually(
      async () => sockets(),
      (number) => number === alone,
    );
    const query = pool.query('SELECT 1');
    await eventually(
      async () => said[0]?.reason,
      (reason) => reason !== undefined,
    );
    expect(said[0]?.reason).toMatch(/^DATABASE_PASSWORD_FILE: ENOENT/);
    writePassword('fourth');
    await query;
    expect(sockets()).toBe(before + 1);
  });

  test('that stays wrong is told with its file, after no longer than a connection may take', async () => {
    await setPassword('fifth');
    writePassword('wrong');
    const pool = open(byFile(), { connectMilliseconds: 500 });
    await expect(pool.query('SELECT 1')).rejects.toThrow(
      `password authentication failed for user "app"; see the password in ${join(folder, 'password')}`,
    );
  });
});

describe('tokens of IAM', () => {
  test('are made before the first connection and used by the next', async () => {
    await setPassword('token-1');
    const makeToken = jest.fn(async () => 'token-1');
    const pool = open(byIam(), { makeToken });
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    for (const client of clients) client.release();
    expect(makeToken).toHaveBeenCalledTimes(1);
  });

  test('that are refused are made anew, and what needs a connection waits', async () => {
    await setPassword('token-3');
    let count = 0;
    const pool = open(byIam(), {
      makeToken: async () => {
        count += 1;
        return `token-${count}`;
      },
    });
    expect((await pool.query('SELECT 1')).rowCount).toBe(1);
    expect(count).toBe(3);
    expect(said.map(({ msg, reason }) => [msg, reason])).toEqual([
      [
        'the database does not let us in',
        'password authentication failed for user "app"; does the role app have rds_iam, and may we rds-db:connect as it?',
      ],
      ['the database lets us in again', undefined],
    ]);
  });

  test('that could not be made are told, and the next one works', async () => {
    await setPassword('token');
    let broken = true;
    const pool = open(byIam(), {
      connectMilliseconds: 300,
      makeToken: async () => {
        if (broken) throw new Error('the agent does not answer');
        return 'token';
      },
    });
    await expect(pool.query('SELECT 1')).rejects.toThrow(
      'no token to sign in with could be made: the agent does not answer',
    );
    broken = false;
    expect((await pool.query('SELECT 1')).rowCount).toBe(1);
  });

  test('are kept for ten of their fifteen minutes', async () => {
    jest.useFakeTimers();
    try {
      const makeToken = jest.fn(async () => 'token');
      const signIn = createSignIn(byIam(), makeToken);
      await signIn.password();
      jest.advanceTimersByTime(10 * 60 * 1_000 - 1);
      await signIn.password();
      expect(makeToken).toHaveBeenCalledTimes(1);
      jest.advanceTimersByTime(1);
      await signIn.password();
      expect(makeToken).toHaveBeenCalledTimes(2);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('the service with DATABASE_SIGN_IN=iam', () => {
  /** An agent that gives a pod its credentials, as EKS Pod Identity does. */
  async function startAgent() {
    const asked: (string | undefined)[] = [];
    const agent = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          AccessKeyId: 'AKIDEXAMPLE',
          SecretAccessKey: 'hush-secret-key',
          Token: 'hush-session',
          Expiration: new Date(Date.now() + 6 * 60 * 60 * 1_000).toISOString(),
        }),
      );
    }).listen(0, '127.0.0.1');
    await once(agent, 'listening');
    const { port } = agent.address() as AddressInfo;
    writeFileSync(join(folder, 'agent-token'), 'let me in');
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, 'agent-token'),
    };
    return { asked, env, close: () => agent.close() };
  }

  test('signs by the identity of its pod; refused, it says why and is not ready, until it is let in', async () => {
    const agent = await startAgent();
    const service = await spawnService(
      environment({
        ...agent.env,
        DATABASE_URL: `postgres://app@127.0.0.1:${server.port}/postgres`,
        DATABASE_CA_FILE: ca,
        DATABASE_SIGN_IN: 'iam',
        AWS_REGION: 'eu-west-1',
        LOG_LEVEL: 'trace',
        DRAIN_SECONDS: '0',
      }),
    );
    const reasons = () => service.log().map(({ reason }) => String(reason));
    await eventually(
      async () => reasons(),
      (lines) =>
        lines.some((line) => /^the database does not answer: .*may we rds-db:connect as it\?$/.test(line)),
    );
    expect(await readiness(service)).toBe(503);
    expect(agent.asked).toContain('let me in');

    await server.setRules(['hostssl all all all trust']);
    await runMain(['--migrate'], environment({ DATABASE_URL: server.url, DATABASE_CA_FILE: ca }));
    await eventually(
      () => readiness(service),
      (status) => status === 200,
    );
    await server.setRules(RULES);
    agent.close();
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(0);
    expect(JSON.stringify(service.log())).not.toMatch(/X-Amz|hush/);
  });

  const readiness = async (service: ServiceProcess) =>
    (await fetch(`${service.managementUrl}/readyz`)).status;
});

describe('passwords and tokens', () => {
  test.each<[string, () => Record<string, string>]>([
    ['the address', () => ({ DATABASE_URL: `postgres://app:hush-hush@127.0.0.1:${server.port}/postgres` })],
    [
      'PGPASSWORD',
      () => ({ PGHOST: '127.0.0.1', PGPORT: String(server.port), PGUSER: 'app', PGPASSWORD: 'hush-hush' }),
    ],
    [
      'a file',
      () => ({
        DATABASE_URL: `postgres://app@127.0.0.1:${server.port}/postgres`,
        DATABASE_PASSWORD_FILE: join(folder, 'password'),
      }),
    ],
  ])('from %s are in no log and no message, whatever goes wrong', async (_where, from) => {
    await setPassword('another');
    writePassword('hush-hush');
    const env = environment({ ...from(), DATABASE_CA_FILE: ca, LOG_LEVEL: 'trace', DRAIN_SECONDS: '0' });
    const service = await spawnService(env);
    const [answer, ready, { code, stdout, stderr }] = await Promise.all([
      fetch(`${service.url}/api/tags`),
      fetch(`${service.managementUrl}/readyz`),
      runMain(['--migrate'], env),
    ]);
    service.child.kill('SIGTERM');
    await service.exited;
    expect([answer.status, ready.status]).toEqual([503, 503]);
    expect(code).toBe(2);
    const everything = [JSON.stringify(service.log()), await answer.text(), stdout, stderr].join();
    expect(everything).toContain('password authentication failed');
    expect(everything).not.toContain('hush');
  });

  test('are in nothing that could be logged by mistake', async () => {
    await setPassword('hush-hush');
    writePassword('hush-hush');
    const pool = open(byFile(), { connectMilliseconds: 500 });
    const client = await pool.connect();
    const shown = [inspect(pool, { depth: 9 }), inspect(client, { depth: 9 })];
    const failure = await client.query('SELECT nix').catch((error) => error);
    client.release();
    await setPassword('another');
    await pool.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => {});
    const refusal = await pool.query('SELECT 1').catch((error) => error);
    for (const error of [failure, refusal]) shown.push(inspect(error, { depth: 9 }), pinoLine(error));
    expect(shown.join()).toContain('password authentication failed');
    expect(shown.join()).not.toContain('hush');
  });

  function pinoLine(error: unknown): string {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const log = pino({ serializers: { error: pino.stdSerializers.err } }, { write });
    log.error({ error });
    return lines.join();
  }
});
