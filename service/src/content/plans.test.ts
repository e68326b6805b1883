import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../database/migrate.ts';
import type { Database } from '../database/query.ts';
import { recommend } from '../recommendations/recommendations.ts';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { articleBySlug } from './articles.ts';
import { listComments } from './comments.ts';
import { type ArticleFilter, listArticles, listFeed } from './lists.ts';
import { listTags } from './tags.ts';

const READER = 1;
const FEW = 1_000;
const MANY = 100_000;
const FIRST_PAGE = { limit: 20, offset: 0 };

type Read = (database: Database) => Promise<unknown>;

const list =
  (filter: ArticleFilter, viewer: number | null = null): Read =>
  (database) =>
    listArticles(database, viewer, filter, FIRST_PAGE);

/** What must not cost more because there is more of everything. */
const PAGES: Record<string, Read> = {
  'all articles': list({}),
  'all articles, for a reader': list({}, READER),
  'those of a tag': list({ tag: 'tag3' }),
  'those of an author': list({ author: 'person 5' }),
  'those that somebody favourites': list({ favorited: 'person 5' }),
  'the feed': (database) => listFeed(database, READER, FIRST_PAGE),
  'the tags': (database) => listTags(database, 1_000),
  'an article': (database) => articleBySlug(database, READER, 'article-500'),
  'the comments on an article': (database) => listComments(database, READER, 'article-500'),
};

/** The articles of each author, and the favourites of whoever has some. */
const OF_ONE = MANY / 40;

/** What costs more, and how many pages at the most. */
const SEARCHES: Record<string, { read: Read; most: number }> = {
  'those of nobody': { read: list({ author: 'person 1999' }), most: 50 },
  'those that nobody favourites': { read: list({ favorited: 'person 1999' }), most: 50 },
  'those of no tag': { read: list({ tag: 'none' }), most: 50 },
  'the feed of somebody who follows nobody': {
    read: (database) => listFeed(database, 2_000, FIRST_PAGE),
    most: 50,
  },
  'the feed of somebody whose authors have written nothing': {
    read: (database) => listFeed(database, 1_800, FIRST_PAGE),
    most: 300,
  },
  'the comments on an article that has none': {
    read: (database) => listComments(database, null, 'silent'),
    most: 50,
  },
  // Of two filters at once, all that the first leaves are looked at, to count them.
  'those of an author and a tag': { read: list({ author: 'person 5', tag: 'tag5' }), most: 10 * OF_ONE },
  'those of a tag that somebody favourites': {
    read: list({ favorited: 'person 5', tag: 'tag4' }),
    most: 20 * OF_ONE,
  },
  'those of an author that somebody favourites': {
    read: list({ author: 'person 4', favorited: 'person 5' }),
    most: 10 * OF_ONE,
  },
  'recommendations for a guest': { read: (database) => recommend(database, null, undefined, 5), most: 1_000 },
  'recommendations for a guest who reads': {
    read: (database) => recommend(database, null, 'article-500', 5),
    most: 3_000,
  },
  'recommendations for a reader': {
    read: (database) => recommend(database, READER, undefined, 5),
    most: 5_000,
  },
  'recommendations for a reader who reads': {
    read: (database) => recommend(database, READER, 'article-500', 5),
    most: 5_000,
  },
};

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

interface Cost {
  /** Pages of the database that were looked at. */
  readonly pages: number;
  /** The tables that were read from end to end. */
  readonly scanned: string[];
}

let database: TestDatabase;
const few = new Map<string, Cost>();
const many = new Map<string, Cost>();

