import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Repo } from '../../e2e/repo.ts';
import { applyImageUpdates } from '../flux/apply-image-updates.ts';

let repo: Repo;
let start: string;

const POLICY = 'flux-system:conduit-dev';
const MARKER = `# {"$imagepolicy": "${POLICY}"}`;
const DIGEST = `sha256:${'d'.repeat(64)}`;
const image = (version: string) => `ghcr.io/slipway/conduit:${version}`;
const DEV = 'dist/dev-eu-west-1/apps/conduit';

const flux = (version: string) => applyImageUpdates(repo.root, new Map([[POLICY, image(version)]]));

beforeAll(async () => {
  repo = await Repo.create();
  // As Flux does: first the tag alone, then with its digest.
  for (const version of ['0.2.0', `0.2.0@${DIGEST}`, '0.3.0', '0.4.0']) {
    await flux(version);
    await repo.commit();
  }
  start = (await repo.git('rev-parse', 'HEAD')).trim();
}, 60_000);
afterAll(() => repo[Symbol.asyncDispose]());
afterEach(async () => {
  await repo.git('reset', '-q', '--hard', start);
  await repo.git('clean', '-fdq');
});

const rollback = (...args: string[]) => repo.slipway('rollback', 'conduit', ...args);
const toDev = (to: string, ...args: string[]) =>
  rollback('--ring', 'dev', '--to', to, '--reason', '0.4.0 loses sessions', ...args);
const lines = async (folder: string, part: string) =>
  (await repo.changes(folder)).filter((line) => line.includes(part));

describe('npm run rollback', () => {
  test('puts the image back with its digest, pinned, and no marker is left for Flux to find', async () => {
    const { code, stdout } = await toDev('0.2.0');
    expect(code).toBe(0);
    expect(await repo.changes('apps')).toEqual([
      `apps/images.yaml: -  conduit: ${image('0.4.0')} ${MARKER}`,
      `apps/images.yaml: +  conduit: ${image(`0.2.0@${DIGEST}`)} # pinned: 0.4.0 loses sessions`,
    ]);
    expect(await lines('dist', '+')).not.toEqual([]);
    expect(await readFile(join(repo.root, DEV, 'conduit.yaml'), 'utf8')).not.toContain('$imagepolicy');
    expect(stdout).toContain('conduit in dev: 0.4.0 → 0.2.0, pinned: 0.4.0 loses sessions\n');
    expect(stdout).toContain(
      'Analysed like any release: users move step by step, and all are on 0.2.0 about 9 min after',
    );

    // Flux finds nothing that it may move, and a compile nothing to add.
    expect(await flux('0.5.0')).toEqual([]);
    expect((await repo.slipway('synth')).stdout).toContain(' 0 written, 0 removed,');
  }, 60_000);

  test('with --now has Flagger judge nothing, which stands in dist/ and is told by npm run check', async () => {
    const { stdout } = await toDev('0.3.0', '--now');
    expect(stdout).toContain('Not analysed: once pods of 0.3.0 are ready, Flagger replaces those that serve');
    expect(await lines('apps', '+')).toEqual([
      `apps/images.yaml: +  conduit: ${image('0.3.0')} # pinned, not analysed: 0.4.0 loses sessions`,
    ]);
    expect(await lines('dist', 'skipAnalysis')).toEqual([`${DEV}/conduit.yaml: +  skipAnalysis: true`]);
    const check = await repo.slipway('check');
    expect(check.stdout).toContain(
      'pinned: conduit in dev at 0.3.0, and every change to it goes out without analysis: 0.4.0 loses sessions\n',
    );
    expect(check.code).toBe(0);
  }, 120_000);

  test('takes a whole reference, and in a ring that a person opens it pins too', async () => {
    await repo.edit(
      'apps/images.yaml',
      `prod:\n  conduit: ${image('0.1.0')}`,
      `prod:\n  conduit: ${image('0.3.0')}`,
    );
    await repo.slipway('synth');
    await repo.commit();
    const { code } = await rollback('--ring', 'prod', '--to', image('0.1.0'), '--reason', 'slow');
    expect(code).toBe(0);
    expect(await lines('apps', '+')).toEqual([
      `apps/images.yaml: +  conduit: ${image('0.1.0')} # pinned: slow`,
    ]);
  });

  test('run again changes nothing', async () => {
    await toDev('0.3.0');
    await repo.commit();
    const { code, stdout } = await toDev('0.3.0');
    expect(stdout).toContain('conduit in dev: stays at 0.3.0, pinned: 0.4.0 loses sessions\n');
    expect(code).toBe(0);
    expect(await repo.git('status', '--porcelain')).toBe('');
  });

  test.each([
    [
      ['--ring', 'dev', '--to', '0.1.9', '--reason', 'x'],
      /^--to: found no "0\.1\.9" of conduit in dev; there were: 0\.4\.0 \(now\), 0\.3\.0 \(until \d{4}-.* UTC\), 0\.2\.0 \(until .*\), 0\.2\.0-rc\.3 \(until .*\)\n$/,
    ],
    [
      ['--ring', 'prd', '--to', '0.2.0', '--reason', 'x'],
      '--ring: found "prd"; allowed: "dev", "staging", "prod"; did you mean "prod"?\n',
    ],
    [['--ring', 'dev', '--to', '0.2.0'], "error: required option '--reason <text>' not specified\n"],
    [['--ring', 'dev', '--to', '0.2.0', '--reason', ' '], /allowed: one line that says why\.\n$/],
    [
      ['--ring', 'dev', '--to', '0.2.0', '--reason', MARKER],
      /allowed: any text without "\$imagepolicy"\.\n$/,
    ],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await rollback(...args);
    if (typeof message === 'string') expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(await repo.git('status', '--porcelain')).toBe('');
  });

  test('refuses an app that there is not', async () => {
    const { stderr } = await repo.slipway(
      'rollback',
      'condiut',
      '--ring',
      'dev',
      '--to',
      '1',
      '--reason',
      'x',
    );
    expect(stderr).toBe('<app>: found "condiut"; allowed: "conduit"; did you mean "conduit"?\n');
  });
});

