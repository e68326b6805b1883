// The script behind the workflow that proposes promotions: on a repo, a remote and a git host of its own.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Repo } from '../e2e/repo.ts';
import { applyImageUpdates } from '../lib/flux/apply-image-updates.ts';

let repo: Repo;
let folder: string;
let server: Server;
/** What Flux says of staging, on every commit that it is asked about. */
let state = 'SUCCESS';

beforeAll(async () => {
  repo = await Repo.create();
  folder = await mkdtemp(join(tmpdir(), 'slipway-propose-'));
  const image = 'ghcr.io/slipway/conduit:0.2.0';
  await applyImageUpdates(repo.root, new Map([['flux-system:conduit-staging', image]]));
  await repo.commit();
  await repo.git('init', '-q', '--bare', join(folder, 'origin'));
  await repo.git('remote', 'add', 'origin', join(folder, 'origin'));
  await repo.git('push', '-q', 'origin', 'main');
  // In place of GitHub's CLI: writes down how it was called.
  await writeFile(join(folder, 'gh'), `#!/bin/sh\necho "$*" >> "${folder}/calls"\n`);
  await chmod(join(folder, 'gh'), 0o755);
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const asked = [...JSON.parse(body).query.matchAll(/(c\d+): object\(oid: "(\w+)"\)/g)];
    const context = 'flux/staging-eu-west-1/conduit';
    const createdAt = new Date(Date.now() - 2 * 3_600_000).toISOString();
    const contexts = [{ context, state, description: 'reconciliation succeeded', createdAt }];
    const repository = Object.fromEntries(
      asked.map(([, name, oid]) => [name, { oid, status: { contexts } }]),
    );
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ data: { repository } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}, 60_000);

afterAll(async () => {
  await repo[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  await new Promise((resolve) => server.close(resolve));
});

async function propose() {
  await repo.git('checkout', '-q', 'main');
  await rm(join(folder, 'calls'), { force: true });
  const outcome = await repo.run('bash', ['tools/ci/propose-promotion.sh'], {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    BRANCH: 'promotion',
    GITHUB_TOKEN: 'token',
    GITHUB_GRAPHQL_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  return { ...outcome, calls };
}

const remote = () => repo.git('ls-remote', 'origin', 'refs/heads/promotion');

test('proposes once, says nothing while nothing changes, and takes it back when it is found wrong', async () => {
  const first = await propose();
  expect(first.stdout).toContain('conduit  0.1.0 → 0.2.0  succeeded in staging');
  expect(first.code).toBe(0);
  expect(first.calls).toContain(
    'pr create --head promotion --base main --title chore(prod): promote conduit',
  );
  const proposed = await remote();
  expect(proposed).not.toBe('');
  expect(await readFile(join(repo.root, 'body.md'), 'utf8')).toContain('0.1.0 → 0.2.0');

  const second = await propose();
  expect(second.stdout).toContain('nothing new to propose\n');
  expect(second.calls).toBe('');
  expect(await remote()).toBe(proposed);

  state = 'FAILURE';
  const third = await propose();
  expect(third.stdout).toContain('nothing is left to propose\n');
  expect(third.code).toBe(0);
  expect(await remote()).toBe('');
}, 120_000);
