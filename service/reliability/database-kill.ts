/** The database is killed again and again while people write. */
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { environment, runMain, spawnService } from '../src/testing.ts';
import { startPostgresServer } from './postgres-server.ts';
import { startWriters } from './writers.ts';

/** How much of it. */
export interface DatabaseKillOptions {
  /** How often the database is killed. @default 20 */
  readonly kills?: number;
  /** How many people write. @default 8 */
  readonly writers?: number;
  /** How long the database lives in between, once the service is ready. @default 1,000 */
  readonly upMilliseconds?: number;
  /** How long it is gone, at the most; each time another part of it. @default 1,500 */
  readonly downMilliseconds?: number;
  /** Options of the service's sessions, as in `PGOPTIONS`. @default none: what is committed is on the disk */
  readonly sessionOptions?: string;
}

/** What came of it. */
export interface DatabaseKillResult {
  /** No article lost, the process lived, ready soon each time, and every request was answered. */
  readonly passed: boolean;
  readonly kills: number;
  /** Articles that the service said it has. */
  readonly acknowledged: number;
  /** Those of them that the database does not have. */
  readonly lost: readonly string[];
  /** How often other answers came, by status; anything but a number is a request without an answer. */
  readonly refused: Readonly<Record<string, number>>;
  /** For each kill, the time from when the database took connections again until the service was ready. */
  readonly readyMilliseconds: readonly number[];
  /** Whether the service was one process from the beginning to the end. */
  readonly lived: boolean;
  readonly seconds: number;
}

/** What is soon. */
const READY_MILLISECONDS = 5_000;

/** Gives up on a service that does not become ready any more. */
const NEVER_MILLISECONDS = 60_000;

/** Kills PostgreSQL under a service that people write articles with, and counts what is left. */
export async function databaseKill(options: DatabaseKillOptions = {}): Promise<DatabaseKillResult> {
  const { kills = 20, writers: count = 8, upMilliseconds = 1_000, downMilliseconds = 1_500 } = options;
  const start = performance.now();
  const server = await startPostgresServer();
  const env = environment({ DATABASE_URL: server.url, DRAIN_SECONDS: '0', LOG_LEVEL: 'warn' });
  await runMain(['--migrate'], env);
  const service = await spawnService({ ...env, PGOPTIONS: options.sessionOptions ?? '' });
  try {
    const writers = await startWriters(service, count);
    const readyMilliseconds: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await wait(upMilliseconds);
      await server.kill();
      await wait((downMilliseconds * (kill + 1)) / kills);
      await server.start();
      readyMilliseconds.push(await untilReady(service.managementUrl));
    }
    await wait(upMilliseconds);
    await writers.stop();
    const lived = service.child.exitCode === null && service.child.signalCode === null;
    const lost = await missing(server.url, writers.acknowledged);
    const refused = Object.fromEntries(writers.refused);
    const answered = Object.keys(refused).every((status) => /^\d+$/.test(status));
    const soon = readyMilliseconds.every((milliseconds) => milliseconds <= READY_MILLISECONDS);
    return {
      passed: lived && answered && soon && lost.length === 0 && writers.acknowledged.length > 0,
      kills,
      acknowledged: writers.acknowledged.length,
      lost,
      refused,
      readyMilliseconds,
      lived,
      seconds: Math.round((performance.now() - start) / 1_000),
    };
  } finally {
    service.child.kill('SIGTERM');
    await service.exited;
    await server.stop();
  }
}

/** Asks until the service is ready. @returns how long that took, in milliseconds */
async function untilReady(managementUrl: string): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < NEVER_MILLISECONDS) {
    const { ok } = await fetch(`${managementUrl}/readyz`).catch(() => ({ ok: false }));
    if (ok) break;
    await wait(20);
  }
  return Math.round(performance.now() - start);
}

/** The articles that the database does not have. */
async function missing(databaseUrl: string, slugs: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ slug: string }>('SELECT slug FROM articles');
  await client.end();
  const there = new Set(rows.map(({ slug }) => slug));
  return slugs.filter((slug) => !there.has(slug));
}
