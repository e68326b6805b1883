/** Every error that an operation's contract names can be had, and looks as it says. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { failure } from '../contract/fields.ts';
import type { Operation } from '../contract/operation.ts';
import { OPERATIONS } from '../contract/operations.ts';
import { createWorld, type World } from './world.ts';

type Status = Operation['errors'][number];
type Call = Parameters<World['send']>[1];

let world: World;
/** One in which nearly nothing is allowed. */
let strict: World;

beforeAll(async () => {
  [world, strict] = await Promise.all([
    createWorld(),
    createWorld({ authLimits: { signInFailuresPerHour: 1, signUpsPerHour: 2 } }),
  ]);
});

afterAll(() => Promise.all([world.service.stop(), strict.service.stop()]));

const CREDENTIALS = { user: { email: 'nobody@example.com', password: 'password1' } };
const TAKEN = { user: { username: 'Stranger', email: 'other@example.com', password: 'password1' } };
const UNKNOWN = { slug: 'no-such-article', username: 'nobody', id: 999_999_999 };

/** A body that is as it should be. */
const GOOD: Readonly<Record<string, unknown>> = {
  Login: CREDENTIALS,
  CreateUser: TAKEN,
  UpdateCurrentUser: { user: { username: 'Stranger' } },
  CreateArticle: { article: { title: 't', description: 'd', body: 'b' } },
  UpdateArticle: { article: { title: 't' } },
  CreateArticleComment: { comment: { body: 'b' } },
};

/** What has to be wrong for a status; all else is right. */
const WRONG: Readonly<Record<Status, (operation: Operation) => Call>> = {
  400: () => ({ body: '{"user":' }),
  401: ({ id }) => (id === 'Login' ? { body: CREDENTIALS } : { token: world.tokens.expired }),
  403: () => ({ token: world.tokens.stranger }),
  404: ({ subject }) => (subject === undefined ? { query: { article: UNKNOWN.slug } } : { params: UNKNOWN }),
  409: () => ({}),
  413: () => ({ body: { user: { username: 'x'.repeat(256 * 1024) } } }),
  415: () => ({ headers: { 'content-encoding': 'snappy' } }),
  422: ({ id, body }) => {
    if (id === 'FollowUserByUsername') return { params: { username: 'Owner' } };
    return body === undefined ? { query: { limit: 'many' } } : { body: {} };
  },
  429: () => ({}),
};

const cases = OPERATIONS.flatMap((operation) =>
  operation.errors.map((status) => [operation.id, status, operation] as const),
);

test.each(cases)('%s can be %d', async (id, status, operation) => {
  const { send, tokens, write } = status === 429 ? strict : world;
  const right = { params: { ...(await write()), username: 'Stranger' }, body: GOOD[id], token: tokens.owner };
  const call = { ...right, ...WRONG[status](operation) };
  // The second time at the latest, there are no tries left.
  if (status === 429) await send(operation, call);
  const answer = await send(operation, call);
  expect(answer.status).toBe(status);
  expect(failure.strict().parse(answer.body)).toEqual(answer.body);
});
