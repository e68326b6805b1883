import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { ROOT, SLIPWAY } from '../../lib/repo.ts';
import { until } from '../../lib/until.ts';
import { startPostgres } from '../../local/postgres.ts';
import { measure, median } from '../measure.ts';
import { fill } from './database.ts';
import { buildImage, type Image } from './image.ts';
import { type Load, load } from './load.ts';
import { type Server, startServer } from './server.ts';

/** What is asked for. `spread` is the list again, but a different part of it each time: nothing can be shared. */
export const QUESTIONS = ['list', 'spread', 'tags', 'home'] as const;
export type Question = (typeof QUESTIONS)[number];

/** Who answers: the service; Express with one joined query; Express with JSON made beforehand. */
export const SERVERS = ['ours', 'joined', 'fixed'] as const;
export type ServerName = (typeof SERVERS)[number];

/** What is held against the number of articles: a page each, asked by one visitor alone. */
export const PAGES = ['list', 'feed', 'tag'] as const;
export type PageName = (typeof PAGES)[number];

/** The measurements. */
export interface Figures {
  readonly articles: number;
  readonly connections: number;
  /** Medians over the rounds; a server that does not answer a question has none. */
  readonly loads: Readonly<Record<Question, Readonly<Partial<Record<ServerName, Load>>>>>;
  /** What the service holds after its last round, in megabytes. */
  readonly memoryMegabytes: number;
  /** From its start until it was ready. */
  readonly readyMilliseconds: number;
  /** Mean milliseconds of each page, by how many articles there are. */
  readonly growth: readonly {
    readonly articles: number;
    readonly means: Readonly<Record<PageName, number>>;
  }[];
}

export interface ServiceBenchOptions {
  /** Articles in the database while loads are measured. */
  readonly articles: number;
  /** Also the cost of pages with this many; none leaves it out. */
  readonly many?: number;
  readonly connections: number;
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
  /** Told before each measurement. */
  progress(text: string): void;
}

const FLOOR = join(import.meta.dirname, 'floor.ts');
const SESSION_KEY = 'the key of a benchmark, for nobody else to use';
const LIMIT = 20;

/** Longer than it ever takes. */
const READY_MS = 20_000;

/** Which servers answer which question, and by which paths. */
const ASKED: Record<Question, { servers: readonly ServerName[]; paths: (articles: number) => string[] }> = {
  list: { servers: ['ours', 'joined', 'fixed'], paths: () => [`/api/articles?limit=${LIMIT}`] },
  spread: { servers: ['ours', 'joined'], paths: spread },
  tags: { servers: ['ours', 'fixed'], paths: () => ['/api/tags'] },
  home: { servers: ['ours'], paths: () => ['/'] },
};

