/** People, what they have written, and what stands in for them, to try every operation with. */
import { createTokens, LIFETIME_DAYS } from '../auth/token.ts';
import type { Config } from '../config.ts';
import type { Operation } from '../contract/operation.ts';
import {
  type Answer,
  call,
  SESSION_KEY,
  signUpByApi,
  startTestService,
  type TestService,
} from '../testing.ts';

/** Who calls. */
export const CALLERS = ['guest', 'owner', 'stranger', 'ghost', 'forged', 'expired', 'pages'] as const;

/** Who calls: the last four with a token that is not good for it. */
export type Caller = (typeof CALLERS)[number];

/** A service with two people. */
export interface World {
  readonly service: TestService;
  readonly tokens: Readonly<Record<Caller, string | undefined>>;
  /** The owner's article with the owner's comment; a new one each time. */
  write(): Promise<{ slug: string; id: number }>;
  /** Calls an operation. */
  send(
    operation: Operation,
    call: {
      params?: Readonly<Record<string, string | number>>;
      query?: Readonly<Record<string, string>>;
      body?: unknown;
      token?: string | undefined;
      headers?: Readonly<Record<string, string>>;
    },
  ): Promise<Answer>;
}

/** Starts it. */
export async function createWorld(config: Partial<Config> = {}): Promise<World> {
  const service = await startTestService({ config });
  const owner = await signUpByApi(service, 'Owner');
  const stranger = await signUpByApi(service, 'Stranger');
  const { rows } = await service.database.pool.query("SELECT id FROM users WHERE username = 'Owner'");
  const { id } = rows[0];
  const { sign } = createTokens(SESSION_KEY);
  let written = 0;

  const world: World = {
    service,
    tokens: {
      guest: undefined,
      owner,
      stranger,
      ghost: sign(999_999_999, 'api'),
      forged: createTokens('a key that only the forger signs with').sign(id, 'api'),
      expired: longAgo(() => sign(id, 'api')),
      pages: sign(id, 'pages'),
    },
    async write() {
      written += 1;
      const article = { title: `Article ${written}`, description: 'd', body: 'b', tagList: ['tag'] };
      const made = await call(service, 'POST', '/articles', { token: owner, body: { article } });
      const { slug } = made.body.article;
      const comment = { body: 'c' };
      const said = await call(service, 'POST', `/articles/${slug}/comments`, {
        token: owner,
        body: { comment },
      });
      return { slug, id: said.body.comment.id };
    },
    send({ method, path }, { params = {}, query = {}, body, token, headers = {} }) {
      const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
      const search = new URLSearchParams(query).toString();
      const address = search === '' ? filled : `${filled}?${search}`;
      return call(service, method.toUpperCase(), address, {
        token,
        headers,
        ...(body === undefined ? {} : { body }),
      });
    },
  };
  return world;
}

/** Does something as of a time whose tokens have expired by a second. */
function longAgo<Result>(work: () => Result): Result {
  const { now } = Date;
  const before = now() - LIFETIME_DAYS * 24 * 60 * 60 * 1_000 - 1_000;
  Date.now = () => before;
  try {
    return work();
  } finally {
    Date.now = now;
  }
}
