import { describe, expect, test } from '@jest/globals';
import { deployment, found, object } from '../testing.ts';

const FIX =
  'keep it in AWS Secrets Manager, and read it from the Secret that an ExternalSecret makes [no-secrets]';
const AT = 'dist/c/apps/shop/shop.yaml:';

// Put together here, so that no scanner of repositories takes these for real ones.
const AWS_KEY = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const GITHUB_TOKEN = ['ghp_', 'a1'.repeat(18)].join('');
const GITHUB_PAT = ['github_pat_', 'a1'.repeat(20)].join('');
const PRIVATE_KEY = ['-----BEGIN EC PRIVATE', 'KEY-----'].join(' ');
const URL_WITH_PASSWORD = ['postgres://app:hunter2', 'db.example.com/app'].join('@');

function env(name: string, value: string) {
  return deployment({ 'spec.template.spec.containers.0.env': [{ name, value }] });
}

describe('no secrets', () => {
  test.each([
    ['a value that is nobody’s secret', env('PGUSER', 'shop')],
    ['a password that comes from elsewhere', env('PGPASSWORD', '$(FROM_ELSEWHERE)')],
    ['the number of tokens', env('MAX_TOKENS', '4096')],
    ['a password that is substituted', env('PGPASSWORD', '${DATABASE_PASSWORD}')],
    ['where a token is', env('AWS_WEB_IDENTITY_TOKEN', '/var/run/token')],
    ['a switch', env('ROTATE_TOKEN', 'true')],
    ['a public key', env('SIGNING_PUBLIC_KEY', 'MCow')],
    ['a name that only ends alike', env('MONKEY', 'Koko')],
    ['a URL without a password', env('URL', 'https://user@example.com:8080/a:b@c')],
    ['a URL with a password put in later', env('URL', 'postgres://app:$(PASSWORD)@db.example.com/app')],
    ['a Secret without values', object('v1', 'Secret', { type: 'Opaque' })],
    ['settings', object('v1', 'ConfigMap', { data: { 'config.yaml': 'level: info' } })],
    [
      'the names of Secrets in a Helm chart’s values',
      object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', {
        spec: { values: { existingSecret: 'shop', key: 'session-key', passwordKey: 'password' } },
      }),
    ],
  ])('lets pass %s', (_, item) => {
    expect(found('no-secrets', [item])).toEqual([]);
  });

  test.each([
    [AWS_KEY, 'an AWS access key id'],
    [`Bearer ${GITHUB_TOKEN}`, 'a GitHub token'],
    [GITHUB_PAT, 'a GitHub token'],
    [`${PRIVATE_KEY}\nMHc=`, 'a private key'],
    [URL_WITH_PASSWORD, 'a URL with a password'],
  ])('finds %s wherever it stands, and does not repeat it', (secret, is) => {
    const item = object('v1', 'ConfigMap', { data: { 'app.conf': `a: 1\nb: ${secret}\n` } });
    expect(found('no-secrets', [item])).toEqual([
      `${AT} ConfigMap/shop/shop: data["app.conf"]: holds ${is}; ${FIX}`,
    ]);
  });

  test('finds the values of a Secret, encoded or not', () => {
    const item = object('v1', 'Secret', { data: { a: 'c2VjcmV0', empty: '' }, stringData: { b: 'plain' } });
    expect(found('no-secrets', [item])).toEqual([
      `${AT} Secret/shop/shop: data.a: is a value of a Secret; ${FIX}`,
      `${AT} Secret/shop/shop: stringData.b: is a value of a Secret; ${FIX}`,
    ]);
  });

  test.each([
    'PGPASSWORD',
    'DB_PASSWD',
    'apiToken',
    'CLIENT_SECRET',
    'SESSION_KEY',
    'APIKEY',
    'GITHUB_TOKENS',
  ])('finds a literal %s in a container', (name) => {
    expect(found('no-secrets', [env(name, 'hunter2')])).toEqual([
      `${AT} Deployment/shop/shop: spec.template.spec.containers[0].env[0].value: is the value of "${name}", by its name a secret; ${FIX}`,
    ]);
  });

  test('finds one that is the default of a variable', () => {
    expect(found('no-secrets', [env('PGPASSWORD', '${DATABASE_PASSWORD:=hunter2}')])).toHaveLength(1);
  });

  test('finds one in a ConfigMap, which containers take as environment', () => {
    const item = object('v1', 'ConfigMap', { data: { SESSION_KEY: 'hunter2' } });
    expect(found('no-secrets', [item])).toEqual([
      `${AT} ConfigMap/shop/shop: data.SESSION_KEY: is the value of "SESSION_KEY", by its name a secret; ${FIX}`,
    ]);
  });

  test('finds one in the values of a Helm chart', () => {
    const values = { admin: { adminPassword: 'hunter2' }, env: [{ name: 'API_KEY', value: 'hunter2' }] };
    const item = object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec: { values } });
    expect(found('no-secrets', [item])).toEqual([
      `${AT} HelmRelease/shop/shop: spec.values.admin.adminPassword: is the value of "adminPassword", by its name a secret; ${FIX}`,
      `${AT} HelmRelease/shop/shop: spec.values.env[0].value: is the value of "API_KEY", by its name a secret; ${FIX}`,
    ]);
  });
});
