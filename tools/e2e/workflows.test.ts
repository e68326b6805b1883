// The workflows of .github/: that GitHub takes them, that what they call is there, and that they can do no more than they
// must.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from '../lib/repo.ts';

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  needs?: string | string[];
  if?: string;
  steps: Step[];
  env?: Record<string, string>;
}
interface Workflow {
  on: Record<string, { paths?: string[]; branches?: string[] } | null>;
  permissions: unknown;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

const FOLDER = join(ROOT, '.github/workflows');
const files = readdirSync(FOLDER);
const workflows = files.map((file) => {
  const content = readFileSync(join(FOLDER, file), 'utf8');
  return { file, content, workflow: parse(content) as Workflow };
});
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, job, workflow })),
);
const action = parse(readFileSync(join(ROOT, '.github/actions/setup/action.yml'), 'utf8')) as {
  runs: { steps: Step[] };
};
const steps = [
  ...jobs.flatMap(({ name, job, workflow }) =>
    job.steps.map((step, index) => ({ name: `${name} ${step.name ?? index}`, step, job, workflow })),
  ),
  ...action.runs.steps.map((step, index) => ({
    name: `setup ${index}`,
    step,
    job: undefined,
    workflow: undefined,
  })),
];
const scripts = steps.filter(({ step }) => step.run !== undefined);

describe.each(workflows)('$file', ({ file, content, workflow }) => {
  test('is one that GitHub takes', () => {
    const { context } = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
    expect(context.errors.getErrors().map(String)).toEqual([]);
  });

  test('may do nothing but what a job names', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    }
  });

  test('is pinned: every action by the commit, with its version beside it', () => {
    const uses = [...content.matchAll(/^\s*(?:- )?uses: (\S+)(.*)/gm)].filter(
      ([, name = '']) => !name.startsWith('./'),
    );
    for (const [, name, rest] of uses) {
      expect(name).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/);
      expect(rest).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });

  test('lets no checkout keep a token that later steps could use, but where it pushes', () => {
    for (const { with: inputs, uses = '' } of Object.values(workflow.jobs).flatMap(({ steps }) => steps)) {
      if (!uses.startsWith('actions/checkout@')) continue;
      if (inputs?.token === undefined) expect(inputs).toMatchObject({ 'persist-credentials': false });
    }
  });
});

test('each action has one version in all workflows', () => {
  const all = [
    ...workflows.map(({ content }) => content),
    readFileSync(join(ROOT, '.github/actions/setup/action.yml'), 'utf8'),
  ];
  const uses = all.flatMap((content) => [...content.matchAll(/uses: ([\w-]+\/[\w./-]+)@(\S+)/g)]);
  const versions = Map.groupBy(uses, ([, name]) => name);
  for (const [name, found] of versions) {
    expect([name, new Set(found.map(([, , version]) => version)).size]).toEqual([name, 1]);
  }
});

test('secrets that live long are those of the two Apps that push, and no others', () => {
  const secrets = workflows.flatMap(({ content }) =>
    [...content.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name),
  );
  expect(new Set(secrets)).toEqual(new Set(['RELEASE_APP_KEY', 'PROMOTION_APP_KEY']));
});

describe('what a step calls is there', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  test.each(scripts)('$name', ({ step: { run = '' } }) => {
    for (const [, name = ''] of run.matchAll(/npm run (?:--silent )?([\w:]+)/g)) {
      expect(Object.keys(manifest.scripts)).toContain(name);
    }
    for (const [, name = ''] of run.matchAll(/npx (?!--prefix)([\w-]+)/g)) {
      expect(existsSync(join(ROOT, 'node_modules/.bin', name))).toBe(true);
    }
    for (const [path] of run.matchAll(/\b(?:tools|service)\/[\w./-]+\.(?:m?[jt]s|sh)\b/g)) {
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    }
  });

  test.each(scripts)(
    '$name takes nothing that a stranger may have written into its text',
    ({ step: { run = '' } }) => {
      for (const [, expression = ''] of run.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)) {
        expect(expression).toMatch(/^(matrix|steps|needs)\.[\w.-]+$|^github\.run_number$/);
      }
    },
  );
});

