import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Action, Answer } from './fleet-actions.ts';
import { FleetJudge } from './fleet-judge.ts';

const FRAME = '<a class="navbar-brand" href="/">';
const TIMEOUT = Object.assign(new Error('it took too long'), { name: 'TimeoutError' });

const answer = (status: number, text: string, retryAfter: string | null = '1'): Answer => ({
  status,
  text,
  retryAfter,
  cookie: '',
});
const told = (away: string) => answer(503, JSON.stringify({ errors: { [away]: ['is not available'] } }));
const good = answer(200, 'the article');

let judge: FleetJudge;

beforeEach(() => {
  judge = new FleetJudge();
});

/** Reads an article: as a page, or by the API. */
function reads(given: Answer | Error, needs: Action['needs'] = ['content']): Action {
  return {
    name: 'reading',
    needs,
    status: 200,
    holds: (text) => text === 'the article',
    send: async () => {
      if (given instanceof Error) throw given;
      return given;
    },
  };
}

const page = (given: Answer | Error) => reads(given, ['web', 'content']);

describe('with all there', () => {
  test.each<[string, Action, string]>([
    ['another answer', reads(answer(200, 'another article')), 'reading: 200 another article'],
    ['another status', reads(answer(500, 'failed')), 'reading: 500 failed'],
    [
      'that something is away',
      reads(told('content')),
      'reading: 503 {"errors":{"content":["is not available"]}}',
    ],
    ['a broken connection', reads(new Error('fetch failed')), 'reading: no answer, fetch failed'],
  ])('%s is wrong', async (_what, action, problem) => {
    await judge.watch(action);
    expect([judge.wrong, judge.problems()]).toEqual([1, [problem]]);
  });
});

describe('while a target is away', () => {
  test.each<[string, Action, 'content' | 'web' | 'auth']>([
    ['what can do without it is served', reads(good), 'auth'],
    ['the API says that it is away', reads(told('content')), 'content'],
    ['a page says it in its frame', page(answer(503, FRAME)), 'content'],
    ['the entry says it when pages are away', page(told('web')), 'web'],
  ])('%s', async (_what, action, away) => {
    judge.settles(away);
    await judge.watch(action);
    expect(judge.wrong).toBe(0);
  });

  test.each<[string, Action, 'content' | 'auth']>([
    ['what needs it is not served', reads(good), 'content'],
    ['what can do without it is not refused', reads(told('auth')), 'auth'],
    ['another is not blamed', reads(told('auth')), 'content'],
    ['a page is not answered without its frame', page(told('content')), 'content'],
    ['the API is not answered with a page', reads(answer(503, FRAME)), 'content'],
    ['it is said when to come again', reads({ ...told('content'), retryAfter: null }), 'content'],
    ['nobody is cut off', reads(new Error('fetch failed')), 'content'],
  ])('%s', async (_what, action, away) => {
    judge.settles(away);
    await judge.watch(action);
    expect(judge.wrong).toBe(1);
  });
});

describe('while it goes or comes', () => {
  beforeEach(() => judge.changes('content'));

  test.each([
    ['as with it', reads(good)],
    ['as without it', reads(told('content'))],
    ['not at all', reads(new Error('fetch failed'))],
  ])('a request may be answered %s', async (_what, action) => {
    await judge.watch(action);
    expect(judge.wrong).toBe(0);
  });

  test.each([
    ['wrongly', reads(answer(200, 'another article'))],
    ['with a failure', reads(answer(500, 'failed'))],
    ['after too long', reads(TIMEOUT)],
  ])('no request may be answered %s', async (_what, action) => {
    await judge.watch(action);
    expect(judge.wrong).toBe(1);
  });

  test('it is told how long it took until all was as before', async () => {
    judge.isBack();
    await judge.watch({
      ...reads(told('content')),
      // Not one timer of 50 ms, which may fire a moment early.
      send: async () => {
        const asked = performance.now();
        while (performance.now() - asked < 50) await new Promise(setImmediate);
        return told('content');
      },
    });
    await judge.watch(reads(good));
    expect(judge.recovery).toBeGreaterThanOrEqual(50);
    expect(judge.wrong).toBe(0);
  });
});

test('what nobody tried in a situation is told', async () => {
  await judge.watch(reads(good));
  judge.settles('auth');
  await judge.watch(reads(good));
  expect(judge.untried([reads(good)])).toEqual([
    'reading, without content: nobody tried',
    'reading, without recommendations: nobody tried',
    'reading, without web: nobody tried',
  ]);
});
