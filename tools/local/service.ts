import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isRunning } from '../lib/processes.ts';
import { until } from '../lib/until.ts';
import { UserError } from '../lib/user-error.ts';
import { adopt } from './children.ts';
import { logTail } from './log-tail.ts';

/** How the service runs on this machine. */
export interface ServiceProps {
  /** The repo. */
  readonly root: string;
  readonly databaseUrl: string;
  readonly sessionKey: string;
  readonly port: number;
  /** Where what it prints goes; {@link prepareDatabase} begins it anew. */
  readonly logFile: string;
  /** Breaks the start off. */
  readonly signal: AbortSignal;
}

/** The service, running as a process of its own. */
export interface Service {
  readonly url: string;
  /** Where its health is told. */
  readonly managementUrl: string;
  readonly pid: number;
  /** Resolves when it is gone, with how it ended: `exit code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Lets it finish what it is at, then makes sure that it is gone. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Brings the database's tables up to date and puts the demo's content into it where that isn't there.
 *
 * @returns how to sign in, in the service's own words
 */
export async function prepareDatabase(props: ServiceProps): Promise<string> {
  const log = openLog(props.logFile, 'w');
  const { signal } = props;
  const child = spawn(process.execPath, [entry(props.root), '--migrate', '--seed'], {
    cwd: props.root,
    env: environment(props),
    stdio: ['ignore', log, log],
    signal,
    detached: true,
  });
  adopt(child);
  closeSync(log);
  const how = await ending(child);
  signal.throwIfAborted();
  if (child.exitCode !== 0) throw failure('the database could not be prepared', how, props);
  return /sign in as .*/.exec(readFileSync(props.logFile, 'utf8'))?.[0] ?? '';
}

/**
 * Starts the service and waits until it is ready. A Ctrl-C in the terminal does not reach it, so that it can be stopped
 * in its turn; when we are killed, it sees its channel to us close and ends by itself.
 */
export async function startService(props: ServiceProps): Promise<Service> {
  const log = openLog(props.logFile, 'a');
  const child = fork(entry(props.root), {
    cwd: props.root,
    env: environment(props),
    execArgv: [],
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
  });
  adopt(child);
  closeSync(log);
  const ended = ending(child);
  const stop = () => stopChild(child, ended);
  try {
    const { port, managementPort } = await listening(child, ended, props);
    const managementUrl = `http://127.0.0.1:${managementPort}`;
    await readiness(managementUrl, child, ended, props);
    return { url: `http://127.0.0.1:${port}`, managementUrl, pid: child.pid as number, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Listening {
  type: 'listening';
  port: number;
  managementPort: number;
}

/** Waits for the service's word that it listens, and where. */
async function listening(
  child: ChildProcess,
  ended: Promise<string>,
  props: ServiceProps,
): Promise<Listening> {
  let heard: Listening | undefined;
  child.on('message', (message: Partial<Listening>) => {
    if (message.type === 'listening') heard = message as Listening;
  });
  const answer = await until(async () => heard ?? (await goesOn(child, ended, props)), START_TIMEOUT_MS);
  return answer ?? Promise.reject(failure('the service does not listen', 'too slow', props));
}

/** Waits until the service says that it can be used. */
async function readiness(
  url: string,
  child: ChildProcess,
  ended: Promise<string>,
  props: ServiceProps,
): Promise<void> {
  const isReady = () =>
    fetch(`${url}/readyz`, { signal: props.signal }).then(
      (response) => response.ok,
      () => false,
    );
  const ready = await until(
    async () => (await isReady()) || (await goesOn(child, ended, props)),
    START_TIMEOUT_MS,
  );
  if (ready === undefined) throw failure('the service does not become ready', 'too slow', props);
}

/** Ends a wait, by throwing, when the service has ended or we are to stop. */
async function goesOn(child: ChildProcess, ended: Promise<string>, props: ServiceProps): Promise<undefined> {
  props.signal.throwIfAborted();
  if (child.exitCode !== null || child.signalCode !== null) {
    throw failure('the service did not start', await ended, props);
  }
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  await until(() => !isRunning(child.pid as number), STOP_TIMEOUT_MS);
  child.kill('SIGKILL');
  await ended;
}

function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.once('error', (error) => resolve(error.message));
  });
}

function entry(root: string): string {
  return join(root, 'service', 'src', 'main.ts');
}

function environment({ databaseUrl, sessionKey, port }: ServiceProps): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: databaseUrl,
    SESSION_KEY: sessionKey,
    HOST: '127.0.0.1',
    PORT: String(port),
    MANAGEMENT_PORT: '0',
    // The demo's content is refused in production, and this never is.
    NODE_ENV: 'development',
    // No load balancer is in front that would have to notice.
    DRAIN_SECONDS: '0',
  };
}

function openLog(file: string, flags: 'a' | 'w'): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, flags, 0o600);
}

/** What went wrong with the service, with the end of what it said itself. */
export function failure(
  what: string,
  how: string,
  { logFile, root }: { logFile: string; root: string },
): UserError {
  const tail = logTail(logFile);
  const said = tail === '' ? 'It said nothing.' : `The end of ${relative(root, logFile)}:\n${tail}`;
  return new UserError(`${what} (${how}). ${said}`);
}
