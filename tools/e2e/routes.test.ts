import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Repo } from './repo.ts';

let repo: Repo;
beforeAll(async () => {
  repo = await Repo.create();
});
afterAll(() => repo[Symbol.asyncDispose]());
afterEach(() => repo.reset());

test('npm run routes shows what a request passes, and counts on the side', async () => {
  const { code, stdout, stderr } = await repo.slipway('routes', '--cluster', 'prod-eu-west-1');
  expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
    'prod-eu-west-1: https://conduit.slipway.example/',
    'DNS name',
    'certificate',
    'load balancer',
    'Ingress',
    'Service',
    'split',
    'pods',
    '',
    '',
  ]);
  expect(stderr).toMatch(/^1 route, none of them broken, in \d+\.\d\d s\n$/);
  expect(code).toBe(0);
});

test('npm run routes finds what would go past the split, for people and for programs', async () => {
  await repo.edit('charts/public-route.ts', "'service-upstream': 'true',", '');
  const told = await repo.slipway('routes');
  expect(told.code).toBe(1);
  expect(told.stdout).toContain(
    '  BROKEN: metadata.annotations.nginx.ingress.kubernetes.io/service-upstream: requests go to pods',
  );
  expect(told.stderr).toMatch(/^3 routes, 3 broken, in /);
  const { stdout } = await repo.slipway('routes', '--json');
  const routes = JSON.parse(stdout) as { host: string; broken: { wrong: string }[] }[];
  expect(routes.map(({ host, broken }) => [host, broken.length])).toEqual([
    ['conduit.dev.slipway.example', 1],
    ['conduit.staging.slipway.example', 1],
    ['conduit.slipway.example', 1],
  ]);
});

test('and a compile that would break a route writes nothing', async () => {
  await repo.edit(
    'flux/add-ons/ingress-nginx.ts',
    "'use-forwarded-headers': 'false'",
    "'use-forwarded-headers': 'true'",
  );
  const { code, stderr } = await repo.slipway('synth');
  expect(code).toBe(1);
  expect(stderr).toContain('a client could say of itself who it is');
  expect(stderr).toContain('[routes]');
  expect(await repo.git('status', '--porcelain', 'dist')).toBe('');
});

test('npm run routes knows which clusters there are', async () => {
  const { code, stderr } = await repo.slipway('routes', '--cluster', 'prod-eu-west1');
  expect(code).toBe(2);
  expect(stderr).toContain('did you mean "prod-eu-west-1"?');
});
