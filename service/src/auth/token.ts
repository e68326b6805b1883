import { errors, jwtVerify, SignJWT } from 'jose';

/** Where a token is good for: a stolen cookie value opens no API and the other way round. */
export type Audience = 'api' | 'pages';

/** Signs and verifies the tokens that stand for a user. */
export interface Tokens {
  /** A token for a user; it holds the id only and so outlives a change of name, e-mail or password. */
  sign(userId: number, audience: Audience): Promise<string>;
  /** The user's id; undefined when the token is forged, expired, or made for something else. */
  verify(token: string, audience: Audience): Promise<number | undefined>;
}

const ISSUER = 'conduit';
const ALGORITHM = 'HS256';

/** How long somebody stays signed in. */
export const LIFETIME_DAYS = 30;

/** Makes the tokens of one key. */
export function createTokens(sessionKey: string): Tokens {
  const key = new TextEncoder().encode(sessionKey);
  return {
    sign: (userId, audience) =>
      new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(String(userId))
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME_DAYS} days`)
        .sign(key),
    verify: async (token, audience) => {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience,
        });
        const id = Number(payload.sub);
        return Number.isSafeInteger(id) ? id : undefined;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
