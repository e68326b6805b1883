/** Text that tries to be more than text, in every place of every operation where a client can put some. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Operation } from '../contract/operation.ts';
import { OPERATIONS } from '../contract/operations.ts';
import { tableDump } from '../testing/table-dump.ts';
import { signUpByApi } from '../testing.ts';
import { createWorld, type World } from './world.ts';

const HOSTILE = [
  "' OR '1'='1",
  "' OR 1=1 --",
  "'; DROP TABLE articles; --",
  "'); DELETE FROM users; --",
  "x' UNION SELECT password_hash FROM users --",
  "'||(SELECT pg_sleep(5))||'",
  '"; TRUNCATE comments; --',
  '`; DROP TABLE follows; `',
  "\\'; DROP TABLE favorites; --",
  "E'\\x27'",
  '$1',
  '$$; DROP TABLE users; $$',
  '%',
  '_',
  'NULL',
  '1; DELETE FROM comments',
  '%27%20OR%201=1',
  '\u02bc OR 1=1',
  '\0',
  '__proto__',
  '{"$ne": null}',
];

/** What an operation with a body is sent when nothing is wrong with it. */
const BODIES: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  Login: { user: { email: 'owner@example.com', password: 'password1' } },
  CreateUser: { user: { username: 'Somebody', email: 'somebody@example.com', password: 'password1' } },
  UpdateCurrentUser: {
    user: { username: 'Owner', email: 'owner@example.com', password: 'password1', bio: 'b', image: 'i' },
  },
  CreateArticle: { article: { title: 't', description: 'd', body: 'b', tagList: '' } },
  UpdateArticle: { article: { title: 't', description: 'd', body: 'b', tagList: '' } },
  CreateArticleComment: { comment: { body: 'b' } },
};

/** In all that a bystander has written, so that it can be found again. */
const MARK = 'bystander-mark';

let world: World;
let token: string | undefined;
let names: { slug: string; id: number; username: string };

beforeAll(async () => {
  world = await createWorld();
  token = world.tokens.owner;
  names = { ...(await world.write()), username: 'Stranger' };
  const { pool } = world.service.database;
  await signUpByApi(world.service, MARK);
  await pool.query(`INSERT INTO articles (author_id, slug, title, description, body)
                    SELECT id, username, username, username, username FROM users WHERE username = '${MARK}'`);
  await pool.query(`INSERT INTO comments (article_id, author_id, body)
                    SELECT id, author_id, slug FROM articles WHERE slug = '${MARK}'`);
});

afterAll(() => world.service.stop());

const dump = () => tableDump(world.service.database.pool);

function bodyOf({ id }: Operation): unknown {
  const [[wrapper, fields] = []] = Object.entries(BODIES[id] ?? {});
  return wrapper === undefined ? undefined : { [wrapper]: { ...fields, tagList: [] } };
}

test('every operation with a body is tried', () => {
  const withBody = OPERATIONS.filter(({ body }) => body !== undefined);
  expect(Object.keys(BODIES).sort()).toEqual(withBody.map(({ id }) => id).sort());
});

describe('in the path', () => {
  const places = OPERATIONS.flatMap((operation) =>
    Object.keys(operation.params.shape).map((name) => [operation.id, name, operation] as const),
  );

  test.each(places)('of %s, as %s, it is the name of nothing', async (_id, name, operation) => {
    const before = await dump();
    for (const text of HOSTILE) {
      const params = { ...names, [name]: text };
      const { status } = await world.send(operation, { params, body: bodyOf(operation), token });
      expect([text, status]).toEqual([text, 404]);
    }
    expect(await dump()).toEqual(before);
  });
});

describe('in the query', () => {
  const places = OPERATIONS.flatMap((operation) =>
    Object.keys(operation.query.shape).map((name) => [operation.id, name, operation] as const),
  );

  test.each(places)('of %s, as %s, it finds nothing or is refused', async (_id, name, operation) => {
    const before = await dump();
    for (const text of HOSTILE) {
      const { status, body } = await world.send(operation, { query: { [name]: text }, token });
      const found = status === 200 ? body.articles : status === 422 || status === 404 ? [] : status;
      expect([text, found]).toEqual([text, []]);
    }
    expect(await dump()).toEqual(before);
  });
});

describe('in the body', () => {
  const places = OPERATIONS.flatMap((operation) =>
    Object.entries(BODIES[operation.id] ?? {}).flatMap(([wrapper, fields]) =>
      Object.keys(fields).map((name) => [operation.id, name, wrapper, operation] as const),
    ),
  );
  /** How many rows each table has, and all that is the bystander's. */
  const looks = async () => {
    const tables = Object.entries(await dump());
    const marked = tables.map(([name, rows]) => [name, rows.filter((row) => row.includes(MARK))]);
    return { counts: new Map(tables.map(([name, rows]) => [name, rows.length])), marked };
  };

  test.each(places)('of %s, as %s, it is kept as it is or refused', async (_id, name, wrapper, operation) => {
    const before = await looks();
    for (const text of HOSTILE) {
      // Each time in an article of its own, because the slug follows the title.
      const params = operation.id === 'UpdateArticle' ? { ...names, ...(await world.write()) } : names;
      const fields = (bodyOf(operation) as Record<string, object>)[wrapper];
      const body = { [wrapper]: { ...fields, [name]: name === 'tagList' ? [text] : text } };
      const { status, body: reply } = await world.send(operation, { params, body, token });
      expect([text, [200, 201, 401, 409, 422].includes(status)]).toEqual([text, true]);
      const kept = reply[wrapper]?.[name];
      // A password is not shown again.
      if (kept !== undefined) expect(kept).toEqual(name === 'tagList' ? [text] : text);
    }
    const after = await looks();
    expect(after.marked).toEqual(before.marked);
    for (const [table, count] of before.counts) {
      expect([table, (after.counts.get(table) ?? 0) >= count]).toEqual([table, true]);
    }
  });

  test('fields of JavaScript’s own change nothing in the process', async () => {
    const operation = OPERATIONS.find(({ id }) => id === 'UpdateCurrentUser');
    if (operation === undefined) throw new Error('there is no such operation');
    const body =
      '{"user": {"bio": "b", "__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}}';
    expect((await world.send(operation, { body, token })).status).toBe(200);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('as a token', () => {
  test('it is believed by no operation that reads one', async () => {
    const before = await dump();
    for (const operation of OPERATIONS.filter(({ caller }) => caller !== 'guest')) {
      for (const text of HOSTILE.map((each) => each.replaceAll(/[^\x21-\x7e]/g, '.'))) {
        const answer = await world.send(operation, { params: names, body: bodyOf(operation), token: text });
        expect(answer).toEqual({ status: 401, body: { errors: { token: ['is invalid'] } } });
      }
    }
    expect(await dump()).toEqual(before);
  });
});