/** Measures the service, as its image runs it, and its floors on this machine, one after another, beside an embedded PostgreSQL. */
export async function benchService(options: ServiceBenchOptions): Promise<Figures> {
  const { articles, connections, many, progress } = options;
  const folder = join(SLIPWAY, 'bench', 'service');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  progress('starting PostgreSQL');
  const postgres = await startPostgres({
    folder: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    throwaway: true,
  });
  try {
    progress('building the service');
    const image = await buildImage(join(folder, 'build'));
    progress(`making ${articles} articles`);
    const few = await makeDatabase(image, postgres.url, articles);
    const { loads, memoryMegabytes, readyMilliseconds } = await measureLoads(image, few, options);
    const growth = [];
    for (const count of many === undefined ? [] : [articles, many]) {
      progress(`making ${count} articles`);
      const url = count === articles ? few : await makeDatabase(image, postgres.url, count);
      growth.push({ articles: count, means: await measurePages(image, url, options) });
    }
    return { articles, connections, loads, memoryMegabytes, readyMilliseconds, growth };
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeDatabase(image: Image, serverUrl: string, articles: number): Promise<string> {
  const name = `bench_${articles}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const address = new URL(serverUrl);
  address.pathname = `/${name}`;
  await measure({
    command: [process.execPath, image.file, '--migrate'],
    cwd: ROOT,
    env: environment(address.href),
  });
  await fill(address.href, articles);
  return address.href;
}

function environment(databaseUrl: string): Record<string, string> {
  return { DATABASE_URL: databaseUrl, SESSION_KEY, PORT: '0', MANAGEMENT_PORT: '0', LOG_LEVEL: 'warn' };
}

async function startOurs(
  { file, flags, env }: Image,
  databaseUrl: string,
): Promise<{ server: Server; readyMilliseconds: number }> {
  const begin = performance.now();
  const server = await startServer(file, [], { ...env, ...environment(databaseUrl) }, flags);
  const ready = await until(async () => (await fetch(`${server.managementUrl}/readyz`)).ok, READY_MS);
  if (!ready) throw new Error(`the service was not ready within ${READY_MS} ms`);
  return { server, readyMilliseconds: performance.now() - begin };
}

async function measureLoads(
  image: Image,
  databaseUrl: string,
  { articles, connections, progress, rounds, seconds }: ServiceBenchOptions,
): Promise<Pick<Figures, 'loads' | 'memoryMegabytes' | 'readyMilliseconds'>> {
  const ready: number[] = [];
  const memory: number[] = [];
  const all = new Map<string, Load[]>();
  for (let round = 1; round <= rounds; round++) {
    // Turn by turn, so that a slow minute of the machine is shared by all.
    for (const name of SERVERS) {
      const env = { DATABASE_URL: databaseUrl };
      const ours = name === 'ours' ? await startOurs(image, databaseUrl) : undefined;
      const server = ours?.server ?? (await startServer(FLOOR, [name], env));
      try {
        for (const question of QUESTIONS.filter((each) => ASKED[each].servers.includes(name))) {
          progress(`round ${round} of ${rounds}: ${question}, ${name}`);
          const asked = { url: server.url, paths: ASKED[question].paths(articles), connections };
          // Unmeasured: connections, prepared statements, compiled code.
          await load({ ...asked, seconds: 1 });
          const key = `${question} ${name}`;
          all.set(key, [...(all.get(key) ?? []), await load({ ...asked, seconds })]);
        }
        if (ours) {
          ready.push(ours.readyMilliseconds);
          memory.push(server.memory());
        }
      } finally {
        await server.stop();
      }
    }
  }
  const loads = Object.fromEntries(
    QUESTIONS.map((question) => [
      question,
      Object.fromEntries(
        ASKED[question].servers.map((name) => [name, middle(all.get(`${question} ${name}`) ?? [])]),
      ),
    ]),
  ) as Record<Question, Partial<Record<ServerName, Load>>>;
  return { loads, memoryMegabytes: median(memory), readyMilliseconds: median(ready) };
}

/** What one visitor waits for each page, with nobody else there: what a page costs without what load adds. */
async function measurePages(
  image: Image,
  databaseUrl: string,
  { progress, seconds }: ServiceBenchOptions,
): Promise<Record<PageName, number>> {
  const { server } = await startOurs(image, databaseUrl);
  try {
    const token = await reader(server.url, databaseUrl);
    const headers = { authorization: `Token ${token}` };
    const asked: Record<PageName, { paths: string[]; headers?: Record<string, string> }> = {
      list: { paths: [`/api/articles?limit=${LIMIT}`] },
      feed: { paths: [`/api/articles/feed?limit=${LIMIT}`], headers },
      tag: { paths: [`/api/articles?limit=${LIMIT}&tag=tag-1`] },
    };
    const means: Partial<Record<PageName, number>> = {};
    for (const name of PAGES) {
      progress(`the page ${name}, one visitor`);
      await load({ url: server.url, connections: 1, seconds: 1, ...asked[name] });
      means[name] = (await serial(server.url, seconds, asked[name])).mean;
    }
    return means as Record<PageName, number>;
  } finally {
    await server.stop();
  }
}

/** One request after the other. autocannon counts whole milliseconds, so the mean is taken from how many there were. */
async function serial(
  url: string,
  seconds: number,
  asked: { paths: string[]; headers?: Record<string, string> },
): Promise<Load> {
  const result = await load({ url, connections: 1, seconds, ...asked });
  return { ...result, mean: 1_000 / result.perSecond };
}

/** Signs a reader up who follows half of the people. */
async function reader(url: string, databaseUrl: string): Promise<string> {
  const user = { username: 'reader', email: 'reader@example.com', password: 'a password' };
  const response = await fetch(`${url}/api/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  const body = (await response.json()) as { user: { token: string } };
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `INSERT INTO follows (follower_id, followed_id)
     SELECT reader.id, other.id FROM users AS reader JOIN users AS other ON other.id % 2 = 0
      WHERE reader.username = 'reader' AND other.id <> reader.id`,
  );
  await client.end();
  return body.user.token;
}

function spread(articles: number): string[] {
  const parts = Math.max(1, Math.floor(articles / LIMIT));
  // In an order that no cache of the last few could follow.
  return Array.from(
    { length: Math.min(parts, 50) },
    (_, n) => `/api/articles?limit=${LIMIT}&offset=${((n * 7) % parts) * LIMIT}`,
  );
}

function middle(loads: readonly Load[]): Load {
  return {
    perSecond: median(loads.map(({ perSecond }) => perSecond)),
    p99: median(loads.map(({ p99 }) => p99)),
    mean: median(loads.map(({ mean }) => mean)),
  };
}
