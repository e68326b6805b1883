/** The password of the database changes again and again while people write. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { environment, runMain, spawnService } from '../src/testing.ts';
import { startPostgresServer } from './postgres-server.ts';
import { startWriters } from './writers.ts';

/** How much of it. */
export interface PasswordChangeOptions {
  /** How often the password changes. @default 10 */
  readonly changes?: number;
  /** How many people write. @default 8 */
  readonly writers?: number;
  /** How long the service's file is behind the database, each time. @default 1,000 */
  readonly lateMilliseconds?: number;
  /** How long a connection lives at the most: so often each password is needed. @default 2 */
  readonly connectionSeconds?: number;
}

/** What came of it. */
export interface PasswordChangeResult {
  /** No request failed, and connections were made with every password. */
  readonly passed: boolean;
  readonly changes: number;
  /** Articles that were published. */
  readonly acknowledged: number;
  /** Requests that failed, by status or by what happened instead of an answer. */
  readonly refused: Readonly<Record<string, number>>;
  /** For each change, how many connections were made with its password. */
  readonly connections: readonly number[];
  /** How often the database refused a password of the service: it was asked in a time when the file was late. */
  readonly refusals: number;
  readonly seconds: number;
}

/** Changes the password under a service that people write articles with. */
export async function passwordChange(options: PasswordChangeOptions = {}): Promise<PasswordChangeResult> {
  const { changes = 10, writers: count = 8, lateMilliseconds = 1_000, connectionSeconds = 2 } = options;
  const start = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'password-change-'));
  const server = await startPostgresServer();
  const superuser = new pg.Client({ connectionString: server.url });
  await superuser.connect();

  const changeRole = (password: string) => superuser.query(`ALTER ROLE conduit PASSWORD '${password}'`);
  const changeFile = (password: string) => {
    // In one step, as Kubernetes does it.
    writeFileSync(join(folder, 'next'), password);
    renameSync(join(folder, 'next'), join(folder, 'password'));
  };

  await superuser.query('CREATE ROLE conduit LOGIN');
  await superuser.query('CREATE DATABASE conduit OWNER conduit');
  await changeRole('password-0');
  changeFile('password-0');
  const env = environment({
    DATABASE_URL: `postgres://conduit@127.0.0.1:${server.port}/conduit`,
    DATABASE_PASSWORD_FILE: join(folder, 'password'),
    DATABASE_CONNECTION_SECONDS: String(connectionSeconds),
    DRAIN_SECONDS: '0',
    LOG_LEVEL: 'warn',
  });
  await runMain(['--migrate'], env);
  const service = await spawnService(env);
  try {
    const writers = await startWriters(service, count);
    const connections: number[] = [];
    for (let change = 1; change <= changes; change += 1) {
      await changeRole(`password-${change}`);
      await wait(lateMilliseconds);
      changeFile(`password-${change}`);
      const { rows } = await superuser.query<{ now: Date }>('SELECT clock_timestamp() AS now');
      await wait(connectionSeconds * 1_000);
      connections.push(await countConnections(superuser, rows[0]?.now as Date));
    }
    await writers.stop();
    return {
      passed:
        writers.refused.size === 0 &&
        writers.acknowledged.length > 0 &&
        connections.every((made) => made > 0),
      changes,
      acknowledged: writers.acknowledged.length,
      refused: Object.fromEntries(writers.refused),
      connections,
      refusals: server.log().match(/password authentication failed/g)?.length ?? 0,
      seconds: Math.round((performance.now() - start) / 1_000),
    };
  } finally {
    service.child.kill('SIGTERM');
    await service.exited;
    await superuser.end();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** The service's connections that were made since. */
async function countConnections(superuser: pg.Client, since: Date): Promise<number> {
  const { rows } = await superuser.query<{ made: number }>(
    "SELECT count(*)::integer AS made FROM pg_stat_activity WHERE application_name = 'conduit' AND backend_start > $1",
    [since],
  );
  return rows[0]?.made ?? 0;
}