/** Adds articles up to a number, each with two tags, two favourites and two comments; their triggers would take long. */
async function grow(from: number, to: number): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('SET session_replication_role = replica');
  const articles = `generate_series(${from + 1}, ${to}) AS n`;
  await client.query(
    `INSERT INTO articles (author_id, slug, title, description, body, favorites_count)
     SELECT 1 + n % 40, 'article-' || n, 'Article ' || n, 'About ' || n, repeat('Words. ', 30), 2 FROM ${articles} ORDER BY n;
     INSERT INTO article_tags SELECT n, 1, 'tag' || n % 25 FROM ${articles};
     INSERT INTO article_tags SELECT n, 2, 'rare' || n % 1500 FROM ${articles};
     INSERT INTO favorites (article_id, user_id) SELECT n, 1 + (n + k * 7) % 40 FROM ${articles}, (VALUES (0), (1)) AS twice (k);
     INSERT INTO comments (article_id, author_id, body) SELECT n, 1 + n % 50, 'Well said.' FROM ${articles}, (VALUES (0), (1)) AS twice (k);
     UPDATE users SET articles_count = ${to} / 40 WHERE id <= 40;
     UPDATE users SET favorites_count = ${to} / 20 WHERE id <= 40;
     DELETE FROM tags;
     INSERT INTO tags SELECT tag, count(*) FROM article_tags GROUP BY tag;
     UPDATE article_totals SET articles_count = ${to} WHERE slot = 0`,
  );
  await client.query('VACUUM ANALYZE');
  await client.end();
}

/** Runs a read twice, so that the pages are in memory, and explains the statements of the second time. */
async function costOf(read: Read): Promise<Cost> {
  const client = await database.pool.connect();
  try {
    const seen: pg.QueryConfig[] = [];
    const watched: Database = {
      query: (config) => {
        seen.push(config);
        return client.query(config);
      },
    };
    await read(watched);
    seen.length = 0;
    await read(watched);
    let pages = 0;
    const scanned: string[] = [];
    for (const { name, values = [] } of seen) {
      const given = values.map((value) => (value === null ? 'NULL' : client.escapeLiteral(String(value))));
      const { rows } = await client.query(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE ${client.escapeIdentifier(name as string)} (${given.join(', ')})`,
      );
      const { Plan: plan } = rows[0]['QUERY PLAN'][0];
      pages += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
      scanned.push(...scans(plan));
    }
    return { pages, scanned };
  } finally {
    client.release();
  }
}

function scans(node: Node): string[] {
  const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] as string] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scans)];
}

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool);
  await database.pool.query(
    `INSERT INTO users (username, email, password_hash) SELECT 'person ' || n, n || '@example.com', '' FROM generate_series(1, 2000) AS n;
     INSERT INTO follows (follower_id, followed_id) SELECT n, n + k FROM generate_series(1, 1900) AS n, generate_series(1, 20) AS k`,
  );
  await grow(0, FEW);
  for (const [what, read] of Object.entries(PAGES)) few.set(what, await costOf(read));
  await grow(FEW, MANY);
  for (const [what, read] of Object.entries(PAGES)) many.set(what, await costOf(read));
  await database.pool.query(
    "INSERT INTO articles (author_id, slug, title, description, body) VALUES (50, 'silent', 'Silent', 'd', 'b')",
  );
  for (const [what, { read }] of Object.entries(SEARCHES)) many.set(what, await costOf(read));
}, 120_000);

afterAll(() => database.drop());

describe('with a hundred thousand articles', () => {
  test.each(Object.keys(PAGES))('%s cost at most half as much again as with a thousand', (what) => {
    const before = (few.get(what) as Cost).pages;
    expect(before).toBeGreaterThan(0);
    expect((many.get(what) as Cost).pages / before).toBeLessThanOrEqual(1.5);
  });

  test.each(Object.entries(SEARCHES))('%s cost a bounded number of pages', (what, { most }) => {
    expect((many.get(what) as Cost).pages).toBeLessThanOrEqual(most);
  });

  test.each(Object.keys({ ...PAGES, ...SEARCHES }))('%s are found without reading a whole table', (what) => {
    // The rows of this one are sixteen for ever.
    expect((many.get(what) as Cost).scanned.filter((table) => table !== 'article_totals')).toEqual([]);
  });
});
