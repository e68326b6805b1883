import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Repo } from '../../e2e/repo.ts';
import { applyImageUpdates } from '../flux/apply-image-updates.ts';
import type { HostStatus } from './evidence-file.ts';

let repo: Repo;
/** Where the branch is when staging has been moved. */
let start: string;
const statuses: HostStatus[] = [];

const APP = (cluster: string) => `dist/${cluster}-eu-west-1/apps/conduit`;

beforeAll(async () => {
  repo = await Repo.create();
  // As Flux and Renovate do: an image in staging, a chart in dev.
  const image = 'ghcr.io/slipway/conduit:0.2.0';
  await applyImageUpdates(repo.root, new Map([['flux-system:conduit-staging', image]]));
  await repo.edit('config/versions.yaml', 'flagger: 1.44.0', 'flagger: 1.45.0');
  await repo.slipway('synth');
  await repo.commit();
  start = (await repo.git('rev-parse', 'HEAD')).trim();
  says('flux/staging-eu-west-1/conduit', 'success');
  says('flux/dev-eu-west-1/flagger', 'success');
  await writeFile(evidenceFile(), JSON.stringify(statuses));
}, 60_000);
afterAll(() => repo[Symbol.asyncDispose]());
afterEach(async () => {
  await repo.git('checkout', '-q', 'main');
  await repo.git('reset', '-q', '--hard', start);
  await repo.git('clean', '-fdq');
});

function says(context: string, state: string, commit = start): void {
  statuses.push({
    commit,
    context,
    state,
    description: 'reconciliation succeeded',
    at: new Date().toISOString(),
  });
}

/** Outside of the working tree, which git keeps clean. */
const evidenceFile = () => join(repo.root, '.git', 'evidence.json');
const hours = (number: number) => new Date(Date.now() + number * 3_600_000).toISOString();
const promote = (...args: string[]) =>
  repo.slipway('promote', '--evidence', evidenceFile(), '--now', hours(2), ...args);

const LINES = [
  'apps/images.yaml: -  conduit: ghcr.io/slipway/conduit:0.1.0',
  'apps/images.yaml: +  conduit: ghcr.io/slipway/conduit:0.2.0',
  'config/versions.yaml: -  flagger: 1.44.0 # renovate: datasource=docker depName=ghcr.io/fluxcd/charts/flagger',
  'config/versions.yaml: +  flagger: 1.45.0 # renovate: datasource=docker depName=ghcr.io/fluxcd/charts/flagger',
];

