import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { isRunning } from '../lib/processes.ts';
import { until } from '../lib/until.ts';
import { UserError } from '../lib/user-error.ts';
import { adopt } from './children.ts';
import { keptSecret } from './kept-secret.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { readPostmasterFile, runningPostmaster, stopPostmaster } from './postmaster.ts';
import { type Launcher, type LauncherKind, launcher } from './unprivileged.ts';

/** Which PostgreSQL to start. */
export interface PostgresProps {
  /** Where it lives: `data/`, the file `password` and, until the first start has ended well, nothing. */
  readonly folder: string;
  /** The port on 127.0.0.1. @default a free one */
  readonly port?: number;
  /** Where its log goes; each start begins it anew. */
  readonly logFile: string;
  /** Settings of the server, as in postgresql.conf. @default PostgreSQL's own */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether its data may be lost when the machine stops: faster. @default false */
  readonly throwaway?: boolean;
  /** How it gets round being root. @default what the machine allows */
  readonly launcher?: LauncherKind;
}

/** A PostgreSQL that takes connections. */
export interface Postgres {
  /** `postgres://postgres:<password>@127.0.0.1:<port>/postgres` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Whether this start made the data folder. */
  readonly isNew: boolean;
  /** Whether one from an earlier, killed start still ran on the folder, and was stopped. */
  readonly stoppedOrphan: boolean;
  /** Resolves when the server is gone, for whatever reason. */
  readonly ended: Promise<void>;
  /** Stops it cleanly; resolves when it is gone. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const THROWAWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts PostgreSQL on a folder, which is made when it isn't there. One that a killed start left running on it is
 * stopped cleanly before.
 *
 * It becomes the leader of its own session, so that a Ctrl-C in the terminal reaches only us, who then stop it in
 * its turn. The price is that it outlives us when we are killed; hence the care for what an earlier start left.
 */
export async function startPostgres(props: PostgresProps): Promise<Postgres> {
  const binaries = findPostgresBinaries();
  const run = launcher(props.launcher);
  const folder = ready(props.folder);
  const data = join(folder, 'data');
  const orphan = runningPostmaster(data);
  if (orphan !== undefined) await stopPostmaster(orphan);

  run.requireReach(binaries.postgres);
  run.requireReach(dirname(folder));
  const isNew = !existsSync(join(data, 'PG_VERSION'));
  if (isNew) await initialise(folder, binaries, run, props.throwaway ?? false);
  run.own(folder);
  removeForeignPidFile(data);

  const password = readPassword(folder);
  const { child, port, ended } = await launch(props, data, binaries, run);
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid: child.pid as number,
    isNew,
    stoppedOrphan: orphan !== undefined,
    ended,
    stop: async () => {
      // Else this process might end, having nothing else to do, before it hears that the server did.
      child.ref();
      if (child.exitCode === null && child.signalCode === null) await stopPostmaster(child.pid as number);
      await ended;
    },
  };
}

/** Removes a folder of {@link startPostgres} with all data; one that still runs on it is stopped before. */
export async function removePostgres(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const orphan = runningPostmaster(join(realpathSync(folder), 'data'));
  if (orphan !== undefined) await stopPostmaster(orphan);
  rmSync(folder, { recursive: true, force: true });
}

/** The folder without symbolic links, its parent made. */
function ready(folder: string): string {
  mkdirSync(dirname(folder), { recursive: true });
  return join(realpathSync(dirname(folder)), basename(folder));
}

