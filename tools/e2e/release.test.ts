// A release, from the commits to the image that runs: on a repo and a registry of its own, with the programs that make it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from '../lib/repo.ts';

const run = promisify(execFile);

// Installed by `npm ci --prefix tools/release`. In CI it must be there.
const PROGRAMS = join(ROOT, 'tools/release/node_modules');
const describeRelease = existsSync(PROGRAMS) || process.env.CI ? describe : describe.skip;

let folder: string;
let repo: string;

/** A program in place of the one of that name, which writes down how it was called and answers. */
async function stub(name: string, script: string): Promise<void> {
  const path = join(folder, 'bin', name);
  await writeFile(path, `#!/usr/bin/env bash\necho "${name} $*" >> "${folder}/calls"\n${script}\n`);
  await chmod(path, 0o755);
}

const env = () => ({
  ...process.env,
  PATH: `${folder}/bin:${process.env.PATH}`,
  IMAGE: 'ghcr.io/slipway/conduit',
  SIGNED_BY: 'https://git.example.com/image.yml',
  GIT_AUTHOR_NAME: 'test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  // Else it would take this for a pull request of the workflow that runs it.
  CI: '',
  GITHUB_ACTIONS: '',
});

const git = async (...args: string[]) => (await run('git', args, { cwd: repo, env: env() })).stdout.trim();

async function commit(message: string, file: string): Promise<void> {
  await mkdir(join(repo, file, '..'), { recursive: true });
  await writeFile(join(repo, file), `${message}\n`);
  await git('add', '-A');
  await git('commit', '-q', '-m', message);
}

const nextVersion = async () =>
  (await run(process.execPath, ['tools/release/next-version.mjs'], { cwd: repo, env: env() })).stdout.trim();

/** What `.github/workflows/release.yml` runs, without the part that speaks to GitHub. */
const release = () =>
  run(
    process.execPath,
    [
      join(PROGRAMS, 'semantic-release/bin/semantic-release.js'),
      '--no-ci',
      '--extends',
      './local.config.mjs',
      '--repository-url',
      `file://${folder}/remote.git`,
    ],
    { cwd: repo, env: env() },
  );

const calls = async () =>
  (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-release-'));
  repo = join(folder, 'repo');
  await mkdir(join(folder, 'bin'));
  await mkdir(repo);
  await run('git', ['init', '-q', '--bare', '-b', 'main', join(folder, 'remote.git')]);
  await git('init', '-q', '-b', 'main');
  await git('remote', 'add', 'origin', join(folder, 'remote.git'));
  await cp(join(ROOT, 'tools/release'), join(repo, 'tools/release'), {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  await symlink(PROGRAMS, join(repo, 'tools/release/node_modules'));
  await writeFile(join(repo, '.gitignore'), 'node_modules\nlocal.config.mjs\n');
  await writeFile(
    join(repo, 'local.config.mjs'),
    `import config from './tools/release/release.config.mjs';
export default { ...config, plugins: config.plugins.filter(([name]) => !name.includes('/github/')) };
`,
  );
  await stub('docker', `case "$*" in *inspect*) echo '"sha256:${'a'.repeat(64)}"';; esac`);
  await stub('cosign', '');
  await commit('feat(service): articles', 'service/src/articles.ts');
  await git('tag', 'v1.3.0');
  await git('push', '-q', '--tags', 'origin', 'main');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describeRelease('the version that a change would be released as', () => {
  test.each([
    ['a fix of the service is a patch', 'fix(service): an empty title', 'service/src/title.ts', '1.3.1'],
    ['a feature of the platform changes nothing', 'feat(charts): quotas', 'charts/quota.ts', '1.3.1'],
    ['a feature of the service is a minor one', 'feat(service): drafts', 'service/src/drafts.ts', '1.4.0'],
    ['what Flux writes changes nothing', 'chore(images): update dev', 'apps/images.yaml', '1.4.0'],
  ])('%s', async (_, message, file, version) => {
    await commit(message, file);
    expect(await nextVersion()).toBe(version);
  });
});

describeRelease('a release', () => {
  let out: string;
  let built: string;
  beforeAll(async () => {
    built = await git('log', '-1', '--format=%H', '--', 'service');
    await git('push', '-q', 'origin', 'main');
    out = (await release()).stdout;
  }, 60_000);

  test('has the version that the commits make, as a tag on the branch', async () => {
    expect(out).toContain('Published release 1.4.0');
    expect(await git('ls-remote', '--tags', 'origin', 'v1.4.0')).toContain('refs/tags/v1.4.0');
    expect(await git('log', '-1', '--format=%s', 'v1.4.0')).toBe('chore(release): 1.4.0');
  });

  test('says in the changelog what users of the service get, and nothing else', async () => {
    const changelog = await readFile(join(repo, 'CHANGELOG.md'), 'utf8');
    expect(changelog).toMatch(/1\.4\.0/);
    expect(changelog).toMatch(/drafts/);
    expect(changelog).toMatch(/an empty title/);
  });

  test('puts its tag on the image that was built of the last change of the service, once its signature was verified', async () => {
    const image = 'ghcr.io/slipway/conduit';
    const digest = `${image}@sha256:${'a'.repeat(64)}`;
    expect(await calls()).toEqual([
      `docker buildx imagetools inspect ${image}:git-${built} --format {{json .Manifest.Digest}}`,
      `cosign verify --certificate-oidc-issuer https://token.actions.githubusercontent.com --certificate-identity https://git.example.com/image.yml ${digest}`,
      `docker buildx imagetools create --tag ${image}:1.4.0 ${digest}`,
    ]);
  });

  test('is made once: without a change of the service there is no other', async () => {
    await git('fetch', '-q', 'origin');
    await git('reset', '-q', '--hard', 'origin/main');
    await commit('docs: how to write a draft', 'docs/drafts.md');
    await git('push', '-q', 'origin', 'main');
    const { stdout } = await release();
    expect(stdout).toContain('There are no relevant changes, so no new version is released');
    expect(await git('tag', '--list')).toBe('v1.3.0\nv1.4.0');
  }, 60_000);

  test('is none where the image is not signed: nothing is tagged', async () => {
    await stub('cosign', 'echo "no matching signatures" >&2; exit 1');
    await commit('fix(service): a draft is lost', 'service/src/drafts.ts');
    await git('push', '-q', 'origin', 'main');
    await expect(release()).rejects.toMatchObject({
      stderr: expect.stringContaining('no matching signatures'),
    });
    expect(await git('ls-remote', '--tags', 'origin', 'v1.4.1')).toBe('');
  }, 60_000);
});
