import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { applyFixture, readFixtures } from '../../config/fixtures.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { applyImageUpdates } from '../lib/flux/apply-image-updates.ts';
import { Repo } from './repo.ts';

let repo: Repo;
beforeAll(async () => {
  repo = await Repo.create();
});
afterAll(() => repo[Symbol.asyncDispose]());
afterEach(() => repo.reset());

async function writtenAt(): Promise<Map<string, number>> {
  const entries = await readdir(join(repo.root, 'dist'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, (await stat(file)).mtimeMs] as const)));
}

describe('npm run synth', () => {
  test('leaves a fresh clone as it is and writes no file', async () => {
    const before = await writtenAt();
    const { code, stdout } = await repo.slipway('synth');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^(note: .*\n)*\d+ files, \d+ objects: 0 written, 0 removed, \d+ unchanged in \d+\.\d\d s\n$/,
    );
    expect(await writtenAt()).toEqual(before);
    expect(await repo.git('status', '--porcelain')).toBe('');
  });

  test('writes again only the files that were lost or changed by hand, and takes away what nothing makes', async () => {
    const before = await writtenAt();
    await repo.edit('dist/dev-eu-west-1/apps/conduit/conduit.yaml', 'minReplicas: 1', 'minReplicas: 7');
    await rm(join(repo.root, 'dist/prod-eu-west-1/flux/sources.yaml'));
    await repo.run('cp', ['-r', 'dist/dev-eu-west-1', 'dist/gone-eu-west-1']);
    const { stdout } = await repo.slipway('synth');
    expect(stdout).toContain('wrote   dist/dev-eu-west-1/apps/conduit/conduit.yaml\n');
    expect(stdout).toContain('wrote   dist/prod-eu-west-1/flux/sources.yaml\n');
    expect(stdout).toContain('removed dist/gone-eu-west-1/apps/conduit/conduit.yaml\n');
    expect(stdout).toContain(': 2 written,');
    expect(await repo.git('status', '--porcelain')).toBe('');
    const after = await writtenAt();
    const kept = join(repo.root, 'dist/staging-eu-west-1/flux/sources.yaml');
    expect(after.get(kept)).toBe(before.get(kept));
  });

  const lines = (file: string, ...own: string[]) => own.map((line) => `dist/${file}: ${line}`);
  const conduit = (cluster: string, ...own: string[]) =>
    lines(`${cluster}-eu-west-1/apps/conduit/conduit.yaml`, ...own);
  const HASH = /sha256:[0-9a-f]{64}/;
  const TIMEOUT = /timeout: \d+m/;

  test.each([
    {
      setting: 'the pods of one ring',
      edit: ['prod: { replicas: { min: 3, max: 12 } }', 'prod: { replicas: { min: 4, max: 12 } }'],
      lines: conduit(
        'prod',
        '-  minReplicas: 3',
        '+  minReplicas: 4',
        '-      minReplicas: 3',
        '+      minReplicas: 4',
      ),
    },
    {
      setting: "every ring's memory",
      edit: ["memory: '192Mi'", "memory: '256Mi'"],
      lines: (
        [
          ['dev', '4420Mi', '5060Mi', '2120Mi', '2760Mi'],
          ['prod', '23868Mi', '27324Mi', '11448Mi', '14904Mi'],
          ['staging', '12376Mi', '14168Mi', '5936Mi', '7728Mi'],
        ] as const
      ).flatMap(([cluster, limits, newLimits, requests, newRequests]) => [
        ...lines(
          `${cluster}-eu-west-1/apps/conduit/conduit-release.yaml`,
          '-template: <hash>',
          '+template: <hash>',
        ),
        ...conduit(
          cluster,
          ...['limits', 'requests', 'limits', 'requests'].flatMap(() => [
            '-            memory: 192Mi',
            '+            memory: 256Mi',
          ]),
          // The quota has room for it.
          `-    limits.memory: ${limits}`,
          `+    limits.memory: ${newLimits}`,
          `-    requests.memory: ${requests}`,
          `+    requests.memory: ${newRequests}`,
        ),
      ]),
    },
    {
      setting: "production's domain",
      edit: ["soakMinutes: 60, domain: 'slipway.example'", "soakMinutes: 60, domain: 'slipway.app'"],
      lines: [
        ...conduit('prod', '-  - host: conduit.slipway.example', '+  - host: conduit.slipway.app'),
        // Who issues certificates does so for it, and who writes DNS names writes them below it.
        ...lines(
          'prod-eu-west-1/platform/certificate-issuers/certificate-issuers.yaml',
          '-        - slipway.example',
          '+        - slipway.app',
          '-        - slipway.example',
          '+        - slipway.app',
        ),
        ...lines(
          'prod-eu-west-1/platform/external-dns/external-dns.yaml',
          '-    - slipway.example',
          '+    - slipway.app',
        ),
      ],
    },
    {
      setting: 'the threshold of every canary',
      edit: ['threshold: 5', 'threshold: 3'],
      lines: ['dev', 'prod', 'staging'].flatMap((cluster) => [
        ...conduit(cluster, '-    threshold: 5', '+    threshold: 3'),
        // A canary that may fail fewer checks is done earlier.
        ...lines(`${cluster}-eu-west-1/flux/kustomizations.yaml`, '-  timeout: <time>', '+  timeout: <time>'),
        // And it is sooner that it takes too long.
        ...lines(
          `${cluster}-eu-west-1/platform/platform-alerts/platform-alerts.yaml`,
          '-      for: 92m',
          '+      for: 90m',
        ),
      ]),
    },
  ])(
    'changes exactly the lines that follow from $setting',
    async ({ edit: [find = '', replace = ''], lines }) => {
      await repo.edit('config/platform.ts', find, replace);
      expect((await repo.slipway('synth')).code).toBe(0);
      const changes = await repo.changes('dist');
      const shown = changes.map((line) => line.replace(HASH, '<hash>').replace(TIMEOUT, 'timeout: <time>'));
      expect(shown).toEqual(lines);
    },
  );

  test('a new version of an add-on in one ring changes one line', async () => {
    await repo.edit('config/versions.yaml', 'flagger: 1.44.0', 'flagger: 1.45.0');
    await repo.slipway('synth');
    expect(await repo.changes('dist')).toEqual([
      'dist/dev-eu-west-1/flux/sources.yaml: -    tag: "1.44.0"',
      'dist/dev-eu-west-1/flux/sources.yaml: +    tag: "1.45.0"',
    ]);
  });

  test('another cluster is one record, and its folder goes with it', async () => {
    const record = `{ name: 'prod-us-east-1', account: '333333333333', region: 'us-east-1', ring: 'prod', zones: ['a', 'b'], vpcCidr: '10.40.0.0/16', apps: ['conduit'] },\n];`;
    await repo.edit('config/clusters.ts', '\n];', `\n  ${record}`);
    const { stdout, ...outcome } = await repo.slipway('synth');
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    // It stands by until the first is gone, and whoever adds it should know.
    expect(stdout).toContain('note: conduit.slipway.example: published by prod-eu-west-1, prod-us-east-1;');
    const files = async (...how: string[]) => (await repo.git('ls-files', ...how)).trim().split('\n');
    const added = await files('--others', 'dist');
    const first = await files('dist/prod-eu-west-1');
    expect(added).toEqual(first.map((path) => path.replace('prod-eu-west-1', 'prod-us-east-1')));
    expect(
      await repo.changes('dist').then((lines) => lines.filter((line) => !line.includes('prod-us-east-1'))),
    ).toEqual([]);
    await repo.git('checkout', '-q', 'config');
    await repo.slipway('synth');
    expect(await repo.git('status', '--porcelain')).toBe('');
  });

  test('writes only one cluster, or one app, when asked to', async () => {
    await repo.edit('config/platform.ts', "memory: '192Mi'", "memory: '256Mi'");
    await repo.edit('config/versions.yaml', 'flagger: 1.44.0', 'flagger: 1.45.0');
    await repo.slipway('synth', '--cluster', 'dev-eu-west-1', '--app', 'conduit');
    expect(await repo.git('diff', '--name-only', 'dist')).toBe(
      'dist/dev-eu-west-1/apps/conduit/conduit-release.yaml\ndist/dev-eu-west-1/apps/conduit/conduit.yaml\n',
    );
    await repo.slipway('synth', '--cluster', 'dev-eu-west-1');
    expect(await repo.git('diff', '--name-only', 'dist')).toBe(
      'dist/dev-eu-west-1/apps/conduit/conduit-release.yaml\ndist/dev-eu-west-1/apps/conduit/conduit.yaml\ndist/dev-eu-west-1/flux/sources.yaml\n',
    );
    await repo.slipway('synth', '--app', 'conduit');
    expect((await repo.git('diff', '--name-only', 'dist')).split('\n')).toHaveLength(8);
    expect(await repo.slipway('synth', '--cluster', 'dev-eu-west-2')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        '--cluster: found "dev-eu-west-2"; allowed: "dev-eu-west-1", "staging-eu-west-1", "prod-eu-west-1"; did you mean "dev-eu-west-1"?\n',
    });
  });

  test('says so when an app has no file', async () => {
    await rm(join(repo.root, 'apps/conduit.ts'));
    expect(await repo.slipway('synth')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "config/platform.ts: apps.conduit: found no file apps/conduit.ts; it must export a function that puts the app's objects into a chart\n",
    });
  });

  test('says so when the file of an app exports no function', async () => {
    await repo.edit('apps/conduit.ts', 'export default function', 'export function');
    expect(await repo.slipway('synth')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "apps/conduit.ts: has no default export that is a function; it must put the app's objects into a chart, as apps/conduit.ts does\n",
    });
    expect(await repo.git('status', '--porcelain', 'dist')).toBe('');
  });

  const CLUSTERS = 'dev-eu-west-1, staging-eu-west-1, prod-eu-west-1';
  const MORE = '; `npm run check` may say more';

  test.each([
    {
      slip: 'an import without its .ts',
      edit: ['/cluster-vars.ts', '/cluster-vars'],
      says: `apps/conduit.ts: can't be run: Cannot find module 'config/cluster-vars' imported from apps/conduit.ts; did you mean 'config/cluster-vars.ts'?${MORE}`,
    },
    {
      slip: 'an import without its .ts, where a folder has the name',
      edit: ['/web-service.ts', '/web-service'],
      says: `apps/conduit.ts: can't be run: Directory import 'charts/web-service' is not supported resolving ES modules imported from apps/conduit.ts; did you mean 'charts/web-service.ts'?${MORE}`,
    },
    {
      slip: 'a comma too few',
      edit: ['    image,\n', '    image\n'],
      says: /^apps\/conduit\.ts:\d+: can't be run: .*Expected .*; `npm run check` may say more$/,
    },
    {
      slip: 'a name that nobody has defined',
      edit: ['export default', 'const x = y;\nexport default'],
      says: /^apps\/conduit\.ts:\d+: can't be run: y is not defined; `npm run check` may say more$/,
    },
    {
      slip: 'props that lack',
      edit: ['    image,\n', ''],
      says: new RegExp(
        `^apps/conduit\\.ts:\\d+: can't be compiled for ${CLUSTERS}: Cannot read properties of undefined \\(.*\\) \\(in charts/[\\w/-]+\\.ts:\\d+\\)${MORE}$`,
      ),
    },
    {
      slip: 'an error of its own',
      edit: ['  new WebService', "  throw new Error('not yet');\n  new WebService"],
      says: new RegExp(`^apps/conduit\\.ts:\\d+: can't be compiled for ${CLUSTERS}: not yet${MORE}$`),
    },
    {
      slip: 'what is no error at all',
      edit: ['  new WebService', "  throw 'not yet';\n  new WebService"],
      says: `apps/conduit.ts: can't be compiled for ${CLUSTERS}: not yet`,
    },
    {
      slip: 'one construct twice',
      edit: [
        '  new WebService',
        '  new WebService(chart, name, { ...settings, image, host, platform });\n  new WebService',
      ],
      says: new RegExp(
        `^apps/conduit\\.ts:\\d+: can't be compiled for ${CLUSTERS}: There is already a Construct with name 'conduit' in .*${MORE}$`,
      ),
    },
    {
      slip: 'a value that makes no sense',
      edit: ['    image,\n', '    image,\n    port: 0,\n'],
      says: new RegExp(
        `^apps/conduit\\.ts:\\d+: can't be compiled for ${CLUSTERS}: conduit: port: found 0; allowed: .*$`,
      ),
    },
    {
      slip: 'a construct that finds itself invalid',
      edit: ['  new WebService', "  chart.node.addValidation({ validate: () => ['no'] });\n  new WebService"],
      says: `apps/conduit.ts: can't be compiled for ${CLUSTERS}: the chart: no${MORE}`,
    },
  ])('tells where the code of an app fails, and writes nothing: $slip', async ({ edit, says }) => {
    const [find = '', replace = ''] = edit;
    await repo.edit('apps/conduit.ts', find, replace);
    const { code, stdout, stderr } = await repo.slipway('synth');
    expect(stderr.replace(/\n$/, '')).toEqual(typeof says === 'string' ? says : expect.stringMatching(says));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(await repo.git('status', '--porcelain', 'dist')).toBe('');
  });

  test('shows the stack of an error of an app to whoever asks', async () => {
    await repo.edit('apps/conduit.ts', '  new WebService', "  throw new Error('not yet');\n  new WebService");
    const env = { ...process.env, SLIPWAY_VERBOSE: '1' };
    const { stderr } = await repo.run(process.execPath, ['tools/slipway.mjs', 'synth'], env);
    expect(stderr).toMatch(/\nError: not yet\n {4}at conduit \(.*apps\/conduit\.ts:\d+:\d+\)\n/);
  });

  test('refuses a misspelt field, also one that the class of its kind would leave out', async () => {
    await repo.edit(
      'apps/conduit.ts',
      "import type { Chart } from 'cdk8s';\n",
      "import type { Chart } from 'cdk8s';\nimport { KubeConfigMap } from 'cdk8s-plus-28/lib/imports/k8s.js';\n",
    );
    await repo.edit(
      'apps/conduit.ts',
      '  new WebService(',
      "  new KubeConfigMap(chart, 'texts', { metadata: { name: 'texts' }, dta: { a: 'b' } });\n  new WebService(",
    );
    const { code, stderr } = await repo.slipway('synth');
    expect(stderr).toMatch(
      /^dist\/<cluster>\/apps\/conduit\/conduit\.yaml: ConfigMap\/conduit\/texts \(texts\): dta: unknown field; allowed: .*; did you mean "data"\? \(dev-eu-west-1, staging-eu-west-1, prod-eu-west-1\)\n1 finding; nothing was written\n$/,
    );
    expect(code).toBe(1);
    expect(await repo.git('status', '--porcelain', 'dist')).toBe('');
  });

  test('an unknown option is refused with what there is', async () => {
    const { code, stderr } = await repo.slipway('synth', '--hlep');
    expect(stderr).toContain("unknown option '--hlep'");
    expect(stderr).toContain('--help');
    expect(code).toBe(2);
  });
});

