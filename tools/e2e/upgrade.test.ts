// What follows from a version that Renovate raises: tools/ci/finish-upgrade.sh on a copy of the repo, with a stand-in for helm
// that brings a chart.
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inc } from 'semver';
import { stringify } from 'yaml';
import { type ChartRecord, readRecords } from '../lib/chart-keys/record.ts';
import { ROOT } from '../lib/repo.ts';
import { Repo } from './repo.ts';

let repo: Repo;
let folder: string;

/** A values.yaml with these keys: `a.b` and `c.*`. */
function valuesWith(keys: readonly string[]): string {
  const values: Record<string, any> = {};
  for (const key of keys) {
    const path = key.replace(/\.\*$/, '').split('.');
    const last = path.pop() as string;
    const parent = path.reduce<Record<string, any>>((map, name) => {
      map[name] ??= {};
      return map[name];
    }, values);
    parent[last] ??= key.endsWith('.*') ? {} : 1;
  }
  return stringify(values);
}

const crd = (kind: string) => {
  const [group, name] = kind.split('/');
  return `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  group: ${group}\n  names:\n    kind: ${name}\n`;
};

// The repo's own versions: of those there are records.
const VERSIONS = readFileSync(join(ROOT, 'config/versions.yaml'), 'utf8');
const [, NOW = ''] = /^ {2}flagger: (\S+)/m.exec(VERSIONS) ?? [];
const NEWER = inc(NOW, 'minor') as string;
const before = readRecords(ROOT).get('flagger')?.versions[NOW];

beforeAll(async () => {
  repo = await Repo.create();
  await writeFile(join(repo.root, 'config/versions.yaml'), VERSIONS);
  await repo.slipway('synth');
  await repo.commit();
  folder = await mkdtemp(join(tmpdir(), 'slipway-helm-'));
  await mkdir(join(folder, 'chart/crds'), { recursive: true });
  const keys = before?.keys ?? [];
  await writeFile(join(folder, 'chart/values.yaml'), valuesWith([...keys, 'isNew']));
  const kinds = [...(before?.crds ?? []), 'other.example/Stranger'];
  for (const [index, kind] of kinds.entries())
    await writeFile(join(folder, `chart/crds/${index}.yaml`), crd(kind));
  // It is called as `helm pull SOURCE --version V --untar --untardir FOLDER`.
  const helm = `#!/bin/bash\necho "$*" >> "${folder}/calls"\nmkdir -p "\${@: -1}"\ncp -r "${folder}/chart" "\${@: -1}/flagger"\n`;
  await writeFile(join(folder, 'helm'), helm);
  await chmod(join(folder, 'helm'), 0o755);
}, 60_000);
afterAll(async () => {
  await repo[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const finish = () =>
  repo.run('bash', ['tools/ci/finish-upgrade.sh'], {
    ...process.env,
    PATH: `${folder}:${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
  });

test('nothing follows from nothing', async () => {
  expect(await finish()).toMatchObject({ code: 0, stdout: 'patch=\n' });
});

test('a raised chart gets its record and its line in dist/ of the first ring, and in no other', async () => {
  await repo.edit('config/versions.yaml', `flagger: ${NOW}`, `flagger: ${NEWER}`);
  await repo.commit();
  const { code, stdout, stderr } = await finish();
  expect([code, stderr]).toEqual([0, expect.stringContaining(`flagger.json: flagger ${NEWER}, `)]);
  const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
  expect(calls).toEqual([
    expect.stringContaining(
      `pull oci://ghcr.io/fluxcd/charts/flagger --version ${NEWER} --untar --untardir `,
    ),
  ]);

  const record = JSON.parse(
    await readFile(join(repo.root, 'flux/chart-keys/flagger.json'), 'utf8'),
  ) as ChartRecord;
  expect(Object.keys(record.versions)).toEqual([NOW, NEWER]);
  expect(record.versions[NOW]).toEqual(before);
  // Of CRDs, those of the groups that the version before had.
  expect(record.versions[NEWER]?.crds).toEqual(before?.crds);
  expect(record.versions[NEWER]?.keys).toContain('isNew');

  // What came out is a patch of what is made, and applied to the branch it is what the script had made.
  const patch = gunzipSync(Buffer.from(stdout.trim().slice('patch='.length), 'base64')).toString();
  const files = [...patch.matchAll(/^diff --git a\/(\S+)/gm)].map(([, file = '']) => file);
  expect(files).toContain('flux/chart-keys/flagger.json');
  const dist = files.filter((file) => file.startsWith('dist/'));
  expect(dist.length).toBeGreaterThan(0);
  for (const file of dist) expect(file).toMatch(/^dist\/dev-/);
  const made = await repo.git('diff', '--cached');
  await repo.reset();
  await writeFile(join(folder, 'patch'), patch);
  await repo.git('apply', '--index', join(folder, 'patch'));
  expect(await repo.git('diff', '--cached')).toBe(made);
  await repo.commit();
  expect(await finish()).toMatchObject({ code: 0, stdout: 'patch=\n' });
}, 120_000);

test('a chart that cannot be had is said, and nothing comes out', async () => {
  await repo.edit('config/versions.yaml', `flagger: ${NEWER}`, 'flagger: 99.0.0');
  await writeFile(join(folder, 'helm'), '#!/bin/bash\necho "Error: not found" >&2\nexit 1\n');
  const { code, stdout, stderr } = await finish();
  expect([code === 0, stdout]).toEqual([false, '']);
  expect(stderr).toContain('Error: not found');
}, 60_000);
