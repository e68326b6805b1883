import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../lib/repo.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const service = JSON.parse(read('service/package.json'));

describe('packages', () => {
  test('the lock files hold no download address', () => {
    for (const file of [
      'package-lock.json',
      'service/package-lock.json',
      'tools/bench/peers/package-lock.json',
    ])
      expect(read(file)).not.toContain('"resolved"');
  });

  test('the lock files name every optional package, so that other kinds of machines can install too', () => {
    for (const file of [
      'package-lock.json',
      'service/package-lock.json',
      'tools/bench/peers/package-lock.json',
    ]) {
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
        stderr: expect.stringContaining(
          'there are: start, synth, check, ',
        ),
      }),
    );
  });
});
