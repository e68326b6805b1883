import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, signUpByApi, startTestService, type TestService } from '../testing.ts';

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

describe('PUT /api/user', () => {
  const BEA = { username: 'Bea', email: 'bea@example.com', password: 'password1' };
  let token: string;

  beforeAll(async () => {
    token = (await call(service, 'POST', '/users', { body: { user: BEA } })).body.user.token;
  });

  const change = (user: unknown) => call(service, 'PUT', '/user', { token, body: { user } });
  const me = async () => (await call(service, 'GET', '/user', { token })).body.user;

  test('changes what is given and keeps the rest', async () => {
    const { status, body } = await change({ bio: 'Bees.', image: 'https://example.com/bea.jpg' });
    expect([status, body]).toEqual([
      200,
      {
        user: {
          username: 'Bea',
          email: BEA.email,
          token: expect.any(String),
          bio: 'Bees.',
          image: 'https://example.com/bea.jpg',
        },
      },
    ]);
    expect((await change({ bio: 'Hives.' })).body.user).toMatchObject({
      bio: 'Hives.',
      image: 'https://example.com/bea.jpg',
    });
    expect(await me()).toMatchObject({ bio: 'Hives.', image: 'https://example.com/bea.jpg' });
  });

  test.each([
    ['bio', ''],
    ['bio', '  '],
    ['bio', null],
    ['image', ''],
    ['image', null],
  ])('takes the %s away when it is %j', async (field, value) => {
    await change({ [field]: 'something' });
    expect((await me())[field]).toBe('something');
    expect((await change({ [field]: value })).body.user[field]).toBeNull();
    expect((await me())[field]).toBeNull();
  });

  test.each([
    ['no body', undefined, { body: ['must be a JSON object'] }],
    ['no user', {}, { user: ["can't be blank"] }],
    [
      'nothing to change',
      { user: {} },
      { user: ['must hold something to change: username, email, password, bio or image'] },
    ],
    [
      'nothing that can be changed',
      { user: { id: 1, token: 'x' } },
      { user: ['must hold something to change: username, email, password, bio or image'] },
    ],
    ['an empty name', { user: { username: '' } }, { username: ["can't be blank"] }],
    ['no name', { user: { username: null } }, { username: ["can't be blank"] }],
    ['an empty address', { user: { email: '' } }, { email: ["can't be blank"] }],
    ['no address', { user: { email: null } }, { email: ["can't be blank"] }],
    ['an address that is none', { user: { email: 'bea' } }, { email: ['is invalid'] }],
    ['an empty password', { user: { password: '' } }, { password: ["can't be blank"] }],
    ['no password', { user: { password: null } }, { password: ["can't be blank"] }],
    [
      'a password of 7 characters',
      { user: { password: 'short7c' } },
      { password: ['is too short (minimum is 8 characters)'] },
    ],
    [
      'a password of 65 characters',
      { user: { password: 'a'.repeat(65) } },
      { password: ['is too long (maximum is 64 characters)'] },
    ],
    ['a bio that is no text', { user: { bio: 1 } }, { bio: ['must be a string or null'] }],
    [
      'a bio of more than 2,000 characters',
      { user: { bio: 'a'.repeat(2_001) } },
      { bio: ['is too long (maximum is 2000 characters)'] },
    ],
    ['an image with NUL', { user: { image: 'a\0' } }, { image: ["can't hold the character NUL"] }],
  ])('refuses %s and changes nothing', async (_what, sent, errors) => {
    const before = await me();
    expect(await call(service, 'PUT', '/user', { token, body: sent })).toEqual({
      status: 422,
      body: { errors },
    });
    expect({ ...(await me()), token: '' }).toEqual({ ...before, token: '' });
  });

  test.each([
    ['username', 'aDA'],
    ['email', ADA.email.toUpperCase()],
  ])('says that the %s is taken, whatever its case', async (field, value) => {
    expect(await change({ [field]: value, bio: 'not this either' })).toEqual({
      status: 409,
      body: { errors: { [field]: ['has already been taken'] } },
    });
    expect((await me()).bio).not.toBe('not this either');
  });

  test('lets somebody change the case of their own name and address', async () => {
    const { status, body } = await change({ username: 'bEA', email: 'BEA@example.com' });
    expect([status, body.user.username, body.user.email]).toEqual([200, 'bEA', 'BEA@example.com']);
  });

  test.each(['bonjour1', 'a'.repeat(64)])('changes the password to %s', async (password) => {
    expect((await change({ password })).status).toBe(200);
    const signIn = async (user: { email: string; password: string }) =>
      (await call(service, 'POST', '/users/login', { body: { user } })).status;
    expect([await signIn({ ...BEA, password }), await signIn(BEA)]).toEqual([200, 401]);
  });

  test('keeps tokens good when name, address and password have changed', async () => {
    const { body } = await change({ username: 'Beatrix', email: 'b@example.com', password: 'password2' });
    expect(body.user.username).toBe('Beatrix');
    expect(await me()).toMatchObject({ username: 'Beatrix', email: 'b@example.com' });
    const fresh = await call(service, 'GET', '/user', { token: body.user.token });
    expect(fresh.status).toBe(200);
  });

  test('wants a token before it looks at the body', async () => {
    expect(await call(service, 'PUT', '/user', { body: '{"user":' })).toEqual({
      status: 401,
      body: { errors: { token: ['is missing'] } },
    });
  });
});