describe('npm run promote', () => {
  test('moves exactly the lines of what proved itself, dist/ with them, and the second time nothing', async () => {
    const { code, stdout, stderr } = await promote();
    expect(stderr).toMatch(/^2 promoted in \d+ files, in \d+\.\d\d s\n$/);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /staging\n {2}flagger {2}1\.44\.0 → 1\.45\.0 {2}succeeded in dev on .* UTC, soaked 2 h\n/,
    );
    expect(stdout).toMatch(
      /prod\n {2}conduit {2}0\.1\.0 → 0\.2\.0 {2}succeeded in staging on .* UTC, soaked 2 h\n/,
    );

    expect(await repo.changes('apps')).toEqual(LINES.slice(0, 2));
    expect(await repo.changes('config')).toEqual(LINES.slice(2));
    const moved = (await repo.changes('dist')).filter((line) => line.includes(': +'));
    expect(moved.filter((line) => line.startsWith(`${APP('prod')}/conduit.yaml`))).toEqual(
      expect.arrayContaining([expect.stringMatching(/image: ghcr\.io\/slipway\/conduit:0\.2\.0$/)]),
    );
    expect(moved.filter((line) => line.startsWith('dist/dev-'))).toEqual([]);
    expect(moved).toContain('dist/staging-eu-west-1/flux/sources.yaml: +    tag: "1.45.0"');
    // A compile has nothing to add to it.
    expect((await repo.slipway('synth')).stdout).toContain(' 0 written, 0 removed,');

    const before = await repo.git('diff');
    const again = await promote();
    expect(again.stderr).toMatch(/^nothing to promote, in /);
    expect(await repo.git('diff')).toBe(before);
  }, 60_000);

  test('writes nothing when it is only asked, and says the same to programs', async () => {
    const { stdout } = await promote('--dry-run', '--json', '--ring', 'prod');
    expect(await repo.git('status', '--porcelain')).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      rings: [
        {
          ring: 'prod',
          decisions: expect.arrayContaining([
            {
              kind: 'image',
              name: 'conduit',
              ring: 'prod',
              from: 'ghcr.io/slipway/conduit:0.1.0',
              to: 'ghcr.io/slipway/conduit:0.2.0',
              why: expect.stringContaining('succeeded in staging'),
              left: [],
            },
          ]),
        },
      ],
      changed: expect.arrayContaining(['apps/images.yaml', `${APP('prod')}/conduit.yaml`]),
    });
  }, 60_000);

  test('leaves what has not soaked, and says until when', async () => {
    const { stdout, stderr } = await repo.slipway(
      'promote',
      '--evidence',
      evidenceFile(),
      '--now',
      hours(0.5),
    );
    expect(stdout).toMatch(
      /\n +not 0\.2\.0 {2}soaks in staging for 1 h, until \d{4}-\d\d-\d\d \d\d:\d\d UTC\n/,
    );
    expect(stderr).toMatch(/^nothing to promote/);
  }, 60_000);

  test('counts no success with an image that dist/ did not hold yet', async () => {
    await repo.edit('apps/images.yaml', 'conduit:0.2.0 ', 'conduit:0.2.1 ');
    await repo.commit();
    const forgotten = (await repo.git('rev-parse', 'HEAD')).trim();
    await repo.slipway('synth');
    await repo.commit();
    const file = join(repo.root, '.git', 'forgotten.json');
    const status = (commit: string) => ({ ...statuses[0], commit });
    const ask = async (...commits: string[]) => {
      await writeFile(file, JSON.stringify([...statuses, ...commits.map(status)]));
      return (
        await repo.slipway('promote', '--evidence', file, '--now', hours(2), '--dry-run', '--ring', 'prod')
      ).stdout;
    };
    expect(await ask(forgotten)).toMatch(/not 0\.2\.1 +no success on staging-eu-west-1 yet/);
    expect(await ask((await repo.git('rev-parse', 'HEAD')).trim())).toMatch(/conduit +0\.1\.0 → 0\.2\.1 /);
  }, 60_000);

  test('waits while a ring is closed', async () => {
    const freeze = "freezes: [{ from: '2020-01-01', to: '2100-01-01', reason: 'for ever' }]";
    await repo.edit('config/platform.ts', 'soakMinutes: 60,', `soakMinutes: 60, ${freeze},`);
    const { stdout, stderr } = await promote('--ring', 'prod');
    expect(stdout).toContain('prod is closed: frozen until 2100-01-01 UTC: for ever\n');
    expect(stdout).toMatch(/conduit +0\.1\.0 → 0\.2\.0 \(waits\) {2}succeeded/);
    expect(stderr).toMatch(/^nothing to promote/);
  }, 60_000);

  test('commits to a branch, and only when that says something new', async () => {
    const first = await promote('--branch', 'promote/next');
    expect(first.stderr).toMatch(/committed as \w{10} on promote\/next/);
    expect(await repo.git('status', '--porcelain')).toBe('');
    const commit = await repo.git('rev-parse', 'promote/next');
    expect(await repo.git('log', '-1', '--format=%s', 'promote/next')).toBe(
      'chore(staging, prod): promote flagger, conduit\n',
    );
    expect(await repo.git('diff', '--name-only', 'main', 'promote/next', '--', 'apps', 'config')).toBe(
      'apps/images.yaml\nconfig/versions.yaml\n',
    );

    expect((await promote('--branch', 'promote/next')).stderr).toContain('said already by');
    // Main goes on, with an image for dev: merging the branch comes to the same as before.
    const image = 'ghcr.io/slipway/conduit:0.3.0-rc.1';
    await applyImageUpdates(repo.root, new Map([['flux-system:conduit-dev', image]]));
    await repo.commit();
    expect((await promote('--branch', 'promote/next')).stderr).toContain('said already by');
    expect(await repo.git('rev-parse', 'promote/next')).toBe(commit);
    // Staging goes back: what the branch says is not proposed any more.
    const bad = { commit: start, state: 'failure', description: 'health check failed', at: hours(1.5) };
    const failed = ['flux/staging-eu-west-1/conduit', 'flux/dev-eu-west-1/flagger'].map((context) => ({
      ...bad,
      context,
    }));
    const file = join(repo.root, '.git', 'failed.json');
    await writeFile(file, JSON.stringify([...statuses, ...failed]));
    const last = await repo.slipway(
      'promote',
      '--evidence',
      file,
      '--now',
      hours(2),
      '--branch',
      'promote/next',
    );
    expect(last.stderr).toMatch(/^nothing to promote, put back to \w{10} on promote\/next, in /);
    expect(await repo.git('diff', '--name-only', 'main', 'promote/next')).toBe('');
    await repo.git('update-ref', 'refs/heads/promote/next', commit.trim());
    // What it compiles to is what a merge of it has.
    await repo.git('merge', '-q', '-m', 'merge', 'promote/next');
    expect((await repo.slipway('synth')).stdout).toContain(' 0 written, 0 removed,');
  }, 60_000);

  test.each([
    [['--ring', 'dev'], '--ring: found "dev"; allowed: "staging", "prod"\n'],
    [['--ring', 'prd'], '--ring: found "prd"; allowed: "staging", "prod"; did you mean "prod"?\n'],
    [['--evidence', 'nowhere.json'], '--evidence: nowhere.json: is missing\n'],
    [['--branch', 'main'], '--branch: main is checked out; name another one, or leave --branch out\n'],
    [['--branch', 'a..b'], '--branch: "a..b" is no name of a branch\n'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await promote(...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: message });
  });

  test('refuses a dist/ that says something else', async () => {
    await rm(join(repo.root, APP('dev'), 'conduit.yaml'));
    const { code, stderr } = await promote();
    expect(stderr).toContain('dist/ is not what the code compiles to (1 file): run `npm run synth` first');
    expect(code).toBe(2);
    expect(await repo.changes('apps')).toEqual([]);
  });

  test('writes nothing at all when what it leads to breaks a rule', async () => {
    const version = 'flagger: 1.45.0 # renovate: datasource=docker depName=ghcr.io/fluxcd/charts/flagger';
    const versions = await readFile(join(repo.root, 'config/versions.yaml'), 'utf8');
    expect(versions).toContain(version);
    // An app that can't be made of the new image.
    await repo.edit(
      'apps/conduit.ts',
      'new WebService(',
      "if (image.reference.endsWith(':0.2.0') && host === 'conduit.slipway.example') throw new Error('not this one');\n  new WebService(",
    );
    const { code, stderr } = await promote();
    expect(stderr).toContain('not this one');
    expect(code).toBe(2);
    expect(await repo.git('status', '--porcelain')).toBe(' M apps/conduit.ts\n');
  });
});