/** Whether a push of these files starts a workflow: the last pattern that matches a file decides for it. */
function starts({ on }: Workflow, changed: readonly string[]): boolean {
  if (!('push' in on)) return false;
  const { paths } = on.push ?? {};
  if (paths === undefined) return true;
  return changed.some((file) =>
    paths.reduce(
      (is, pattern) => (matchesGlob(file, pattern.replace(/^!/, '')) ? !pattern.startsWith('!') : is),
      false,
    ),
  );
}

describe('which push starts what', () => {
  const of = (name: string) => workflows.find(({ file }) => file === name)?.workflow as Workflow;

  test.each([
    ['what Flux writes', ['apps/images.yaml', 'dist/dev-eu-west-1/apps/conduit/conduit.yaml'], false],
    ['a change of the charts', ['charts/web-service.ts'], false],
    ['a test of the service', ['service/src/app.test.ts'], false],
    ['the words of the service', ['service/README.md'], false],
    ['the service', ['service/src/app.ts'], true],
    ['what it is made of', ['service/package-lock.json', 'README.md'], true],
    ['a migration', ['service/src/database/migrations/0007-tags.sql'], true],
  ])('an image is built of %s: no or yes', (_, changed, is) => {
    expect(starts(of('image.yml'), changed)).toBe(is);
  });

  test.each([[['charts/web-service.ts']], [['README.md']], [['apps/images.yaml']], [['.github/CODEOWNERS']]])(
    'the checks run for %s',
    (changed) => {
      const ci = of('ci.yml');
      expect(starts(ci, changed)).toBe(true);
      // On a pull request and in the queue too, whatever it touches.
      expect(ci.on).toMatchObject({ pull_request: null, merge_group: null });
      for (const name of ['check', 'test']) expect(ci.jobs[name]?.if).toBeUndefined();
    },
  );

  test('the one check that must pass waits for all others', () => {
    const { ci, ...others } = of('ci.yml').jobs;
    expect(new Set(ci?.needs)).toEqual(new Set(Object.keys(others)));
    expect(ci?.if).toBe('always()');
  });

  test('a deployment is made by nobody here: Flux does that', () => {
    for (const { content } of workflows)
      expect(content).not.toMatch(/kubectl (apply|set)|flux reconcile|helm upgrade/);
  });
});