/** Makes the data folder under another name and moves it in when it is whole: a kill leaves all of it or nothing. */
async function initialise(
  folder: string,
  binaries: PostgresBinaries,
  run: Launcher,
  throwaway: boolean,
): Promise<void> {
  const prefix = `${basename(folder)}.new-`;
  for (const name of readdirSync(dirname(folder))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
  const staging = mkdtempSync(join(dirname(folder), prefix));
  keptSecret(join(staging, 'password'));
  run.own(staging);
  const options = [
    ...['-D', join(staging, 'data'), '-U', 'postgres', '--pwfile', join(staging, 'password')],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
    ...(throwaway ? ['--no-sync'] : []),
  ];
  try {
    const [program, ...words] = [...run.prefix, binaries.initdb, ...options] as [string, ...string[]];
    await promisify(execFile)(program, words, { cwd: staging, ...run.identity });
    // What stands there holds no database: it has no PG_VERSION.
    rmSync(folder, { recursive: true, force: true });
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    const { stderr } = error as { stderr?: string };
    throw stderr
      ? new UserError(`PostgreSQL could not make its data folder ${folder}:\n${stderr.trim()}`)
      : error;
  }
}

/**
 * PostgreSQL itself sees that a pid is gone, and then still looks for helpers that outlived it. But it takes any
 * program that has the pid now for a server of its own.
 */
function removeForeignPidFile(data: string): void {
  const pid = readPostmasterFile(data)?.pid;
  if (pid !== undefined && isRunning(pid)) rmSync(join(data, 'postmaster.pid'), { force: true });
}

function readPassword(folder: string): string {
  try {
    return readFileSync(join(folder, 'password'), 'utf8').trim();
  } catch {
    throw new UserError(
      `${join(folder, 'password')} is missing, and nothing else opens the database beside it: put it back, or start anew with --fresh (its data is then lost)`,
    );
  }
}

interface Launched {
  child: ChildProcess;
  port: number;
  ended: Promise<void>;
}

async function launch(
  props: PostgresProps,
  data: string,
  binaries: PostgresBinaries,
  run: Launcher,
): Promise<Launched> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const port = props.port ?? (await getPort({ host: '127.0.0.1' }));
    const { child, ended } = spawnServer(props, port, data, binaries, run);
    const outcome = await until(() => {
      if (child.exitCode !== null || child.signalCode !== null) return 'ended';
      const file = readPostmasterFile(data);
      return file?.pid === child.pid && file?.ready ? 'ready' : undefined;
    }, deadline - performance.now());
    if (outcome === 'ready') return { child, port, ended };
    child.ref();
    if (outcome === undefined) await stopPostmaster(child.pid as number);
    await ended;
    const log = readFileSync(props.logFile, 'utf8').trim();
    if (performance.now() > deadline || !isPassing(log, props.port)) throw couldNotStart(props, log);
  }
}

/** Whether trying again may help: the free port was taken in between, or a killed server's helpers are still going. */
function isPassing(log: string, port: number | undefined): boolean {
  return (
    (port === undefined && log.includes('Address already in use')) || log.includes('shared memory block')
  );
}

function couldNotStart({ folder, logFile }: PostgresProps, log: string): UserError {
  const lines = log.split('\n').slice(-8).join('\n');
  return new UserError(
    `PostgreSQL could not start on ${folder}; the end of ${logFile}:\n${lines}\nIf it can't be mended, --fresh starts anew (its data is then lost).`,
  );
}

function spawnServer(
  { logFile, settings, throwaway }: PostgresProps,
  port: number,
  data: string,
  binaries: PostgresBinaries,
  run: Launcher,
): { child: ChildProcess; ended: Promise<void> } {
  const all = {
    listen_addresses: '127.0.0.1',
    // No socket file: it would be one more way in, and its path may be too long for a socket's name.
    unix_socket_directories: '',
    log_timezone: 'UTC',
    ...(throwaway ? THROWAWAY : {}),
    ...settings,
  };
  const options = Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const words = [...run.prefix, binaries.postgres, '-D', data, '-p', String(port), ...options];
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w', 0o600);
  try {
    const [program, ...rest] = words as [string, ...string[]];
    const stdio = ['ignore', log, log] as const;
    const child = spawn(program, rest, { cwd: data, detached: true, stdio: [...stdio], ...run.identity });
    // At once, as it would be after a power cut: it recovers at its next start.
    adopt(child, 'SIGQUIT');
    const ended = new Promise<void>((resolve, reject) => {
      child.once('exit', () => resolve());
      child.once('error', reject);
    });
    child.unref();
    return { child, ended };
  } finally {
    closeSync(log);
  }
}