describe('npm run unpin', () => {
  const unpin = (...args: string[]) => repo.slipway('unpin', 'conduit', ...args);

  test.each([[[]], [['--now']]])(
    'undoes all but the image, after rollback %j',
    async (args) => {
      await toDev('0.3.0', ...args);
      await repo.commit();
      const { code, stdout } = await unpin('--ring', 'dev');
      expect(code).toBe(0);
      expect(stdout).toContain('conduit in dev is no longer pinned at 0.3.0 (0.4.0 loses sessions)\n');
      expect(stdout).toContain('Flux moves conduit in dev to the newest of its pre-releases again');
      await repo.commit();
      const left = (folder: string) => repo.git('diff', '-U0', start, 'HEAD', '--', folder);
      expect((await left('apps')).split('\n').slice(-3)).toEqual([
        `-  conduit: ${image('0.4.0')} ${MARKER}`,
        `+  conduit: ${image('0.3.0')} ${MARKER}`,
        '',
      ]);
      expect(await left('dist')).not.toContain('skipAnalysis');
      // Flux may move it again, in both places.
      expect((await flux('0.5.0')).map(({ file }) => file)).toContain('apps/images.yaml');
      expect((await repo.slipway('synth')).stdout).toContain(' 0 written, 0 removed,');
    },
    60_000,
  );

  test('in a ring that a person opens leaves no comment', async () => {
    await rollback('--ring', 'prod', '--to', '0.1.0', '--reason', 'slow');
    await repo.commit();
    expect((await unpin('--ring', 'prod')).stdout).toContain(
      '`npm run promote` may move conduit in prod again',
    );
    expect(await lines('apps', '+')).toEqual([`apps/images.yaml: +  conduit: ${image('0.1.0')}`]);
  });

  test('has nothing to do where nothing is pinned', async () => {
    const { code, stderr } = await unpin('--ring', 'dev');
    expect(stderr).toBe('conduit in dev is not pinned: it is at 0.4.0, and moves as its ring does\n');
    expect(code).toBe(2);
  });

  test('leaves alone what Flux does not watch', async () => {
    await repo.edit(
      'apps/images.yaml',
      `${image('0.4.0')} ${MARKER}`,
      'docker.io/acme/conduit:0.4.0 # pinned: theirs',
    );
    await repo.slipway('synth');
    const { stderr } = await unpin('--ring', 'dev');
    expect(stderr).toBe(
      'conduit in dev is not an image of ghcr.io/slipway/conduit, which is all that Flux watches for it: it stays pinned\n',
    );
  });
});
