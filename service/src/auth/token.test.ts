import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeProtectedHeader, type JWTHeaderParameters, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { createTokens } from './token.ts';

const KEY = 'the key that signs the tokens of this test';
const OTHER_KEY = 'some other key that is long enough as well';
const tokens = createTokens(KEY);

/** The header of the tokens that a key signs. */
function headerOf(key: string): JWTHeaderParameters {
  return decodeProtectedHeader(createTokens(key).sign(1, 'api')) as JWTHeaderParameters;
}

/** A token by another implementation; unless it says otherwise, one that is good. */
function made(
  by: {
    key?: string;
    header?: JWTHeaderParameters;
    expires?: string;
    issuer?: string;
    subject?: string;
    audience?: string;
  } = {},
): Promise<string> {
  return new SignJWT()
    .setProtectedHeader(by.header ?? headerOf(KEY))
    .setSubject(by.subject ?? '1')
    .setIssuer(by.issuer ?? 'conduit')
    .setAudience(by.audience ?? 'api')
    .setExpirationTime(by.expires ?? '1 day')
    .sign(new TextEncoder().encode(by.key ?? KEY));
}

describe('a token', () => {
  test('gives the id of its user', async () => {
    expect(tokens.verify(tokens.sign(42, 'api'), 'api')).toBe(42);
    expect(tokens.verify(await made(), 'api')).toBe(1);
  });

  test('is a JSON Web Token that lasts thirty days', async () => {
    const { payload, protectedHeader } = await jwtVerify(
      tokens.sign(42, 'api'),
      new TextEncoder().encode(KEY),
    );
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT', kid: expect.stringMatching(/^[\w-]{8}$/) });
    expect(payload).toEqual({
      sub: '42',
      iss: 'conduit',
      aud: 'api',
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(30 * 24 * 60 * 60);
  });

  test('of the pages opens no API, and the other way round', () => {
    expect(tokens.verify(tokens.sign(42, 'pages'), 'api')).toBeUndefined();
    expect(tokens.verify(tokens.sign(42, 'api'), 'pages')).toBeUndefined();
  });

  test.each<[string, () => string | Promise<string>]>([
    ['is signed with another key', () => made({ key: OTHER_KEY })],
    ['is signed with another key, and says so', () => made({ key: OTHER_KEY, header: headerOf(OTHER_KEY) })],
    ['has another header', () => made({ header: { alg: 'HS256' } })],
    ['is signed in another way', () => made({ header: { ...headerOf(KEY), alg: 'HS512' } })],
    ['has expired', () => made({ expires: '-1 second' })],
    ['comes from somebody else', () => made({ issuer: 'somebody' })],
    ['names no user', () => made({ subject: 'admin' })],
    [
      'is not signed',
      () =>
        new UnsecuredJWT()
          .setSubject('1')
          .setIssuer('conduit')
          .setAudience('api')
          .setExpirationTime('1 day')
          .encode(),
    ],
    ['has lost its signature', async () => (await made()).replace(/[^.]*$/, '')],
    ['has something behind it', async () => `${await made()}.more`],
    ['is nonsense', () => 'a.b.c'],
    ['is empty', () => ''],
  ])('is not believed when it %s', async (_reason, make) => {
    expect(tokens.verify(await make(), 'api')).toBeUndefined();
  });

  test('is not believed with any one character changed', () => {
    const good = tokens.sign(42, 'api');
    const place = fc.nat({ max: good.length - 1 });
    fc.assert(
      fc.property(place, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(good[at] !== character);
        const bad = good.slice(0, at) + character + good.slice(at + 1);
        expect(tokens.verify(bad, 'api')).toBeUndefined();
      }),
    );
  });
});

describe('when the key is exchanged', () => {
  const [old, fresh] = [KEY, OTHER_KEY];

  test('tokens of the old key are good until it is dropped', () => {
    const token = createTokens(old).sign(42, 'api');
    expect(createTokens(fresh, old).verify(token, 'api')).toBe(42);
    expect(createTokens(fresh).verify(token, 'api')).toBeUndefined();
  });

  test('every release knows the tokens of the one before it and of the one after it', () => {
    const releases = [
      createTokens(old),
      createTokens(old, fresh),
      createTokens(fresh, old),
      createTokens(fresh),
    ];
    const told = releases.map((release) =>
      releases.map(({ sign }) => release.verify(sign(42, 'pages'), 'pages') === 42),
    );
    expect(told).toEqual([
      [true, true, false, false],
      [true, true, true, true],
      [true, true, true, true],
      [false, false, true, true],
    ]);
  });
});