describe('each script runs, with stand-ins for what only GitHub or a cloud has', () => {
  let folder: string;
  const STAND_INS = ['npm', 'npx', 'docker', 'cosign', 'gh', 'kind', 'flux', 'kubectl'];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-workflow-'));
    await mkdir(join(folder, 'bin'));
    for (const name of STAND_INS) {
      const path = join(folder, 'bin', name);
      await writeFile(path, `#!/usr/bin/env bash\necho "${name} $*" >> "${folder}/calls"\n`);
      await chmod(path, 0o755);
    }
    const node = join(folder, 'bin/node');
    await writeFile(node, `#!/usr/bin/env bash\nexec "${process.execPath}" "$@"\n`);
    await chmod(node, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What follows from an upgrade, and one file that has no business there. */
  const PATCH = ['dist/dev/a.yaml', '.github/workflows/own.yml']
    .map(
      (file) =>
        `diff --git a/${file} b/${file}\nnew file mode 100644\n--- /dev/null\n+++ b/${file}\n@@ -0,0 +1 @@\n+made: here\n`,
    )
    .join('');

  /** What a script finds beside itself. What it calls there is tried in a test of its own, where its packages are. */
  const BESIDE: Readonly<Record<string, Record<string, string>>> = {
    'tools/release/next-version.mjs': { 'tools/release/next-version.mjs': "console.log('1.4.0');\n" },
    'tools/ci/finish-upgrade.sh': { 'tools/ci/record-charts.ts': '' },
    'tools/ci/cluster/up.sh': {
      'dist/dev-eu-west-1/apps/hello/hello.yaml': 'image: ghcr.io/stefanprodan/podinfo:6.14.1\n',
      'cluster-infra/flux-instance.ts': "const FLUX = '2.9.4';\n",
      'tools/ci/cluster/prepare.ts':
        "import { writeFileSync } from 'node:fs';\nwriteFileSync('dist/kind.yaml', process.argv.slice(2).join(' '));\n",
      'tools/ci/cluster/push-image.sh': readFileSync(join(ROOT, 'tools/ci/cluster/push-image.sh'), 'utf8'),
    },
  };

  /** An expression's value, near enough for a script to go through. */
  const filledIn = (text: string) =>
    text
      .replace(/\$\{\{[^}]*\.sha[^}]*\}\}/g, 'HEAD')
      .replace(/\$\{\{[^}]*\.result[^}]*\}\}/g, 'success skipped')
      .replace(/\$\{\{[^}]*\.patch[^}]*\}\}/g, gzipSync(PATCH).toString('base64'))
      .replace(/\$\{\{[^}]*\}\}/g, '1');

  test.each(scripts)('$name', async ({ name, step, job, workflow }) => {
    const { run = '', env } = step;
    // Each in an empty folder of its own, beside a repo that has a commit or two.
    const cwd = await mkdtemp(join(folder, 'repo-'));
    const git = (...args: string[]) =>
      promisify(execFile)('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd });
    for (const path of run.match(/\b(?:tools|service)\/[\w./-]+\.(?:m?[jt]s|sh)\b/g) ?? []) {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await cp(join(ROOT, path), join(cwd, path));
      if (path.endsWith('affected.ts')) {
        await mkdir(join(cwd, 'tools/lib/ci'), { recursive: true });
        await writeFile(
          join(cwd, 'tools/lib/ci/affected.ts'),
          readFileSync(join(ROOT, 'tools/lib/ci/affected.ts')),
        );
      }
      for (const [file, text] of Object.entries(BESIDE[path] ?? {})) {
        await mkdir(dirname(join(cwd, file)), { recursive: true });
        await writeFile(join(cwd, file), text, { mode: 0o755 });
      }
    }
    await git('init', '-q', '-b', 'main');
    await git('add', '-A');
    await git('commit', '-q', '--allow-empty', '-m', 'feat: first');
    const origin = await mkdtemp(join(folder, 'origin-'));
    await git('init', '-q', '--bare', origin);
    await git('remote', 'add', 'origin', origin);
    await git('push', '-q', '-u', 'origin', 'main');
    if (name.endsWith('Throw the branch away')) await git('push', '-q', 'origin', 'main:e2e/1');
    const variables = { ...workflow?.env, ...job?.env, ...env };
    const script = join(cwd, '.git/script.sh');
    await writeFile(script, filledIn(run));
    // As the runner calls it.
    const { stdout } = await promisify(execFile)(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', script],
      {
        cwd,
        env: {
          PATH: `${folder}/bin:${process.env.PATH}`,
          HOME: folder,
          GITHUB_OUTPUT: join(folder, 'output'),
          GITHUB_STEP_SUMMARY: join(folder, 'summary'),
          ...Object.fromEntries(
            Object.entries(variables).map(([name, value]) => [name, filledIn(String(value))]),
          ),
        },
      },
    );
    expect(stdout).not.toMatch(/command not found/);
    if (name.endsWith('Bring the cluster up')) {
      const calls = await readFile(join(folder, 'calls'), 'utf8');
      expect(calls).toContain('docker push --quiet localhost:5000/hello:1.0.0\n');
      expect(calls).toContain('fluxcd/flux2/releases/download/v2.9.4/install.yaml\n');
      const { stdout: branch } = await git('show', 'origin/e2e/1:dist/kind.yaml');
      expect(branch).toBe('dev-eu-west-1 e2e/1 registry.test:5000/hello:1.0.0');
    }
    if (name.endsWith('Push it')) {
      const pushed = await git('show', '--format=%s', '--name-only', 'origin/main');
      // Only what is made, whatever the patch holds.
      expect(pushed.stdout.trim().split(/\n+/)).toEqual([
        'chore(deps): what follows from it',
        'dist/dev/a.yaml',
      ]);
    }
  });
});

test('the check that must pass fails when one that it waits for did', async () => {
  const { steps: [step] = [] } = workflows.find(({ file }) => file === 'ci.yml')?.workflow.jobs.ci ?? {
    steps: [],
  };
  const verdict = (results: string) =>
    promisify(execFile)('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? 'exit 9'], {
      env: { PATH: process.env.PATH, RESULTS: results },
    }).then(
      () => 0,
      (error) => error.code,
    );
  expect(await verdict('success skipped success')).toBe(0);
  expect(await verdict('success failure success')).toBe(1);
  expect(await verdict('success cancelled')).toBe(1);
});
