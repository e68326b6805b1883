import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestService, type TestService } from '../src/testing.ts';
import { fuzz } from './fuzz.ts';
import { judgeOf } from './judge.ts';
import type { Description } from './requests.ts';

const REQUESTS = 2_000;

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

test(`${REQUESTS} random requests: nothing fails, every answer is as described`, async () => {
  const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 1e9));
  const { findings, operations } = await fuzz({ url: service.url, requests: REQUESTS, seed });
  // The seed is in the message, so that what was found can be sent again.
  expect({ seed, findings: findings.slice(0, 5) }).toEqual({ seed, findings: [] });
  const never = Object.entries(operations).filter(([, { well }]) => well === 0);
  expect({ seed, never }).toEqual({ seed, never: [] });
}, 120_000);

describe('the judge', () => {
  let description: Description;
  const answer = (status: number, body: unknown) => ({
    status,
    contentType: 'application/json; charset=utf-8',
    text: JSON.stringify(body),
  });

  beforeAll(async () => {
    description = (await (await fetch(`${service.url}/api/openapi.json`)).json()) as Description;
  });

  test.each([
    ['a failure', answer(500, { errors: { server: ['failed'] } }), /^it answers 500/],
    ['a status that is not described', answer(202, { tags: [] }), /202, which is not described/],
    ['an error of another form', answer(422, { message: 'no' }), /must have required property 'errors'/],
    ['a field that is missing', answer(200, {}), /must have required property 'tags'/],
    [
      'a field that nobody described',
      answer(200, { tags: [], more: 1 }),
      /must NOT have additional properties/,
    ],
    ['another kind of value', answer(200, { tags: [1] }), /must be string/],
    ['no JSON', { ...answer(200, {}), text: '<html>' }, /what is no JSON/],
    ['another type of content', { ...answer(200, { tags: [] }), contentType: 'text/html' }, /as text\/html/],
  ])('finds %s', (_what, given, message) => {
    const operation = description.paths['/tags']?.get;
    if (operation === undefined) throw new Error('the description lacks tags');
    expect(judgeOf(description)(operation, given)).toMatch(message);
    expect(judgeOf(description)(operation, answer(200, { tags: ['a'] }))).toBeUndefined();
  });
});
