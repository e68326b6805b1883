/** The tokens that stand for a user: JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256. */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Where a token is good for: a stolen cookie value opens no API and the other way round. */
export type Audience = 'api' | 'pages';

/** Signs and verifies the tokens that stand for a user. */
export interface Tokens {
  /** A token for a user; it holds the id only and so outlives a change of name, e-mail or password. */
  sign(userId: number, audience: Audience): string;
  /** The user's id; undefined when the token is forged, expired, or made for something else. */
  verify(token: string, audience: Audience): number | undefined;
}

/** A key and the only header that its tokens have, encoded: no token chooses how it is verified. */
interface Signer {
  readonly header: string;
  readonly key: KeyObject;
}

interface Claims {
  readonly sub: string;
  readonly iss: string;
  readonly aud: Audience;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

const ISSUER = 'conduit';
const DAY_SECONDS = 24 * 60 * 60;

/** How long somebody stays signed in. */
export const LIFETIME_DAYS = 30;

/**
 * Makes the tokens of one or two keys.
 *
 * Not by a library, because every request with a token pays for it: measured, 4 µs of processor time here and 42 with
 * `jose`, which goes through WebCrypto. So there is no need to remember verified tokens either.
 *
 * @param sessionKey signs
 * @param other is accepted as well, so that a key can be exchanged while tokens of both are about
 */
export function createTokens(sessionKey: string, other?: string): Tokens {
  const signer = signerOf(sessionKey);
  const signers = other === undefined ? [signer] : [signer, signerOf(other)];
  return {
    sign(userId, audience) {
      const now = seconds();
      const exp = now + LIFETIME_DAYS * DAY_SECONDS;
      const claims: Claims = { sub: String(userId), iss: ISSUER, aud: audience, iat: now, exp };
      const signed = `${signer.header}.${encode(claims)}`;
      return `${signed}.${signature(signed, signer.key)}`;
    },
    verify(token, audience) {
      const [header = '', payload = ''] = token.split('.', 2);
      const made = signers.find((one) => one.header === header);
      if (made === undefined) return undefined;
      const signed = `${header}.${payload}`;
      // The text is compared, not the bytes: one signature can be encoded in several ways, and a token has one spelling.
      if (!equal(token, `${signed}.${signature(signed, made.key)}`)) return undefined;
      const { sub, iss, aud, exp } = decode(payload);
      const id = Number(sub);
      return iss === ISSUER && aud === audience && exp > seconds() && Number.isSafeInteger(id)
        ? id
        : undefined;
    },
  };
}

function signerOf(sessionKey: string): Signer {
  const key = createSecretKey(sessionKey, 'utf8');
  const kid = createHmac('sha256', key).update('key id').digest('base64url').slice(0, 8);
  return { key, header: encode({ alg: 'HS256', typ: 'JWT', kid }) };
}

function signature(signed: string, key: KeyObject): string {
  return createHmac('sha256', key).update(signed).digest('base64url');
}

/** Compares in a time that tells nothing of where two texts of one length differ. */
function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Only what we signed ourselves is decoded, so it has the shape that we gave it. */
function decode(payload: string): Claims {
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}