describe('profiles', () => {
  let token: string;

  beforeAll(async () => {
    token = await signUpByApi(service, 'Fan');
    await signUpByApi(service, 'Star');
  });

  const star = { username: 'Star', bio: null, image: null };
  const get = (path: string, by?: string) => call(service, 'GET', path, { token: by });

  test('are there for guests and for users, whatever the case of the name', async () => {
    const expected = { status: 200, body: { profile: { ...star, following: false } } };
    expect(await get('/profiles/Star')).toEqual(expected);
    expect(await get('/profiles/sTAR', token)).toEqual(expected);
  });

  test('are followed and no longer followed, and doing it twice is the same as once', async () => {
    const steps: [string, boolean][] = [
      ['POST', true],
      ['POST', true],
      ['DELETE', false],
      ['DELETE', false],
    ];
    for (const [method, following] of steps) {
      const answer = await call(service, method, '/profiles/star/follow', { token });
      expect(answer).toEqual({ status: 200, body: { profile: { ...star, following } } });
      expect((await get('/profiles/Star', token)).body.profile.following).toBe(following);
      expect((await get('/profiles/Star')).body.profile.following).toBe(false);
    }
  });

  test('are followed once by two requests at the same moment', async () => {
    const twins = [1, 2].map(() => call(service, 'POST', '/profiles/Star/follow', { token }));
    expect((await Promise.all(twins)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test('are followed by each for themselves', async () => {
    const other = await signUpByApi(service, 'Other fan');
    await call(service, 'POST', '/profiles/Star/follow', { token });
    expect((await get('/profiles/Star', other)).body.profile.following).toBe(false);
    await call(service, 'DELETE', '/profiles/Star/follow', { token: other });
    expect((await get('/profiles/Star', token)).body.profile.following).toBe(true);
  });

  test('can not be followed by their owner', async () => {
    expect(await call(service, 'POST', '/profiles/fan/follow', { token })).toEqual({
      status: 422,
      body: { errors: { profile: ["can't be followed by its owner"] } },
    });
    expect((await get('/profiles/Fan', token)).body.profile.following).toBe(false);
    expect((await call(service, 'DELETE', '/profiles/Fan/follow', { token })).status).toBe(200);
  });

  test.each([
    ['GET', ''],
    ['POST', '/follow'],
    ['DELETE', '/follow'],
  ])('of nobody are not found: %s /profiles/…%s', async (method, end) => {
    for (const name of ['nobody', '%00', 'a%20b', encodeURIComponent("' OR '1'='1")]) {
      expect(await call(service, method, `/profiles/${name}${end}`, { token })).toEqual({
        status: 404,
        body: { errors: { profile: ['not found'] } },
      });
    }
  });

  test.each(['POST', 'DELETE'])('ask for a token before they are looked for: %s', async (method) => {
    expect(await call(service, method, '/profiles/nobody/follow')).toEqual({
      status: 401,
      body: { errors: { token: ['is missing'] } },
    });
  });

  test('do not take a bad token for none', async () => {
    expect(await get('/profiles/Star', 'bad')).toEqual({
      status: 401,
      body: { errors: { token: ['is invalid'] } },
    });
  });
});
