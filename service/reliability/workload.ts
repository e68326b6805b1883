/** What visitors of Conduit do: they mostly read, and now and then mark an article. */
import type { Visit } from './load.ts';

/** How often each is done, in a round of twenty; some of it by people who are signed in, so that few are quite equal. */
const READS: readonly (readonly [times: number, who: 'guest' | 'user', path: (slug: string) => string])[] = [
  [3, 'user', () => '/api/articles?limit=20'],
  [2, 'user', () => '/api/articles/feed'],
  [4, 'user', (slug) => `/api/articles/${slug}`],
  [2, 'guest', () => '/api/tags'],
  [3, 'guest', () => '/'],
  [3, 'guest', (slug) => `/article/${slug}`],
];

/** Those who mark articles. */
const USERS = 8;

/**
 * Signs people up, and gives what they and guests do, one after the other for ever. One in seven writes: what must not be
 * repeated if it fails.
 *
 * @param url a service with demonstration data
 */
export async function visitsOf(url: string): Promise<() => Visit> {
  const run = `${process.pid}-${Date.now()}`;
  const people = Array.from({ length: USERS }, (_, index) => signUp(url, `visitor-${run}-${index}`));
  const tokens = await Promise.all(people);
  const listed = await ask<{ articles: { slug: string }[] }>(`${url}/api/articles?limit=20`);
  if (listed.articles.length === 0)
    throw new Error(`${url} has no articles; it needs the demonstration data`);

  const round = listed.articles.flatMap(({ slug }, index): Visit[] => {
    const headers = { authorization: `Token ${tokens[index % USERS]}` };
    const reads = READS.flatMap(([times, who, path]) => {
      const visit: Visit = { method: 'GET', path: path(slug), status: 200 };
      return Array.from({ length: times }, () => (who === 'guest' ? visit : { ...visit, headers }));
    });
    const marks = (['POST', 'DELETE', 'POST'] as const).map(
      (method): Visit => ({ method, path: `/api/articles/${slug}/favorite`, headers, status: 200 }),
    );
    return [...reads, ...marks];
  });
  // So that equal requests do not follow each other.
  const order = round.map((_, index) => round[(index * 7) % round.length] as Visit);
  let next = 0;
  return () => order[next++ % order.length] as Visit;
}

/** @returns the token of somebody new */
async function signUp(url: string, username: string): Promise<string> {
  const user = { username, email: `${username}@example.com`, password: 'password1' };
  return (await ask<{ user: { token: string } }>(`${url}/api/users`, { user })).user.token;
}

async function ask<Answer>(url: string, body?: object): Promise<Answer> {
  const response = await fetch(url, {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
