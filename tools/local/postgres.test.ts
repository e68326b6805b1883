import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isRunning } from '../lib/processes.ts';
import { type Postgres, type PostgresProps, removePostgres, startPostgres } from './postgres.ts';
import { readPostmasterFile, runningPostmaster } from './postmaster.ts';
import { type LauncherKind, launcherKind } from './unprivileged.ts';

let root: string;
let props: PostgresProps;
const started: Postgres[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-postgres-'));
  chmodSync(root, 0o755);
  props = { folder: join(root, 'postgres'), logFile: join(root, 'postgres.log'), throwaway: true };
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const postgres of started.splice(0)) await postgres.stop();
  await removePostgres(props.folder);
  rmSync(root, { recursive: true, force: true });
});

async function start(more: Partial<PostgresProps> = {}): Promise<Postgres> {
  const postgres = await startPostgres({ ...props, ...more });
  started.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

const data = () => join(props.folder, 'data');

describe('a first start', () => {
  it('makes a database in UTF-8 that listens on this machine alone', async () => {
    const { url, port, isNew } = await start();
    expect(isNew).toBe(true);
    expect(url).toMatch(new RegExp(`^postgres://postgres:[\\w-]{43}@127\\.0\\.0\\.1:${port}/postgres$`));
    const settings = ['server_encoding', 'listen_addresses', 'unix_socket_directories', 'port'];
    const shown = await Promise.all(settings.map((name) => query(url, `SHOW ${name}`)));
    expect(shown.flat()).toEqual(['UTF8', '127.0.0.1', '', String(port)]);
  });

  it('lets nobody in without the password, which only its owner can read', async () => {
    const { url } = await start();
    await expect(query(url.replace(/:[\w-]{43}@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    );
    expect(statSync(join(props.folder, 'password')).mode & 0o777).toBe(0o600);
  });

  it('takes the port and the settings it is given', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    const { url } = await start({ port, settings: { max_connections: '33' } });
    expect(await query(url, 'SHOW max_connections')).toEqual(['33']);
    expect(new URL(url).port).toBe(String(port));
  });

  it('says the end of its log when it can not start', async () => {
    await expect(start({ settings: { max_connections: 'many' } })).rejects.toThrow(
      /could not start on .*\n.*invalid value for parameter "max_connections": "many"[\s\S]*--fresh/,
    );
  });

  it('begins again where one before was killed half-way through', async () => {
    const halfway = join(root, 'postgres.new-killed');
    mkdirSync(join(halfway, 'data'), { recursive: true });
    mkdirSync(data(), { recursive: true });
    writeFileSync(join(data(), 'postgresql.conf'), 'half a fi');
    const { url } = await start();
    expect(await query(url, 'SELECT 1')).toEqual([1]);
    expect(readdirSync(root).sort()).toEqual(['postgres', 'postgres.log']);
  });
});

describe('a later start', () => {
  it('finds the data and the password as they were', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(isRunning(first.pid)).toBe(false);
    const second = await start();
    expect(second).toMatchObject({ isNew: false, stoppedOrphan: false });
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([42]);
  });

  it('stops the server that a killed start left behind', async () => {
    const script = `import { startPostgres } from ${JSON.stringify(new URL('./postgres.ts', import.meta.url).href)};
      const { pid, url } = await startPostgres(${JSON.stringify(props)});
      console.log(pid, url);
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(starter);
    const line = await new Promise<string>((resolve) =>
      starter.stdout.once('data', (text) => resolve(String(text))),
    );
    const [pid, url] = line.trim().split(' ') as [string, string];
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    starter.kill('SIGKILL');
    await new Promise((resolve) => starter.once('exit', resolve));
    expect(isRunning(Number(pid))).toBe(true);

    const second = await start();
    expect(second.stoppedOrphan).toBe(true);
    expect(isRunning(Number(pid))).toBe(false);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([42]);
  });

  it('is not held up by the file of a server that was killed', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    expect(readPostmasterFile(data())?.pid).toBe(first.pid);
    const second = await start();
    expect(second.stoppedOrphan).toBe(false);
    expect(await query(second.url, 'SELECT 1')).toEqual([1]);
  });

  it('is not held up, and harms nobody, where the pid has gone to another program', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const other = spawn('sleep', ['60']);
    children.push(other);
    const file = join(data(), 'postmaster.pid');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(other.pid)));
    expect(runningPostmaster(data())).toBeUndefined();
    const second = await start();
    expect(await query(second.url, 'SELECT 1')).toEqual([1]);
    expect(isRunning(other.pid as number)).toBe(true);
  });

  it('says what to do when the password is lost', async () => {
    await (await start()).stop();
    rmSync(join(props.folder, 'password'));
    await expect(start()).rejects.toThrow(/password is missing, and nothing else opens .* --fresh/);
  });
});

describe('the end', () => {
  it('comes once, however often it is asked for', async () => {
    const postgres = await start();
    await Promise.all([postgres.stop(), postgres.stop()]);
    await postgres.stop();
    expect(existsSync(join(data(), 'postmaster.pid'))).toBe(false);
  });

  it('is noticed when the server dies by itself', async () => {
    const postgres = await start();
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.ended;
    await postgres.stop();
  });

  it('with its data: stops the server first', async () => {
    const postgres = await start();
    await removePostgres(props.folder);
    expect(isRunning(postgres.pid)).toBe(false);
    expect(existsSync(props.folder)).toBe(false);
    await removePostgres(props.folder);
  });
});

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('as root', () => {
  const kinds: LauncherKind[] = launcherKind() === 'namespace' ? ['namespace', 'nobody'] : ['nobody'];

  it.each(kinds)('runs in the way "%s" and stops', async (kind) => {
    const postgres = await start({ launcher: kind });
    expect(await query(postgres.url, 'SELECT 1')).toEqual([1]);
    await postgres.stop();
    expect(isRunning(postgres.pid)).toBe(false);
  });

  it.each(kinds)('takes over in the way "%s" what the others made', async (kind) => {
    for (const other of [...kinds.filter((one) => one !== kind), kind]) {
      const postgres = await start({ launcher: other });
      await query(postgres.url, `CREATE TABLE "by ${other}" ()`);
      await postgres.stop();
    }
  });

  it('says which folder is closed to the user "nobody"', async () => {
    chmodSync(root, 0o700);
    await expect(start({ launcher: 'nobody' })).rejects.toThrow(
      new RegExp(`"nobody" here .* can't reach ${root}, because of ${root}: .*chmod o\\+x ${root}`),
    );
  });
});