describe('cdk8s synth', () => {
  const cdk8s = (...args: string[]) =>
    repo.run(process.execPath, [
      'node_modules/cdk8s-cli/bin/cdk8s',
      'synth',
      '--check-upgrade=false',
      ...args,
    ]);

  test('compiles into dist/ too', async () => {
    await rm(join(repo.root, 'dist'), { recursive: true });
    const { code, stdout } = await cdk8s();
    expect(code).toBe(0);
    expect(stdout).toContain('dev-eu-west-1/apps/conduit/conduit.yaml');
    expect(await repo.git('status', '--porcelain')).toBe('');
  });

  test('leaves dist/ alone when it compiles elsewhere', async () => {
    await repo.edit('config/platform.ts', 'threshold: 5', 'threshold: 3');
    const out = await mkdtemp(join(tmpdir(), 'slipway-out-'));
    expect((await cdk8s('--output', out)).code).toBe(0);
    const { stdout } = await cdk8s('--stdout');
    expect(stdout).toContain('threshold: 3');
    expect(await readFile(join(out, 'dev-eu-west-1/apps/conduit/conduit.yaml'), 'utf8')).toContain(
      'threshold: 3',
    );
    expect(await repo.git('status', '--porcelain', 'dist')).toBe('');
    await rm(out, { recursive: true });
  });

  test('a compile that fails leaves dist/ as it was', async () => {
    await repo.edit('config/clusters.ts', "region: 'eu-west-1'", "region: 'eu-west-7'");
    const { code, stderr } = await cdk8s();
    expect(code).not.toBe(0);
    expect(stderr).toContain('clusters[0].region');
    expect(await repo.git('status', '--porcelain', 'dist')).toBe('');
  });
});