describe('npm run promote -- --check', () => {
  const check = (...args: string[]) => promote('--check', '--base', start, ...args);

  test('is content with what promote itself does', async () => {
    await promote();
    const { code, stdout, stderr } = await check();
    expect(stdout).toMatch(
      /^ {2}fine {2}staging\.flagger {2}1\.44\.0 → 1\.45\.0 {2}a promotion\n {2}fine {2}prod\.conduit/,
    );
    expect(stderr).toMatch(/^2 moved, 0 refused, in /);
    expect(code).toBe(0);
  }, 60_000);

  test('has nothing to say of a change to anything else', async () => {
    await repo.edit('config/platform.ts', 'threshold: 5', 'threshold: 3');
    const { code, stderr } = await check();
    expect(stderr).toMatch(/^nothing moves in staging, prod, in /);
    expect(code).toBe(0);
  });

  test.each([
    [
      'an image that never ran before',
      '0.1.0\n',
      '0.9.0\n',
      /refused {2}prod\.conduit {2}0\.1\.0 → 0\.9\.0 {2}never ran in staging/,
    ],
    [
      'a pre-release',
      '0.1.0\n',
      '0.2.0-rc.3\n',
      /refused {2}prod\.conduit .* a pre-release, and prod takes releases/,
    ],
  ])('refuses %s', async (_, find, replace, line) => {
    const text = await readFile(join(repo.root, 'apps/images.yaml'), 'utf8');
    const at = text.lastIndexOf(find);
    await writeFile(
      join(repo.root, 'apps/images.yaml'),
      text.slice(0, at) + replace + text.slice(at + find.length),
    );
    const { code, stdout } = await check();
    expect(stdout).toMatch(line);
    expect(code).toBe(1);
  });

  test('refuses what has not soaked, and tells programs so', async () => {
    await promote('--ring', 'prod');
    const { code, stdout } = await check('--json', '--now', hours(0.5));
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      base: start,
      lines: [
        {
          kind: 'image',
          ring: 'prod',
          name: 'conduit',
          refused: expect.stringContaining('soaks in staging'),
        },
      ],
    });
    expect(code).toBe(1);
  });
});
