/** The password of the database changes again and again while people write. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { environment, runMain, spawnService } from '../src/testing.ts';
import { stop } from './conduit.ts';
import { startPostgresServer } from './postgres-server.ts';
import type { Result, Surroundings } from './scenario.ts';
import { startWriters } from './writers.ts';

export interface PasswordChangeOptions extends Surroundings {
  /** How often the password changes. */
  readonly changes: number;
  /** How many people write. */
  readonly writers: number;
  /** How long the service's file is behind the database, each time. @default 1,000 */
  readonly lateMilliseconds?: number;
  /** How long a connection lives at the most: so often each password is needed. @default 2 */
  readonly connectionSeconds?: number;
}

export interface PasswordChangeResult extends Result {
  /** How many articles were published. */
  readonly acknowledged: number;
  /** Requests that failed, by status or by what happened instead of an answer. */
  readonly refused: Readonly<Record<string, number>>;
  /** For each change, how many connections were made with its password. */
  readonly connections: readonly number[];
  /** How often the database refused the service's password: it asked while the file was late. */
  readonly refusals: number;
}

/** Changes the password of a PostgreSQL of its own under a service that people write articles with. */
export async function passwordChange(options: PasswordChangeOptions): Promise<PasswordChangeResult> {
  const { changes, progress, lateMilliseconds = 1_000, connectionSeconds = 2 } = options;
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
    const writers = await startWriters(service, options.writers);
    const connections: number[] = [];
    for (let change = 1; change <= changes; change += 1) {
      progress(`change ${change} of ${changes}, ${writers.acknowledged.length} articles`);
      await changeRole(`password-${change}`);
      await wait(lateMilliseconds);
      changeFile(`password-${change}`);
      const { rows } = await superuser.query<{ now: Date }>('SELECT clock_timestamp() AS now');
      await wait(connectionSeconds * 1_000);
      connections.push(await countConnections(superuser, rows[0]?.now as Date));
    }
    await writers.stop();
    const seen = {
      acknowledged: writers.acknowledged.length,
      refused: Object.fromEntries(writers.refused),
      connections,
      refusals: server.log().match(/password authentication failed/g)?.length ?? 0,
    };
    return { ...seen, ...judge(seen) };
  } finally {
    await stop(service);
    await superuser.end();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

function judge({
  acknowledged,
  refused,
  connections,
  refusals,
}: Omit<PasswordChangeResult, keyof Result>): Result {
  const failed = Object.values(refused).reduce((sum, count) => sum + count, 0);
  return {
    measured: `${failed} of ${acknowledged + failed} requests failed over ${connections.length} changes of the database's password under people who write; the file was late each time, and the database refused ${refusals} connections meanwhile`,
    problems: [
      ...(acknowledged === 0 ? ['no article was ever published'] : []),
      ...Object.entries(refused).map(([what, count]) => `${count} requests failed: ${what}`),
      // Else nothing was asked of that password.
      ...(connections.every((made) => made > 0) ? [] : ['not with every password a connection was made']),
    ],
  };
}

/** The service's connections that were made since. */
async function countConnections(superuser: pg.Client, since: Date): Promise<number> {
  const { rows } = await superuser.query<{ made: number }>(
    "SELECT count(*)::integer AS made FROM pg_stat_activity WHERE application_name = 'conduit' AND backend_start > $1",
    [since],
  );
  return rows[0]?.made ?? 0;
}
