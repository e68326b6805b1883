/** The database is killed again and again while people write. */
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { environment, runMain, spawnService } from '../src/testing.ts';
import { stop } from './conduit.ts';
import { startPostgresServer } from './postgres-server.ts';
import type { Result, Surroundings } from './scenario.ts';
import { startWriters } from './writers.ts';

export interface DatabaseKillOptions extends Surroundings {
  /** How often the database is killed. */
  readonly kills: number;
  /** How many people write. */
  readonly writers: number;
  /** How long the database lives in between, once the service is ready. @default 1,000 */
  readonly upMilliseconds?: number;
  /** How long it is gone, at the most; each time another part of it. @default 1,500 */
  readonly downMilliseconds?: number;
  /** Options of the service's sessions, as in `PGOPTIONS`. @default none: what is committed is on the disk */
  readonly sessionOptions?: string;
}

export interface DatabaseKillResult extends Result {
  /** How many articles the service said it has. */
  readonly acknowledged: number;
  /** Those of them that the database does not have. */
  readonly lost: readonly string[];
  /** How often other answers came, by status; anything but a number is a request without an answer. */
  readonly refused: Readonly<Record<string, number>>;
  /** For each kill, the time from when the database took connections again until the service was ready. */
  readonly readyMilliseconds: readonly number[];
  /** How the service's process ended; null when it was one from the beginning to the end. */
  readonly ended: number | string | null;
}

/** What is soon. */
const READY_MILLISECONDS = 5_000;

/** Gives up on a service that does not become ready any more. */
const NEVER_MILLISECONDS = 60_000;

/** Kills a PostgreSQL of its own under a service that people write articles with, and counts what is left. */
export async function databaseKill(options: DatabaseKillOptions): Promise<DatabaseKillResult> {
  const { kills, progress, upMilliseconds = 1_000, downMilliseconds = 1_500 } = options;
  const server = await startPostgresServer();
  const env = environment({ DATABASE_URL: server.url, DRAIN_SECONDS: '0', LOG_LEVEL: 'warn' });
  await runMain(['--migrate'], env);
  const service = await spawnService({ ...env, PGOPTIONS: options.sessionOptions ?? '' });
  try {
    const writers = await startWriters(service, options.writers);
    const readyMilliseconds: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      progress(`kill ${kill + 1} of ${kills}, ${writers.acknowledged.length} articles`);
      await wait(upMilliseconds);
      await server.kill();
      await wait((downMilliseconds * (kill + 1)) / kills);
      await server.start();
      readyMilliseconds.push(await untilReady(service.managementUrl));
    }
    await wait(upMilliseconds);
    await writers.stop();
    const seen = {
      acknowledged: writers.acknowledged.length,
      lost: await missing(server.url, writers.acknowledged),
      refused: Object.fromEntries(writers.refused),
      readyMilliseconds,
      ended: service.child.exitCode ?? service.child.signalCode,
    };
    return { ...seen, ...judge(seen) };
  } finally {
    await stop(service);
    await server.stop();
  }
}

function judge({
  acknowledged,
  lost,
  refused,
  readyMilliseconds,
  ended,
}: Omit<DatabaseKillResult, keyof Result>): Result {
  const slowest = Math.max(...readyMilliseconds);
  const unanswered = Object.keys(refused).filter((status) => !/^\d+$/.test(status));
  const turnedAway = Object.values(refused).reduce((sum, count) => sum + count, 0);
  return {
    measured: `${lost.length} of ${acknowledged} acknowledged articles lost over ${readyMilliseconds.length} kills of the database (SIGKILL) under people who write; ${turnedAway} requests refused while it was gone, ${unanswered.length} left without an answer; ready at most ${slowest} ms after the database`,
    problems: [
      ...(acknowledged === 0 ? ['no article was ever published'] : []),
      ...(lost.length === 0 ? [] : [`lost were ${lost.length} articles, ${lost[0]} among them`]),
      ...unanswered.map((what) => `${refused[what]} requests had no answer: ${what}`),
      ...(ended === null ? [] : [`the service ended with ${ended}`]),
      ...(slowest <= READY_MILLISECONDS ? [] : [`it took ${slowest} ms to be ready again`]),
    ],
  };
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
