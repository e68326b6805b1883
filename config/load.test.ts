import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ConfigError } from './errors.ts';
import { copyConfig } from './fixtures.ts';
import { loadConfig } from './load.ts';
import { sampleConfig } from './testing/sample.ts';

const REPO = join(import.meta.dirname, '..');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-load-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('loads a config, every default filled in', async () => {
  await copyConfig(REPO, folder);
  const { platform, versions, images } = await loadConfig(folder);
  expect(platform.clusters.map(({ name }) => name)).toEqual([
    'dev-eu-west-1',
    'staging-eu-west-1',
    'prod-eu-west-1',
  ]);
  expect(Object.keys(versions)).toEqual(['dev', 'staging', 'prod']);
  expect(Object.keys(images)).toEqual(['dev', 'staging', 'prod']);
  expect(platform.rings.map(({ domain }) => domain)).toEqual([
    'dev.slipway.example',
    'staging.slipway.example',
    'slipway.example',
  ]);
  expect({ platform, versions, images }).toEqual(sampleConfig());
});

test("loads the repo's own config, and the same by way of a link", async () => {
  const link = join(folder, 'link');
  await symlink(REPO, link);
  expect(await loadConfig(link)).toEqual(await loadConfig(REPO));
});

test('says of each file that it is missing, and of no other thing', async () => {
  const error = await loadConfig(folder).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).message).toBe(
    'config/platform.ts: is missing\nconfig/versions.yaml: is missing\napps/images.yaml: is missing',
  );
});

test('passes on what is no mistake of the config', async () => {
  await copyConfig(REPO, folder);
  await rm(join(folder, 'config'), { recursive: true });
  await writeFile(join(folder, 'config'), '');
  await expect(loadConfig(folder)).rejects.toThrow('ENOTDIR');
});
