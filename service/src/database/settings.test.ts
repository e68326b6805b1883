import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAuthority } from '../testing/certificates.ts';
import { databaseAt, readDatabaseSettings, shownSettings } from './settings.ts';

let folder: string;
let ca: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  ca = file('ca.pem', (await createAuthority('Test')).certificate);
  file('password', 'hush\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What a good environment becomes. */
function read(env: Record<string, string>) {
  const mistakes: string[] = [];
  const settings = readDatabaseSettings(env, mistakes);
  expect(mistakes).toEqual([]);
  return settings;
}

/** What is said about a bad one; `<ca>` stands for the file of certificates, and `<folder>` for its folder. */
function mistakesOf(env: Record<string, string>): string[] {
  const mistakes: string[] = [];
  readDatabaseSettings(filled(env), mistakes);
  return mistakes.map((mistake) => mistake.replaceAll(folder, '<folder>'));
}

function filled(env: Record<string, string>): Record<string, string> {
  const entries = Object.entries(env).map(([name, value]) => [
    name,
    value.replace('<ca>', ca).replace('<folder>', folder),
  ]);
  return Object.fromEntries(entries);
}

const BARE = { DATABASE_URL: 'postgres://me@db/conduit' };

describe('the settings of the database', () => {
  test.each([
    ['postgres://me:pw@db:6543/shop', { host: 'db', port: 6543, user: 'me', database: 'shop' }],
    ['postgresql://me@db', { host: 'db', port: 5432, user: 'me', database: 'me' }],
    ['postgres://me@[::1]:5432/shop', { host: '::1', port: 5432, user: 'me', database: 'shop' }],
    ['postgres://a%40b:p%25w@db/a%2Fb', { host: 'db', port: 5432, user: 'a@b', database: 'a/b' }],
    ['postgres://me@%2Frun%2Fpg/shop', { host: '/run/pg', port: 5432, user: 'me', database: 'shop' }],
  ])('are read from %s', (url, expected) => {
    expect(read({ DATABASE_URL: url })).toMatchObject(expected);
  });

  test('are read from PGHOST and its like when there is no address, and only then', () => {
    const env = { PGHOST: 'db', PGPORT: '6543', PGUSER: 'me', PGPASSWORD: 'pw', PGDATABASE: 'shop' };
    const settings = { host: 'db', port: 6543, user: 'me', database: 'shop' };
    expect(read(env)).toMatchObject({ ...settings, signIn: { by: 'password', password: 'pw' } });
    expect(read({ PGHOST: 'db', PGUSER: 'me' })).toMatchObject({ port: 5432, database: 'me' });
    expect(read({ ...env, ...BARE })).toMatchObject({
      database: 'conduit',
      port: 5432,
      signIn: { by: 'password', password: undefined },
    });
  });

  test('hold the budget of connections and their life', () => {
    expect(read(BARE)).toMatchObject({ poolSize: 10, connectionSeconds: 1800 });
    const env = { ...BARE, DATABASE_POOL_SIZE: '25', DATABASE_CONNECTION_SECONDS: '60' };
    expect(read(env)).toMatchObject({ poolSize: 25, connectionSeconds: 60 });
  });

  test.each<[Record<string, string>, string]>([
    [{ DATABASE_URL: 'postgres://me:hush@db/shop' }, 'password'],
    [{ ...BARE, DATABASE_PASSWORD_FILE: '<folder>/password' }, 'file'],
    [{ ...BARE, DATABASE_SIGN_IN: 'iam', AWS_REGION: 'eu-west-1', DATABASE_CA_FILE: '<ca>' }, 'iam'],
    [
      { DATABASE_URL: 'postgres://me@db/shop?sslmode=verify-full', DATABASE_SIGN_IN: 'iam', AWS_REGION: 'x' },
      'iam',
    ],
  ])('%j sign in by %s', (env, by) => {
    expect(read(filled(env)).signIn.by).toBe(by);
  });

  test.each<[Record<string, string>, 'off' | 'system' | 'file']>([
    [BARE, 'off'],
    [{ ...BARE, PGSSLMODE: 'disable' }, 'off'],
    [{ DATABASE_URL: 'postgres://me@db/shop?sslmode=disable' }, 'off'],
    [{ ...BARE, PGSSLMODE: 'verify-full' }, 'system'],
    [{ DATABASE_URL: 'postgres://me@db/shop?sslmode=verify-full' }, 'system'],
    [{ ...BARE, DATABASE_CA_FILE: '<ca>' }, 'file'],
    [{ ...BARE, DATABASE_CA_FILE: '<ca>', PGSSLMODE: 'verify-full' }, 'file'],
    [{ DATABASE_URL: 'postgres://me@db/shop?sslmode=verify-full', DATABASE_CA_FILE: '<ca>' }, 'file'],
  ])('%j believe whom: %s', (env, whom) => {
    const { tls } = read(filled(env));
    expect(tls === undefined ? 'off' : tls.ca === undefined ? 'system' : 'file').toBe(whom);
  });

  test('are shown without password and certificates', () => {
    const shown = shownSettings(
      read({ DATABASE_URL: 'postgres://me:hush@db:5432/conduit', DATABASE_CA_FILE: ca }),
    );
    expect(shown).toEqual({
      host: 'db',
      port: 5432,
      user: 'me',
      database: 'conduit',
      signIn: { by: 'password' },
      tls: { verifiedBy: ca },
      poolSize: 10,
      connectionSeconds: 1800,
      sessionOptions: '',
    });
  });

  test('of an address alone are refused in the same words', () => {
    expect(() => databaseAt('postgres://db/shop')).toThrow('DATABASE_URL: it names no user');
  });
});

describe('refused is', () => {
  const url = (rest: string) => ({ DATABASE_URL: `postgres://${rest}` });

  test.each<[string, Record<string, string>, string[]]>([
    [
      'no address',
      {},
      [
        'DATABASE_URL: found nothing; allowed is postgres://user:password@host:5432/database, or left out with PGHOST set',
      ],
    ],
    [
      'something else than an address, without showing it',
      { DATABASE_URL: 'mysql://a:hush@b/c' },
      [
        'DATABASE_URL: found 18 characters (hidden); allowed is postgres://user:password@host:5432/database, or left out with PGHOST set',
      ],
    ],
    [
      'an address without a user',
      url('db/shop'),
      ['DATABASE_URL: it names no user; allowed is postgres://user@…'],
    ],
    [
      'a stray %',
      url('me:50%@db/shop'),
      ['DATABASE_URL: a % in it stands for nothing; allowed is %25 for the sign itself'],
    ],
    ...[
      'ssl=false',
      'host=/run',
      'sslrootcert=/x',
      'uselibpqcompat=true&sslmode=verify-full',
      'password=hush',
    ].map((parameters): [string, Record<string, string>, string[]] => [
      `the parameter ${parameters}`,
      url(`me@db/shop?${parameters}`),
      [`DATABASE_URL: found ?${parameters.split('=')[0]}=; allowed is ?sslmode=`],
    ]),
    ['PGHOST without PGUSER', { PGHOST: 'db' }, ['PGUSER: found nothing; allowed is the name of a role']],
    [
      'a PGPORT that is none',
      { PGHOST: 'db', PGUSER: 'me', PGPORT: 'many' },
      ['PGPORT: found "many"; allowed is an integer from 1 to 65535'],
    ],
    [
      'a pool of no connections',
      { ...BARE, DATABASE_POOL_SIZE: '0' },
      ['DATABASE_POOL_SIZE: found "0"; allowed is an integer from 1 to 100'],
    ],
    [
      'a life of no time',
      { ...BARE, DATABASE_CONNECTION_SECONDS: '0' },
      ['DATABASE_CONNECTION_SECONDS: found "0"; allowed is an integer from 1 to 86400'],
    ],
    [
      'another way to sign in',
      { ...BARE, DATABASE_SIGN_IN: 'kerberos' },
      ['DATABASE_SIGN_IN: found "kerberos"; allowed is iam, or left out'],
    ],
    [
      'a password twice',
      { ...url('me:hush@db/shop'), DATABASE_PASSWORD_FILE: '<folder>/password' },
      ['found a password in DATABASE_URL and DATABASE_PASSWORD_FILE; allowed is one way to sign in'],
    ],
    [
      'three ways to sign in',
      {
        PGHOST: 'db',
        PGUSER: 'me',
        PGPASSWORD: 'hush',
        DATABASE_PASSWORD_FILE: '<folder>/password',
        DATABASE_SIGN_IN: 'iam',
        AWS_REGION: 'eu-west-1',
        DATABASE_CA_FILE: '<ca>',
      },
      ['found PGPASSWORD and DATABASE_PASSWORD_FILE and DATABASE_SIGN_IN=iam; allowed is one way to sign in'],
    ],
    [
      'a file of a password that is not there',
      { ...BARE, DATABASE_PASSWORD_FILE: '<folder>/none' },
      [
        "DATABASE_PASSWORD_FILE: <folder>/none can't be read: ENOENT: no such file or directory, open '<folder>/none'",
      ],
    ],
    [
      'an empty file of a password',
      { ...BARE, DATABASE_PASSWORD_FILE: '<folder>/empty' },
      ['DATABASE_PASSWORD_FILE: <folder>/empty is empty; allowed is a file with the password'],
    ],
    [
      'IAM without region and TLS',
      { ...BARE, DATABASE_SIGN_IN: 'iam' },
      [
        'AWS_REGION: found nothing; DATABASE_SIGN_IN=iam needs it',
        'DATABASE_SIGN_IN: iam sends a token that must not be overheard; set DATABASE_CA_FILE',
      ],
    ],
    [
      'IAM over a socket',
      { ...url('me@%2Frun/shop'), DATABASE_SIGN_IN: 'iam', AWS_REGION: 'x', DATABASE_CA_FILE: '<ca>' },
      ['DATABASE_SIGN_IN: iam needs a host, and found a socket'],
    ],
    [
      'a file of certificates that is not there',
      { ...BARE, DATABASE_CA_FILE: '<folder>/none' },
      [
        "DATABASE_CA_FILE: <folder>/none can't be read: ENOENT: no such file or directory, open '<folder>/none'",
      ],
    ],
    [
      'a file of certificates without one',
      { ...BARE, DATABASE_CA_FILE: '<folder>/password' },
      ['DATABASE_CA_FILE: <folder>/password holds no certificate; allowed is PEM'],
    ],
    [
      'a file of certificates with something else among them',
      { ...BARE, DATABASE_CA_FILE: '<folder>/broken.pem' },
      ['DATABASE_CA_FILE: <folder>/broken.pem holds something else as its certificate 2 of 2'],
    ],
    ...['require', 'prefer', 'allow', 'verify-ca', 'no-verify'].flatMap(
      (mode): [string, Record<string, string>, string[]][] => [
        [
          `PGSSLMODE=${mode}`,
          { ...BARE, PGSSLMODE: mode },
          [`PGSSLMODE: found "${mode}"; allowed is verify-full, disable`],
        ],
        [
          `sslmode=${mode} in the address`,
          url(`me@db/shop?sslmode=${mode}`),
          [`DATABASE_URL?sslmode: found "${mode}"; allowed is verify-full, disable`],
        ],
        [
          `sslmode=${mode} in the address beside certificates`,
          { ...url(`me@db/shop?sslmode=${mode}`), DATABASE_CA_FILE: '<ca>' },
          [`DATABASE_URL?sslmode: found "${mode}"; allowed with DATABASE_CA_FILE is verify-full`],
        ],
      ],
    ),
    [
      'PGSSLMODE=disable beside certificates',
      { ...BARE, PGSSLMODE: 'disable', DATABASE_CA_FILE: '<ca>' },
      ['PGSSLMODE: found "disable"; allowed with DATABASE_CA_FILE is verify-full'],
    ],
    [
      'an address that says otherwise than PGSSLMODE',
      { ...url('me@db/shop?sslmode=disable'), PGSSLMODE: 'verify-full' },
      ['PGSSLMODE: found "verify-full", but DATABASE_URL says "disable"; set one of them'],
    ],
    [
      'PGSSLROOTCERT, which would be believed to count',
      { ...BARE, PGSSLROOTCERT: '/ca.pem' },
      ['PGSSLROOTCERT: it is not read; the server is verified by DATABASE_CA_FILE'],
    ],
  ])('%s', (_what, env, mistakes) => {
    file('empty', '\n');
    file('broken.pem', brokenBundle());
    expect(mistakesOf(env)).toEqual(mistakes);
  });

  function brokenBundle(): string {
    const good = read({ ...BARE, DATABASE_CA_FILE: ca }).tls?.ca?.pem;
    return `${good}\n-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n`;
  }
});
