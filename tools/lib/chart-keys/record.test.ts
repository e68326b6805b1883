import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ROOT } from '../repo.ts';
import { knownVersion, readRecords, writeRecord } from './record.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'chart-keys-'));
});
afterEach(() => rm(root, { recursive: true }));

const version = (...keys: string[]) => ({ sha256: { 'values.yaml': 'abc' }, keys });

describe('a record', () => {
  test('holds every version that a ring may be at, oldest first, and each once', async () => {
    await writeRecord('tool', '1.10.0', version('b'), root);
    await writeRecord('tool', '1.9.0', version('a'), root);
    expect(await writeRecord('tool', '1.10.0', version('b', 'c'), root)).toBe('flux/chart-keys/tool.json');
    const { chart, versions } = JSON.parse(await readFile(join(root, 'flux/chart-keys/tool.json'), 'utf8'));
    expect(chart).toBe('tool');
    expect(Object.keys(versions)).toEqual(['1.9.0', '1.10.0']);
    expect(versions['1.10.0'].keys).toEqual(['b', 'c']);
  });

  test('is found by the version of a chart or of its tag, and by no other', async () => {
    await writeRecord('tool', '1.9.0', version('a'), root);
    const records = readRecords(root);
    expect(knownVersion(records, 'tool', 'v1.9.0')).toEqual(version('a'));
    expect(knownVersion(records, 'tool', '1.9.0')).toEqual(version('a'));
    expect(knownVersion(records, 'tool', '1.9.1')).toBeUndefined();
    expect(knownVersion(records, 'other', '1.9.0')).toBeUndefined();
  });
});

describe('npm run chart:keys refuses, and writes nothing', () => {
  /** What it says to stderr, when it could not run. */
  async function refusal(...args: string[]): Promise<string> {
    const run = promisify(execFile)(process.execPath, ['tools/slipway.mjs', 'chart:keys', ...args], {
      cwd: ROOT,
    });
    const failed = await run.then(
      () => undefined,
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed?.code).toBe(2);
    return failed?.stderr ?? '';
  }

  test('a version that is none', async () => {
    expect(await refusal('tool', 'values.yaml', '--version', 'latest')).toBe(
      '--version: found "latest"; allowed: a version such as 1.44.0\n',
    );
  });

  test('a chart with nothing to read', async () => {
    expect(await refusal('tool', '--version', '1.0.0')).toBe(
      'found neither a values.yaml of tool nor CRDs of it (--crds)\n',
    );
    const file = join(root, 'values.yaml');
    expect(await refusal('tool', file, '--version', '1.0.0')).toBe(`${file}: can't be read\n`);
  });

  test('files of CRDs in which there is none', async () => {
    const file = join(root, 'crds.yaml');
    await writeFile(file, 'kind: ConfigMap\n');
    expect(await refusal('tool', '--version', '1.0.0', '--crds', file)).toBe(
      `--crds: found no CustomResourceDefinition in ${file}\n`,
    );
  });
});
