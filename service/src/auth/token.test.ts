import { describe, expect, test } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { createTokens } from './token.ts';

const KEY = 'the key that signs the tokens of this test';
const tokens = createTokens(KEY);

function forged(claims: { key?: string; expires?: string; issuer?: string; subject?: string }) {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(claims.subject ?? '1')
    .setIssuer(claims.issuer ?? 'conduit')
    .setAudience('api')
    .setExpirationTime(claims.expires ?? '1 day')
    .sign(new TextEncoder().encode(claims.key ?? KEY));
}

describe('a token', () => {
  test('gives the id of its user', async () => {
    expect(await tokens.verify(await tokens.sign(42, 'api'), 'api')).toBe(42);
    expect(await tokens.verify(await forged({}), 'api')).toBe(1);
  });

  test('of the pages opens no API, and the other way round', async () => {
    expect(await tokens.verify(await tokens.sign(42, 'pages'), 'api')).toBeUndefined();
    expect(await tokens.verify(await tokens.sign(42, 'api'), 'pages')).toBeUndefined();
  });

  test.each<[string, () => string | Promise<string>]>([
    ['is signed with another key', () => forged({ key: 'some other key that is long enough as well' })],
    ['has expired', () => forged({ expires: '-1 second' })],
    ['comes from somebody else', () => forged({ issuer: 'somebody' })],
    ['names no user', () => forged({ subject: 'admin' })],
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
    ['is nonsense', () => 'a.b.c'],
    ['is empty', () => ''],
  ])('is not believed when it %s', async (_reason, make) => {
    expect(await tokens.verify(await make(), 'api')).toBeUndefined();
  });
});
