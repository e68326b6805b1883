import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { Platform } from '../../../config/schema.ts';
import { evidenceOf } from './evidence-file.ts';
import { fetchStatuses } from './git-host.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

interface Answer {
  status?: number;
  body: unknown;
}

/** A git host that answers, and what it was asked. */
async function host(answer: (request: IncomingMessage, body: string) => Answer) {
  const asked: { url: string; body: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ url: request.url ?? '', body, headers: request.headers });
    const { status = 200, body: said } = answer(request, body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const git = (host: 'github' | 'gitlab' | 'none', url = `https://${host}.com/acme/shop.git`) =>
  ({ host, url }) as Platform['git'];
const commits = Array.from({ length: 150 }, (_, index) => index.toString(16).padStart(40, '0'));

test('GitHub is asked about a hundred commits at a time', async () => {
  const { url, asked } = await host((_, body) => {
    const names = [...JSON.parse(body).query.matchAll(/(c\d+): object\(oid: "(\w+)"\)/g)];
    const contexts = [
      {
        context: 'flux/dev/shop',
        state: 'SUCCESS',
        description: 'reconciliation succeeded',
        createdAt: '2026-11-16T01:00:00Z',
      },
      { context: 'ci/tests', state: 'SUCCESS', description: null, createdAt: '2026-11-16T01:00:00Z' },
    ];
    const repository = Object.fromEntries(
      names.map(([, name, oid]) => [name, oid === commits[3] ? { oid, status: { contexts } } : null]),
    );
    return { body: { data: { repository } } };
  });
  const statuses = await fetchStatuses(git('github'), commits, {
    GITHUB_TOKEN: 't',
    GITHUB_GRAPHQL_URL: url,
  });
  expect(evidenceOf(statuses)).toEqual([
    {
      cluster: 'dev',
      kustomization: 'shop',
      commit: commits[3],
      state: 'success',
      at: Date.parse('2026-11-16T01:00:00Z'),
    },
  ]);
  expect(asked.map(({ body }) => JSON.parse(body).query.match(/object\(/g).length)).toEqual([100, 50]);
  expect(asked[0]?.headers.authorization).toBe('Bearer t');
  expect(JSON.parse(asked[0]?.body ?? '').variables).toEqual({ owner: 'acme', name: 'shop' });
});

test('GitLab is asked about each commit, and need not know it', async () => {
  const { url, asked } = await host((request) => {
    if (request.url?.endsWith('acme%2Fplatform%2Fshop')) return { body: {} };
    if (!request.url?.includes(`${commits[1]}`)) return { status: 404, body: {} };
    const at = { created_at: '2026-11-16T00:00:00Z', finished_at: '2026-11-16T02:00:00.000Z' };
    return { body: [{ name: 'flux/dev/shop', status: 'failed', description: 'health check failed', ...at }] };
  });
  const where = git('gitlab', 'ssh://git@gitlab.com/acme/platform/shop.git');
  const statuses = await fetchStatuses(where, commits.slice(0, 20), {
    GITLAB_TOKEN: 't',
    CI_API_V4_URL: url,
  });
  expect(evidenceOf(statuses)).toEqual([
    expect.objectContaining({ state: 'failure', commit: commits[1], at: Date.parse('2026-11-16T02:00Z') }),
  ]);
  expect(asked).toHaveLength(21);
  expect(asked[0]?.headers['private-token']).toBe('t');
});

test('GitLab shows more statuses of a commit than fit on a page', async () => {
  const { url } = await host((request) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (!pathname.endsWith('/statuses')) return { body: {} };
    const at = { description: null, created_at: '2026-11-16T00:00:00Z', finished_at: null };
    const all = Array.from({ length: 230 }, (_, index) => ({
      name: `flux/dev/app-${index}`,
      status: 'success',
      ...at,
    }));
    const page = Number(searchParams.get('page'));
    return { body: all.slice((page - 1) * 100, page * 100) };
  });
  const environment = { GITLAB_TOKEN: 't', CI_API_V4_URL: url };
  const statuses = await fetchStatuses(git('gitlab'), commits.slice(0, 1), environment);
  expect(new Set(evidenceOf(statuses).map(({ kustomization }) => kustomization)).size).toBe(230);
});

test.each([
  [
    'GitHub does not show the repository',
    'github',
    { body: { data: { repository: null }, errors: [{ message: 'no such' }] } },
    'github.com shows no repository acme/shop: no such',
  ],
  [
    'the token is refused',
    'github',
    { status: 401, body: { message: 'Bad credentials' } },
    'answers 401: {"message":"Bad credentials"}',
  ],
  ['GitLab does not show the project', 'gitlab', { status: 404, body: {} }, 'answers 404'],
] as const)('says that %s', async (_, name, answer, message) => {
  const { url } = await host(() => answer);
  const environment = { GITHUB_TOKEN: 't', GITHUB_GRAPHQL_URL: url, GITLAB_TOKEN: 't', CI_API_V4_URL: url };
  await expect(fetchStatuses(git(name), commits, environment)).rejects.toThrow(message);
});

test('says how to be let in', async () => {
  await expect(fetchStatuses(git('gitlab'), commits, {})).rejects.toThrow(
    'set GITLAB_TOKEN, or give them in a file',
  );
  expect(() => fetchStatuses(git('none', 'https://git.acme.example/shop'), commits, {})).toThrow(
    '--evidence FILE',
  );
});

test.each([
  ['SUCCESS', 'reconciliation succeeded', 'success'],
  ['success', undefined, 'success'],
  ['success', 'dependency not ready', undefined],
  ['success', 'health check canceled', undefined],
  ['failure', 'health check failed', 'failure'],
  ['failed', 'build failed', 'failure'],
  ['ERROR', undefined, 'failure'],
  ['pending', undefined, undefined],
])('a status of %s, "%s", is worth %s', (state, description, worth) => {
  const status = { commit: 'c', context: 'flux/dev/shop', state, description, at: '2026-11-16T00:00Z' };
  expect(evidenceOf([status]).map(({ state }) => state)).toEqual(worth === undefined ? [] : [worth]);
});

test.each(['ci/tests', 'flux/dev', 'flux/dev/shop/more', 'kustomization/shop/0c9c2e41', 'flux//shop'])(
  'a status of another context, %s, is worth nothing',
  (context) => {
    expect(evidenceOf([{ commit: 'c', context, state: 'success', at: '2026-11-16T00:00Z' }])).toEqual([]);
  },
);