describe('a wrong config', () => {
  test.each(readFixtures().map((fixture) => [fixture.name, fixture] as const))(
    '%s stops synth with its message and writes nothing',
    async (_, fixture) => {
      await applyFixture(fixture, repo.root);
      expect(await repo.slipway('synth')).toEqual({ code: 2, stdout: '', stderr: `${fixture.says}\n` });
      expect(await repo.git('status', '--porcelain', 'dist')).toBe('');
    },
  );

  test.each(['synth', 'check', 'infra:synth', 'start'])('stops %s', async (command) => {
    const fixture = readFixtures().find(({ name }) => name === 'several-at-once');
    if (fixture === undefined) throw new Error('no such fixture');
    await applyFixture(fixture, repo.root);
    const { code, stderr } = await repo.slipway(command, ...(command === 'start' ? ['--once'] : []));
    expect(stderr.trimEnd()).toBe(fixture.says);
    expect(code).toBe(2);
    expect(await repo.git('status', '--porcelain', 'dist')).toBe('');
  });
});

describe("after Flux's edit", () => {
  const digest = `sha256:${'c0ffee'.repeat(10)}beef`;

  test.each([
    ['a new tag', ['flux-system:conduit-dev'], 'ghcr.io/slipway/conduit:0.2.0-rc.4'],
    ['a tag that looks like a number', ['flux-system:conduit-staging'], 'ghcr.io/slipway/conduit:1.10'],
    ['a digest', ['flux-system:conduit-dev'], `ghcr.io/slipway/conduit:0.3.0@${digest}`],
    [
      'a registry with a port',
      ['flux-system:conduit-staging'],
      `localhost:5000/slipway/conduit:2.0.0@${digest}`,
    ],
    [
      'both rings at once',
      ['flux-system:conduit-dev', 'flux-system:conduit-staging'],
      'ghcr.io/slipway/conduit:3.0.0',
    ],
  ])('a fresh compile changes nothing: %s', async (_, policies, image) => {
    const set = await applyImageUpdates(repo.root, new Map(policies.map((policy) => [policy, image])));
    // The line in apps/images.yaml, and the container and the migration in dist/: in the Deployment and in its release.
    expect(set).toHaveLength(5 * policies.length);
    expect(set.filter(({ file }) => file.endsWith('/conduit-release.yaml'))).toHaveLength(
      2 * policies.length,
    );
    await repo.commit();
    expect(await repo.slipway('synth')).toMatchObject({ code: 0, stderr: '' });
    expect(await repo.git('status', '--porcelain')).toBe('');
  });

  test('no marker of a policy stands anywhere but in apps/images.yaml and dist/', async () => {
    const { platform } = sampleConfig();
    const policies = Object.keys(platform.apps).flatMap((app) =>
      platform.rings.map(({ name }) => `flux-system:${app}-${name}`),
    );
    const set = await applyImageUpdates(
      repo.root,
      new Map(policies.map((policy) => [policy, 'example.com/a:1'])),
    );
    expect(set.length).toBeGreaterThan(0);
    expect(set.filter(({ file }) => file !== 'apps/images.yaml' && !file.startsWith('dist/'))).toEqual([]);
  });

  test("production's lines carry no marker", async () => {
    expect(await repo.run('grep', ['-r', 'imagepolicy', 'dist/prod-eu-west-1'])).toMatchObject({
      code: 1,
      stdout: '',
    });
  });
});
