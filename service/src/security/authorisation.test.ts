/** Who may do what: every operation, tried by everybody. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATIONS } from '../contract/operations.ts';
import { tableDump } from '../testing/table-dump.ts';
import { CALLERS, type Caller, createWorld, type World } from './world.ts';

/** What each caller is answered, in the order of {@link CALLERS}. */
type Row = readonly number[];

/** Needs no token and reads none. */
const open = (status: number): Row => CALLERS.map(() => status);
/** A bad token is refused even where none is needed; one of a user who is gone sees what a guest sees. */
const ANYONE: Row = [200, 200, 200, 200, 401, 401, 401];
/** Everybody for themselves. */
const user = (status: number): Row => [401, status, status, 401, 401, 401, 401];
/** The owner alone. */
const owned = (status: number): Row => [401, status, 403, 401, 401, 401, 401];

/** By the operation's id: a row for each, and what it is called with. */
const TABLE: Readonly<Record<string, { row: Row; body?: (unique: string) => unknown }>> = {
  Login: { row: open(200), body: () => ({ user: { email: CREDENTIALS.email, password: 'password1' } }) },
  CreateUser: {
    row: open(201),
    body: (unique) => ({
      user: { username: unique, email: `${unique}@example.com`, password: 'password1' },
    }),
  },
  GetCurrentUser: { row: user(200) },
  UpdateCurrentUser: { row: user(200), body: (unique) => ({ user: { bio: unique } }) },
  GetProfileByUsername: { row: ANYONE },
  // Nobody follows themselves.
  FollowUserByUsername: { row: [401, 422, 200, 401, 401, 401, 401] },
  UnfollowUserByUsername: { row: user(200) },
  GetArticles: { row: ANYONE },
  GetArticlesFeed: { row: user(200) },
  CreateArticle: {
    row: user(201),
    body: (unique) => ({ article: { title: unique, description: 'd', body: 'b' } }),
  },
  GetArticle: { row: ANYONE },
  UpdateArticle: { row: owned(200), body: (unique) => ({ article: { title: unique } }) },
  DeleteArticle: { row: owned(204) },
  CreateArticleFavorite: { row: user(200) },
  DeleteArticleFavorite: { row: user(200) },
  GetArticleComments: { row: ANYONE },
  CreateArticleComment: { row: user(201), body: (unique) => ({ comment: { body: unique } }) },
  DeleteArticleComment: { row: owned(204) },
  GetTags: { row: open(200) },
  GetRecommendations: { row: ANYONE },
};

const CREDENTIALS = { email: `${Buffer.from('Owner').toString('hex')}@example.com` };

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => world.service.stop());

/** What a refused caller is told. */
function refusal(caller: Caller, status: number, operation: (typeof OPERATIONS)[number]): unknown {
  if (status === 401) return { token: [caller === 'guest' ? 'is missing' : 'is invalid'] };
  if (status === 403) return { [operation.subject ?? '']: ['forbidden'] };
  return expect.anything();
}

test('every operation has its row', () => {
  expect(Object.keys(TABLE).sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
});

describe.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('%s', (id, operation) => {
  test.each(CALLERS.map((caller, index) => [caller, TABLE[id]?.row[index]] as const))(
    'by %s is %d',
    async (caller, expected) => {
      const names = { ...(await world.write()), username: 'Owner' };
      const before = await tableDump(world.service.database.pool);
      const { status, body } = await world.send(operation, {
        params: names,
        body: TABLE[id]?.body?.(`${id} ${caller}`.replaceAll(' ', '-')),
        token: world.tokens[caller],
      });
      expect(status).toBe(expected);
      if (status < 400) return;
      expect(body.errors).toEqual(refusal(caller, status, operation));
      // Whoever is refused has changed nothing.
      expect(await tableDump(world.service.database.pool)).toEqual(before);
    },
  );
});

describe('what does not exist', () => {
  const named = OPERATIONS.filter(({ subject }) => subject !== undefined);
  const nothing = { slug: 'no-such-article', username: 'nobody', id: 999_999_999 };

  test.each(named.map((operation) => [operation.id, operation] as const))(
    'is not found by %s, and whoever must say who they are is asked that first',
    async (id, operation) => {
      const body = TABLE[id]?.body?.(`nothing-${id}`);
      const notFound = { status: 404, body: { errors: { [operation.subject ?? '']: ['not found'] } } };
      const missing = { status: 401, body: { errors: { token: ['is missing'] } } };
      const found = operation.subject === 'comment' ? await world.write() : {};
      const params = { ...nothing, ...found, id: nothing.id };
      const { owner } = world.tokens;
      expect(await world.send(operation, { params, body, token: owner })).toEqual(notFound);
      expect(await world.send(operation, { params, body })).toEqual(
        operation.caller === 'user' ? missing : notFound,
      );
    },
  );

  test('is a comment under another article', async () => {
    const remove = OPERATIONS.find(({ id }) => id === 'DeleteArticleComment');
    if (remove === undefined) throw new Error('there is no such operation');
    const [one, other] = [await world.write(), await world.write()];
    const params = { slug: one.slug, id: other.id };
    const { status } = await world.send(remove, { params, token: world.tokens.owner });
    expect(status).toBe(404);
  });
});

test('a token is not told apart by its scheme’s case, and nothing else is a token', async () => {
  const { owner } = world.tokens;
  const ask = async (authorization: string) =>
    (await fetch(`${world.service.url}/api/user`, { headers: { authorization } })).status;
  expect(await ask(`token ${owner}`)).toBe(200);
  for (const wrong of [`Bearer ${owner}`, `Token ${owner} ${owner}`, `Token${owner}`, `${owner}`, 'Token']) {
    expect(await ask(wrong)).toBe(401);
  }
});
