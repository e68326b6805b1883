import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Repo } from '../../e2e/repo.ts';
import { applyImageUpdates } from '../flux/apply-image-updates.ts';
import type { Report } from './report.ts';
import { LIMIT } from './text/markdown.ts';

let repo: Repo;
beforeAll(async () => {
  repo = await Repo.create();
});
afterAll(() => repo[Symbol.asyncDispose]());
afterEach(() => repo.reset());

const APP = 'dist/prod-eu-west-1/apps/conduit/conduit.yaml';

async function diff(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await repo.slipway('diff', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** A diff of a `dist/` that was edited by hand, which it says. */
async function diffOfEdited(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await repo.slipway('diff', ...args);
  expect(stderr).toMatch(
    /^dist\/ is not what the code compiles to \(\d+ files?\): run `npm run synth` first.*\n$/,
  );
  expect(code).toBe(0);
  return stdout;
}

describe('npm run diff', () => {
  test('finds nothing in a fresh clone, and says what it compared with', async () => {
    const commit = (await repo.git('rev-parse', 'HEAD')).slice(0, 10);
    expect(await diff()).toBe(`dist/ against main at ${commit}\n\nnothing changes in 3 clusters\n`);
    expect((await repo.slipway('diff', '--exit-code')).code).toBe(0);
  });

  test('tells a change of one setting', async () => {
    await repo.edit('config/platform.ts', 'threshold: 5', 'threshold: 3');
    await repo.slipway('synth');
    expect(
      (await diff('--base', 'HEAD')).split('\n').slice(2).join('\n'),
    ).toBe(`all 3 clusters: dev-eu-west-1, prod-eu-west-1, staging-eu-west-1
  ~ Canary conduit/conduit
        spec.analysis.threshold: 5 → 3
  ~ Kustomization flux-system/conduit
        spec.timeout: 42m → 40m
  ~ PrometheusRule monitoring/delivery
        spec.groups[delivery].rules[ReleaseTakesLong].for: 92m → 90m

3 clusters: 9 objects changed
`);
    expect((await repo.slipway('diff', '--exit-code')).code).toBe(1);
  });

  test("tells Flux's bump of an image in one line", async () => {
    await applyImageUpdates(
      repo.root,
      new Map([['flux-system:conduit-dev', 'ghcr.io/slipway/conduit:9.0.0']]),
    );
    const [, , release, , summary] = (await diff()).split('\n');
    expect(release).toMatch(/^ {2}conduit \S+ → 9\.0\.0 in dev-eu-west-1: starts a canary$/);
    expect(summary).toBe('1 cluster: 1 object changed; a canary of conduit starts in dev-eu-west-1');
    expect(await diff('--markdown')).toContain('- **conduit** `');
  });

  test('tells what goes with an app', async () => {
    await rm(join(repo.root, 'dist/prod-eu-west-1/apps'), { recursive: true });
    const text = await diffOfEdited('--cluster', 'prod-eu-west-1');
    expect(text).toContain('  - Canary conduit/conduit  conduit stops serving\n');
    expect(text).toContain(
      '!! danger Namespace conduit in prod-eu-west-1: everything in the namespace is deleted',
    );
    expect(text).toMatch(
      /1 cluster: \d+ objects removed, 2 other files changed; conduit stops serving in prod-eu-west-1; 2 dangers\n$/,
    );
  });

  test('tells what happens when a Canary goes', async () => {
    await repo.edit(APP, 'kind: Canary', 'kind: Ignored');
    expect(await diffOfEdited('--markdown')).toMatch(
      /> \[!WARNING\]\n> - `Canary conduit\/conduit` in `prod-eu-west-1`: Flagger scales Deployment conduit up first/,
    );
  });

  test('tells a new cluster folder by folder, and what it waits for', async () => {
    const record = `{ name: 'prod-us-east-1', account: '333333333333', region: 'us-east-1', ring: 'prod', zones: ['a', 'b'], vpcCidr: '10.40.0.0/16', apps: ['conduit'] },\n];`;
    await repo.edit('config/clusters.ts', '\n];', `\n  ${record}`);
    await repo.slipway('synth');
    const text = await diff();
    expect(text).toContain('prod-us-east-1 (new)\n  + apps/conduit: Namespace, ');
    expect(text).toContain(' ! warning in prod-us-east-1: a new cluster: deploy infra first');
    const report: Report = JSON.parse(await diff('--json'));
    expect(report).toMatchObject({
      version: 1,
      base: { ref: 'main', mergeBase: false },
      clusters: [{ cluster: 'prod-us-east-1', change: 'added' }],
      unchanged: ['dev-eu-west-1', 'prod-eu-west-1', 'staging-eu-west-1'],
    });
  });

  test('says that the code was not compiled yet, and shows what is there all the same', async () => {
    await repo.edit('config/platform.ts', 'threshold: 5', 'threshold: 3');
    expect(await diffOfEdited()).toContain('nothing changes in 3 clusters\n');
    expect((await repo.slipway('diff', '--cluster', 'prod-us-east-1')).stderr).toMatch(
      /^dist\/ is not what the code compiles to .*\n--cluster: dist\/ holds no prod-us-east-1, /,
    );
    await repo.edit('config/platform.ts', 'threshold: 3', 'threshold: -3');
    expect(await repo.slipway('diff')).toEqual({
      code: 0,
      stdout: expect.stringContaining('nothing changes in 3 clusters\n'),
      stderr:
        'the code does not compile, so this may not be what it makes: `npm run synth` says what is wrong\n',
    });
  });

  test('does not mind where in a folder an object stands', async () => {
    await repo.git('mv', APP, APP.replace('conduit.yaml', 'renamed.yaml'));
    expect(await diffOfEdited()).toContain('nothing changes in 3 clusters');
  });

  test('compares with where a branch left main', async () => {
    await repo.git('checkout', '-q', '-b', 'feature');
    await repo.edit(APP, 'minReplicas: 3', 'minReplicas: 4');
    await repo.commit();
    await repo.git('checkout', '-q', 'main');
    await repo.edit(APP, 'maxReplicas: 12', 'maxReplicas: 20');
    await repo.commit();
    await repo.git('checkout', '-q', 'feature');
    try {
      const text = await diffOfEdited();
      expect(text).toContain(', where this branch left it\n');
      expect(text).toContain('spec.minReplicas: 3 → 4');
      expect(text).not.toContain('maxReplicas');
      expect(await diffOfEdited('--base', 'main')).toContain('spec.maxReplicas: 20 → 12');
    } finally {
      await repo.git('checkout', '-q', 'main');
      await repo.git('reset', '-q', '--hard', 'HEAD^');
      await repo.git('branch', '-q', '-D', 'feature');
    }
  });

  test('cuts a comment to its size', async () => {
    const kinds = Array.from(
      { length: 6000 },
      (_, index) => `kind: ConfigMap\nmetadata:\n  name: c${index}\n`,
    );
    await writeFile(join(repo.root, 'dist/dev-eu-west-1/apps/conduit/many.yaml'), kinds.join('---\n'));
    const text = await diffOfEdited('--markdown');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMIT);
    const shown = text.match(/^\+ ConfigMap c\d+$/gm)?.length ?? 0;
    expect(text).toContain(`_${6000 - shown} more left out: the comment is full._`);
  });

  test.each([
    [
      ['--base', 'nope'],
      '--base: found no commit "nope"; name a branch, a tag or a commit that git has here (git fetch?)\n',
    ],
    [
      ['--base', '--help'],
      '--base: found no commit "--help"; name a branch, a tag or a commit that git has here (git fetch?)\n',
    ],
    [['--cluster', 'nope'], '--cluster: dist/ holds no nope, neither here nor at main\n'],
    [['--json', '--markdown'], "error: option '--markdown' cannot be used with option '--json'\n"],
  ])('refuses %j', async (args, says) => {
    expect(await repo.slipway('diff', ...args)).toEqual({ code: 2, stdout: '', stderr: says });
  });

  test('says when there is nothing to compare with', async () => {
    await repo.git('branch', '-m', 'main', 'trunk');
    try {
      expect(await repo.slipway('diff')).toEqual({
        code: 2,
        stdout: '',
        stderr: 'found neither origin/main nor main; name what to compare with: --base REF\n',
      });
    } finally {
      await repo.git('branch', '-m', 'trunk', 'main');
    }
  });
});
