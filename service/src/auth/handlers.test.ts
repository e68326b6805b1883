import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, startTestService, type TestService } from '../testing.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

const ADA = { username: 'Ada', email: 'ada@example.com', password: 'countess1' };

describe('POST /api/users', () => {
  test('makes an account', async () => {
    const { status, body } = await call(service, 'POST', '/users', { body: { user: ADA } });
    expect(status).toBe(201);
    expect(body).toEqual({
      user: { username: 'Ada', email: 'ada@example.com', token: expect.any(String), bio: null, image: null },
    });
  });

  test('keeps no password as it was typed', async () => {
    const { rows } = await service.database.pool.query('SELECT * FROM users');
    expect(JSON.stringify(rows)).not.toContain(ADA.password);
  });

  test.each([
    ['username', { ...ADA, email: 'other@example.com' }],
    ['username', { ...ADA, username: 'aDA', email: 'other@example.com' }],
    ['email', { ...ADA, username: 'Other' }],
    ['email', { ...ADA, username: 'Other', email: 'ADA@Example.com' }],
  ])('says that the %s is taken, whatever its case', async (field, user) => {
    const { status, body } = await call(service, 'POST', '/users', { body: { user } });
    expect({ status, body }).toEqual({
      status: 409,
      body: { errors: { [field]: ['has already been taken'] } },
    });
  });

  test('lets only one of two have a name at the same moment', async () => {
    const twins = [1, 2].map((number) =>
      call(service, 'POST', '/users', {
        body: { user: { ...ADA, username: 'Twin', email: `${number}@example.com` } },
      }),
    );
    expect((await Promise.all(twins)).map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test.each([
    ['no body', undefined, { body: ['must be a JSON object'] }],
    ['no user', {}, { user: ["can't be blank"] }],
    ['a user that is null', { user: null }, { user: ["can't be blank"] }],
    ['a user that is no object', { user: 'Ada' }, { user: ['must be an object'] }],
    [
      'nothing filled in',
      { user: {} },
      { username: ["can't be blank"], email: ["can't be blank"], password: ["can't be blank"] },
    ],
    [
      'blanks only',
      { user: { username: ' ', email: '', password: '        ' } },
      { username: ["can't be blank"], email: ["can't be blank"], password: ["can't be blank"] },
    ],
    [
      'values that are no text',
      { user: { username: 1, email: ['a@b.c'], password: { length: 9 } } },
      { username: ['must be a string'], email: ['must be a string'], password: ['must be a string'] },
    ],
    ['an address that is none', { user: { ...ADA, email: 'ada' } }, { email: ['is invalid'] }],
    [
      'a short password',
      { user: { ...ADA, password: 'seven77' } },
      { password: ['is too short (minimum is 8 characters)'] },
    ],
    [
      'a long password',
      { user: { ...ADA, password: 'x'.repeat(65) } },
      { password: ['is too long (maximum is 64 characters)'] },
    ],
    [
      'a long name',
      { user: { ...ADA, username: 'x'.repeat(65) } },
      { username: ['is too long (maximum is 64 characters)'] },
    ],
    [
      'a name with NUL',
      { user: { ...ADA, username: 'A\0da' } },
      { username: ["can't hold the character NUL"] },
    ],
    [
      'a name of dots',
      { user: { ...ADA, username: '..' } },
      { username: ['must hold a letter or a digit and no control characters'] },
    ],
  ])('refuses %s', async (_what, sent, errors) => {
    const { status, body } = await call(service, 'POST', '/users', { body: sent });
    expect({ status, body }).toEqual({ status: 422, body: { errors } });
  });
});

describe('POST /api/users/login', () => {
  test('gives a token that is good for GET /api/user', async () => {
    const { status, body } = await call(service, 'POST', '/users/login', {
      body: { user: { email: 'ADA@example.com', password: ADA.password } },
    });
    expect(status).toBe(200);
    expect(body.user).toEqual({
      username: 'Ada',
      email: ADA.email,
      token: expect.any(String),
      bio: null,
      image: null,
    });
    const me = await call(service, 'GET', '/user', { token: body.user.token });
    expect(me).toEqual({ status: 200, body: { user: { ...body.user, token: expect.any(String) } } });
  });

  test.each([
    ['a wrong password', { email: ADA.email, password: 'countess2' }],
    ['an unknown address', { email: 'nobody@example.com', password: ADA.password }],
    ['SQL in the address', { email: "' OR '1'='1' --", password: ADA.password }],
  ])('says the same of %s', async (_what, user) => {
    const { status, body } = await call(service, 'POST', '/users/login', { body: { user } });
    expect({ status, body }).toEqual({ status: 401, body: { errors: { credentials: ['invalid'] } } });
  });

  test('refuses what was left out', async () => {
    const { status, body } = await call(service, 'POST', '/users/login', { body: { user: { email: '' } } });
    expect(status).toBe(422);
    expect(body).toEqual({ errors: { email: ["can't be blank"], password: ["can't be blank"] } });
  });
});

describe('GET /api/user', () => {
  test.each([
    ['is missing', {}],
    ['is missing', { authorization: '' }],
    ['is missing', { authorization: 'Basic YWRhOmNvdW50ZXNz' }],
    ['is invalid', { authorization: 'Token nonsense' }],
  ])('says that the token %s: %j', async (message, headers: Record<string, string>) => {
    const { status, body } = await call(service, 'GET', '/user', { headers });
    expect({ status, body }).toEqual({ status: 401, body: { errors: { token: [message] } } });
  });

  test('does not know the token of somebody who is gone', async () => {
    const user = { username: 'Gone', email: 'gone@example.com', password: 'password1' };
    const { body } = await call(service, 'POST', '/users', { body: { user } });
    await service.database.pool.query("DELETE FROM users WHERE username = 'Gone'");
    expect(await call(service, 'GET', '/user', { token: body.user.token })).toEqual({
      status: 401,
      body: { errors: { token: ['is invalid'] } },
    });
  });
});
