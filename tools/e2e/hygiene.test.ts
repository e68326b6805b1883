import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../lib/repo.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const service = JSON.parse(read('service/package.json'));

const LOCKS = [
  'package-lock.json',
  'service/package-lock.json',
  'tools/bench/peers/package-lock.json',
  'tools/release/package-lock.json',
];

/** It states its licence, Apache-2.0, in a field of its own that lock files don't carry. */
const STATED_ELSEWHERE = 'node_modules/npm/node_modules/qrcode-terminal';

/** Licences under which anybody may use and pass on what is ours together with theirs. */
const LICENCES: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Python-2.0',
  'Zlib',
]);

/** What only works on code here, and is passed on to nobody: its licence need only let us use it. */
const TOOLS_ONLY: ReadonlySet<string> = new Set([
  'Artistic-2.0',
  'BSD',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'MPL-2.0',
  'WTFPL',
]);

/** Whether one of the choices that a licence gives is allowed, with all its parts. */
function allows(licence: string, allowed: ReadonlySet<string>): boolean {
  return licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => allowed.has(part)));
}

/** The packages of a lock file whose licence is not allowed. */
function strangers(file: string, allowed: ReadonlySet<string>, which: (dev: boolean) => boolean): string[] {
  const { packages } = JSON.parse(read(file)) as {
    packages: Record<string, { license?: string; dev?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([path, { dev = false }]) => path !== '' && path !== STATED_ELSEWHERE && which(dev))
    .filter(([, { license = 'none' }]) => !allows(license, allowed))
    .map(([path, { license }]) => `${path}: ${license}`);
}

describe('licences', () => {
  test('what is in the image of the service may be passed on by anybody', () => {
    expect(strangers('service/package-lock.json', LICENCES, (dev) => !dev)).toEqual([]);
  });

  test.each(LOCKS)('what %s installs may be used', (file) => {
    expect(strangers(file, new Set([...LICENCES, ...TOOLS_ONLY]), () => true)).toEqual([]);
  });

  test.each([
    ['MIT', true],
    ['GPL-3.0-only', false],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['(MIT AND GPL-3.0-only)', false],
  ])('%s is allowed: %s', (licence, is) => expect(allows(licence, LICENCES)).toBe(is));
});

describe('packages', () => {
  test('the lock files hold no download address', () => {
    for (const file of LOCKS) expect(read(file)).not.toContain('"resolved"');
  });

  // Without one that was never published either, as lefthook 2.2.2 has it, `npm ci` refuses the whole file.
  test('the lock files name every optional package, so that other kinds of machines can install too', () => {
    for (const file of LOCKS) {
      const { packages } = JSON.parse(read(file)) as {
        packages: Record<string, { optionalDependencies?: object }>;
      };
      const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
      const wanted = Object.values(packages).flatMap(({ optionalDependencies }) =>
        Object.keys(optionalDependencies ?? {}),
      );
      expect(wanted.filter((name) => !names.has(name))).toEqual([]);
    }
  });

  test('every version is exact', () => {
    const versions = [manifest, service].flatMap((file) =>
      Object.entries({ ...file.dependencies, ...file.devDependencies }),
    );
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(String(version)))).toEqual(
      [],
    );
  });

  test('the service runs on the same versions alone as in the repo', () => {
    expect(manifest.dependencies).toMatchObject(service.dependencies);
  });

  test('a package with an install script is approved or refused by name', () => {
    const lock = JSON.parse(read('package-lock.json'));
    const scripted = Object.entries<{ hasInstallScript?: boolean }>(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
    expect(Object.keys(manifest.allowScripts)).toEqual(expect.arrayContaining(scripted));
  });
});

describe('commands', () => {
  test('on a Node that is too old each says so in one line and how to mend it', () => {
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.0' } });`;
    const run = () =>
      execFileSync(
        process.execPath,
        ['--import', `data:text/javascript,${encodeURIComponent(old)}`, 'tools/slipway.mjs', 'synth'],
        {
          cwd: ROOT,
          encoding: 'utf8',
          stdio: 'pipe',
        },
      );
    expect(run).toThrow(
      expect.objectContaining({
        status: 2,
        stdout: '',
        stderr:
          'slipway needs Node 24, found 20.18.0: run it as an npm script after `npm rebuild node` (the package "node" brings Node 24), or install Node 24 yourself.\n',
      }),
    );
  });

  test.each([
    ['start', 'npm start'],
    ['synth', 'npm run synth'],
    ['check', 'npm run check'],
    ['diff', 'npm run diff'],
    ['plan', 'npm run plan'],
    ['promote', 'npm run promote'],
    ['rollback', 'npm run rollback'],
    ['unpin', 'npm run unpin'],
    ['infra:synth', 'npm run infra:synth'],
    ['bench', 'npm run bench'],
    ['reliability', 'npm run reliability'],
  ])('%s takes --help, and calls itself %s', (command, script) => {
    const help = execFileSync(process.execPath, ['tools/slipway.mjs', command, '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(help).toContain(`Usage: ${script} --`);
  });

  test('an unknown command is refused with those there are', () => {
    const run = () =>
      execFileSync(process.execPath, ['tools/slipway.mjs', 'snyth'], {
        cwd: ROOT,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(run).toThrow(
      expect.objectContaining({
        status: 2,
        stderr: expect.stringContaining('there are: start, synth, check, '),
      }),
    );
  });
});
