/** What the tests stand on: a database of their own, the real service on free ports, a browser's cookies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { pino } from 'pino';
import type { Config } from './config.ts';
import { migrate } from './database/migrate.ts';
import { openPool, type Pool } from './database/pool.ts';
import { databaseAt } from './database/settings.ts';
import { startService } from './server.ts';
import { startFanOut } from './testing/fan-out.ts';

/** A log that nobody reads. */
export const QUIET = pino({ level: 'silent' });

/** A signing key for tests. */
export const SESSION_KEY = 'a key for tests that nobody uses elsewhere';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const TIMEOUT_MILLISECONDS = 15_000;

/** An empty database, made for one test file. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** For the test's own looks behind the scenes. */
  readonly pool: Pool;
  /** Cuts every connection and refuses new ones, until {@link allow}. */
  refuse(): Promise<void>;
  allow(): Promise<void>;
  drop(): Promise<void>;
}

/**
 * Makes a database.
 *
 * @param server the superuser's address of a PostgreSQL server. @default `TEST_DATABASE_URL`
 */
export async function createTestDatabase(server = process.env.TEST_DATABASE_URL): Promise<TestDatabase> {
  if (!server) {
    throw new Error('TEST_DATABASE_URL is not set: it must name a PostgreSQL superuser; `npm test` sets it');
  }
  const name = `conduit_test_${randomBytes(6).toString('hex')}`;
  const address = new URL(server);
  address.pathname = `/${name}`;
  const url = address.href;
  await asSuperuser(server, `CREATE DATABASE ${name}`);
  const pool = openPool(databaseAt(url), QUIET, { max: 2, name: 'conduit-test' });
  return {
    name,
    url,
    pool,
    refuse: () =>
      asSuperuser(
        server,
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      ),
    allow: () => asSuperuser(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`),
    drop: async () => {
      await pool.end();
      await asSuperuser(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function asSuperuser(server: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A configuration for tests. */
export function testConfig(databaseUrl: string, overrides: Partial<Config> = {}): Config {
  return {
    target: 'all',
    partUrls: undefined,
    database: databaseAt(databaseUrl),
    host: '127.0.0.1',
    port: 0,
    managementPort: 0,
    sessionKey: SESSION_KEY,
    sessionKeyPrevious: undefined,
    authLimits: { signInFailuresPerHour: 1_000, signUpsPerHour: 1_000 },
    version: '9.8.7-test',
    colour: 'rebeccapurple',
    drainSeconds: 0,
    load: { maxInFlight: 1_000, maxQueueMilliseconds: 10_000 },
    faults: undefined,
    otlpEndpoint: undefined,
    otlpProtocol: 'http/json',
    logLevel: 'silent',
    ...overrides,
  };
}

/** The service in this process, on a migrated database of its own. */
export interface TestService {
  readonly url: string;
  readonly managementUrl: string;
  readonly database: TestDatabase;
  stop(): Promise<void>;
}

/**
 * Starts a service; with `CONDUIT_TEST_TOPOLOGY=split` its four targets, behind one entry, unless one process is what the
 * test is about.
 */
export async function startTestService(
  options: { migrated?: boolean; config?: Partial<Config>; topology?: 'single' } = {},
): Promise<TestService> {
  const database = await createTestDatabase();
  if (options.migrated ?? true) await migrate(database.pool);
  const { topology = process.env.CONDUIT_TEST_TOPOLOGY } = options;
  const start = topology === 'split' ? startSplit : startSingle;
  const running = await start(testConfig(database.url, options.config));
  return {
    url: running.url,
    managementUrl: running.managementUrl,
    database,
    stop: async () => {
      await running.stop();
      await database.drop();
    },
  };
}

async function startSingle(config: Config): Promise<Omit<TestService, 'database'>> {
  const service = await startService(config, QUIET);
  return {
    url: `http://127.0.0.1:${service.port}`,
    managementUrl: `http://127.0.0.1:${service.managementPort}`,
    stop: () => service.stop({ drainSeconds: 0 }),
  };
}

async function startSplit(config: Config): Promise<Omit<TestService, 'database'>> {
  const [auth, content, recommendations] = await Promise.all(
    (['auth', 'content', 'recommendations'] as const).map((target) => startSingle({ ...config, target })),
  );
  if (!auth || !content || !recommendations) throw new Error('a part is missing');
  const partUrls = { auth: auth.url, content: content.url, recommendations: recommendations.url };
  const web = await startSingle({ ...config, target: 'web', partUrls });
  const entry = await startFanOut({ ...partUrls, web: web.url });
  return {
    url: entry.url,
    managementUrl: content.managementUrl,
    stop: async () => {
      await entry.close();
      await Promise.all([auth, content, recommendations, web].map((service) => service.stop()));
    },
  };
}

/** What came back from the API. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** Calls the API as its clients do. */
export async function call(
  service: { url: string },
  method: string,
  path: string,
  options: { body?: unknown; token?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { body, token, headers } = options;
  const response = await fetch(`${service.url}/api${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Token ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: response.status === 204 ? undefined : await response.json() };
}

/** Signs somebody up by the API and gives their token. */
export async function signUpByApi(service: { url: string }, username: string): Promise<string> {
  const email = `${Buffer.from(username).toString('hex')}@example.com`;
  const { body } = await call(service, 'POST', '/users', {
    body: { user: { username, email, password: 'password1' } },
  });
  return body.user.token;
}

/** A visitor with cookies, who fills in forms. */
export class Visitor {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(service: { url: string }) {
    this.#url = service.url;
  }

  /** Somebody who signs up by the form: their address is the name's, in small letters, at example.com. */
  static async signedUp(service: { url: string }, username: string): Promise<Visitor> {
    const visitor = new Visitor(service);
    const email = `${username.toLowerCase()}@example.com`;
    const { status } = await visitor.submit('/register', { username, email, password: 'password1' });
    if (status !== 303) throw new Error(`signing ${username} up was answered ${status}`);
    return visitor;
  }

  /** Gets a page; follows no redirect. */
  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#fetch(path, { headers });
  }

  /** Sends a form as a browser on one of our own pages does. */
  submit(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const own = { 'sec-fetch-site': 'same-origin', origin: this.#url };
    return this.#fetch(path, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { ...own, ...headers },
    });
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookies.size > 0)
      headers.set('cookie', [...this.#cookies].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(this.#url + path, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = (cookie.split(';')[0] as string).split('=') as [string, string];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}

/** The service as a process of its own. */
export interface ServiceProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly managementUrl: string;
  /** Its log so far, an object a line. */
  readonly log: () => Record<string, unknown>[];
  /** Its exit code, once it has ended. */
  readonly exited: Promise<number | null>;
}

/** What a command left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a spawned service: nothing of the test run's own gets in. */
export function environment(overrides: Record<string, string> = {}): Record<string, string> {
  const path = { PATH: process.env.PATH ?? '' };
  return { ...path, HOST: '127.0.0.1', PORT: '0', MANAGEMENT_PORT: '0', SESSION_KEY, ...overrides };
}

/** Runs the command to its end. */
export async function runMain(args: string[], env: Record<string, string>): Promise<Ended> {
  const { output, exited } = spawnMain(args, env, []);
  const code = await exited;
  return { code, ...output };
}

/**
 * Starts the service as a process and waits until it listens.
 *
 * @param main the file to run. @default this release's own
 */
export async function spawnService(
  env: Record<string, string>,
  args: string[] = [],
  main?: string,
): Promise<ServiceProcess> {
  const { child, output, exited } = spawnMain(args, env, ['ipc'], main);
  const { promise, resolve, reject } = Promise.withResolvers<{ port: number; managementPort: number }>();
  child.once('message', (message) => resolve(message as { port: number; managementPort: number }));
  void exited.then((code) => reject(new Error(`it ended with ${code} before it listened: ${output.stderr}`)));
  const { port, managementPort } = await promise;
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    managementUrl: `http://127.0.0.1:${managementPort}`,
    log: () =>
      output.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    exited,
  };
}

/** Starts the command; with a channel it knows its parent. */
export function spawnMain(args: string[], env: Record<string, string>, channel: ['ipc'] | [], main = MAIN) {
  const child = spawn(process.execPath, [main, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...channel],
  });
  const output = { stdout: '', stderr: '' };
  const ends = (['stdout', 'stderr'] as const).map((name) => {
    child[name]?.on('data', (chunk) => {
      output[name] += chunk;
    });
    return child[name] && once(child[name], 'end');
  });
  // Not 'close': it never comes after a disconnect that began here.
  const exited = Promise.all([once(child, 'exit'), ...ends]).then(([[code]]) => code as number | null);
  return { child, output, exited };
}

/** Asks again and again until the answer is good; fails with the last one. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  good: (value: Value) => boolean,
): Promise<Value> {
  const end = performance.now() + TIMEOUT_MILLISECONDS;
  while (true) {
    const value = await ask();
    if (good(value)) return value;
    if (performance.now() > end) throw new Error(`it never came about; last: ${JSON.stringify(value)}`);
    await new Promise(setImmediate);
  }
}
