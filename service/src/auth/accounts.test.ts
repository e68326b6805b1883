import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, startTestService, type TestService, Visitor } from '../testing.ts';

const ADA = { username: 'Ada', email: 'ada@example.com', password: 'countess1' };

interface Told {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly errors: unknown;
}

/** Sends something to the API from an address, and gives all that a client is told. */
async function send(service: TestService, path: string, user: unknown, address = '192.0.2.1'): Promise<Told> {
  const response = await fetch(`${service.url}/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ user }),
  });
  const { errors } = (await response.json()) as { errors?: unknown };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), errors };
}

const signIn = (service: TestService, email: string, password: string, address?: string) =>
  send(service, '/users/login', { email, password }, address);

const INVALID: Told = { status: 401, retryAfter: null, errors: { credentials: ['invalid'] } };
const TOO_MANY: Told = {
  status: 429,
  retryAfter: '1200',
  errors: { requests: ['are too many; try again in 20 minutes'] },
};

describe('where three wrong passwords an hour are allowed', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({
      config: { authLimits: { signInFailuresPerHour: 3, signUpsPerHour: 3 } },
    });
    await send(service, '/users', ADA, '192.0.2.99');
  });

  afterAll(() => service.stop());

  test.each([
    ['an account', ADA.email, 'aDA@EXAMPLE.com', '192.0.2.1'],
    ['an address that nobody has', 'nobody@example.com', 'NoBody@Example.com', '192.0.2.2'],
  ])('the fourth for %s is 429, whatever the case of the address', async (_what, email, other, address) => {
    const told = [];
    for (const name of [email, other, email, other]) told.push(await signIn(service, name, 'wrong', address));
    const fourth = told.pop();
    expect(told).toEqual([INVALID, INVALID, INVALID]);
    expect({ ...fourth, retryAfter: Number(fourth?.retryAfter) }).toEqual({
      ...TOO_MANY,
      retryAfter: expect.closeTo(1_200, -1),
    });
  });

  test('the right password is refused as well then, but taken from elsewhere', async () => {
    expect((await signIn(service, ADA.email, ADA.password)).status).toBe(429);
    expect((await signIn(service, ADA.email, ADA.password, '192.0.2.3')).status).toBe(200);
  });

  test('a form on the pages is refused by the same limit', async () => {
    const visitor = new Visitor(service);
    const form = { email: ADA.email, password: ADA.password };
    const refused = await visitor.submit('/login', form, { 'x-forwarded-for': '192.0.2.1' });
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    const taken = await visitor.submit('/login', form, { 'x-forwarded-for': '192.0.2.4' });
    expect(taken.status).toBe(303);
  });

  test('somebody who mistypes now and then is never refused', async () => {
    for (let day = 0; day < 5; day += 1) {
      expect((await signIn(service, ADA.email, 'wrong', '192.0.2.5')).status).toBe(401);
      expect((await signIn(service, ADA.email, ADA.password, '192.0.2.5')).status).toBe(200);
    }
  });

  test('and three sign-ups: the fourth is 429, also when the others made no account', async () => {
    const told = [];
    for (let time = 0; time < 4; time += 1) told.push(await send(service, '/users', ADA, '192.0.2.6'));
    expect(told.map(({ status }) => status)).toEqual([409, 409, 409, 429]);
    const fresh = { username: 'Eve', email: 'eve@example.com', password: 'password1' };
    expect((await send(service, '/users', fresh, '192.0.2.6')).status).toBe(429);
    expect((await send(service, '/users', fresh, '192.0.2.7')).status).toBe(201);
  });
});

describe('signing in', () => {
  let service: TestService;

  beforeAll(async () => {
    // Far fewer tries than sign-ins at once.
    service = await startTestService({
      config: { authLimits: { signInFailuresPerHour: 10, signUpsPerHour: 10 } },
    });
    await send(service, '/users', ADA);
  });

  afterAll(() => service.stop());

  test('takes as long for an address that nobody has as for a wrong password', async () => {
    const milliseconds = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 9; round += 1) {
      for (const [who, email] of [
        ['known', ADA.email],
        ['unknown', `nobody${round}@example.com`],
      ] as const) {
        const start = performance.now();
        expect(await signIn(service, email, 'wrong')).toEqual(INVALID);
        milliseconds[who].push(performance.now() - start);
      }
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[4] as number;
    // Hashing is nearly all of it: without, the one would take a tenth of the other.
    const ratio = median(milliseconds.unknown) / median(milliseconds.known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  test('of a hundred at once is done for those who have a place in the line; the others come again', async () => {
    const hundred = Array.from({ length: 100 }, () => signIn(service, ADA.email, ADA.password));
    let done = 0;
    for (const one of hundred) void one.then(({ status }) => (done += status === 200 ? 1 : 0));
    // Whoever only reads doesn't wait behind them.
    expect((await call(service, 'GET', '/tags')).status).toBe(200);
    expect(done).toBeLessThan(30);

    const told = await Promise.all(hundred);
    const busy = told.filter(({ status }) => status !== 200);
    expect(busy).toEqual(
      busy.map(() => ({
        status: 503,
        retryAfter: '1',
        errors: { server: ['is busy; please try again in a moment'] },
      })),
    );
    // Thirty-two in line and one at work, at the least.
    expect(done).toBeGreaterThanOrEqual(33);
    expect(busy.length).toBeGreaterThan(0);
  });
});
