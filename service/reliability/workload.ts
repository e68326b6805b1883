/** What visitors of Conduit do: they mostly read, and now and then mark an article. */
import type { Visit } from './load.ts';

/** How often each is done, in a round of twenty. */
const READS: readonly (readonly [times: number, path: (slug: string) => string])[] = [
  [5, () => '/api/articles?limit=20'],
  [4, (slug) => `/api/articles/${slug}`],
  [3, () => '/api/tags'],
  [3, () => '/'],
  [2, (slug) => `/article/${slug}`],
];

/**
 * Signs somebody up, and gives what they and guests do, one after the other for ever. One in seven writes: what must not
 * be repeated if it fails.
 *
 * @param url a service with demonstration data
 */
export async function visitsOf(url: string): Promise<() => Visit> {
  const name = `visitor-${process.pid}-${Date.now()}`;
  const user = { username: name, email: `${name}@example.com`, password: 'password1' };
  const signedUp = await ask<{ user: { token: string } }>(`${url}/api/users`, { user });
  const listed = await ask<{ articles: { slug: string }[] }>(`${url}/api/articles?limit=10`);
  const slugs = listed.articles.map(({ slug }) => slug);
  const headers = { authorization: `Token ${signedUp.user.token}` };

  const round = slugs.flatMap((slug): Visit[] => [
    ...READS.flatMap(([times, path]) =>
      Array.from({ length: times }, (): Visit => ({ method: 'GET', path: path(slug), status: 200 })),
    ),
    ...(['POST', 'DELETE', 'POST'] as const).map((method) => ({
      method,
      path: `/api/articles/${slug}/favorite`,
      headers,
      status: 200,
    })),
  ]);
  if (round.length === 0) throw new Error(`${url} has no articles; it needs the demonstration data`);
  // So that equal requests do not follow each other.
  const order = round.map((_, index) => round[(index * 7) % round.length] as Visit);
  let next = 0;
  return () => order[next++ % order.length] as Visit;
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
