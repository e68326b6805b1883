// The documentation is true: its links lead somewhere, its commands can be typed, and those that need nothing but the
// repo are run here, on a copy of it, page by page.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { applyImageUpdates } from '../lib/flux/apply-image-updates.ts';
import { ROOT } from '../lib/repo.ts';
import { scriptOf, wrongWith } from '../testing/docs/command.ts';
import { brokenLink, type Fence, type Page, readPage } from '../testing/docs/page.ts';
import { commandsOf } from '../testing/docs/words.ts';
import { Repo } from './repo.ts';

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '*.md'],
  { cwd: ROOT, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && file !== 'CHANGELOG.md' && existsSync(join(ROOT, file)));
const pages = new Map(files.map((file) => [file, readPage(file)]));
const blocks = [...pages.values()].flatMap((page) =>
  page.fences.map((fence) => ({ name: `${page.path}:${fence.line}`, page, fence })),
);
const shell = blocks.filter(({ fence }) => fence.language === 'sh');

/** What a block of commands may need, said behind its fence, and the programs by which one knows that it does. */
const NEEDS: Readonly<Record<string, RegExp>> = {
  cluster: /\b(kubectl|flux|linkerd|cmctl|kind)\b|--context/,
  aws: /\baws\b|\bcdk (bootstrap|deploy|diff|destroy)\b|infra:(doctor|diff|deploy|destroy)/,
  host: /\b(gh|helm|docker)\b|chart:keys/,
  long: /./,
};

/**
 * Scripts that no block here runs, since they take long or want what is not here: each with the file that has it run, and
 * the words there by which one finds that.
 */
const ELSEWHERE: Readonly<Record<string, { file: string; words: string; why: string }>> = {
  start: { file: '.ci/run', words: 'npm start -- --once', why: 'it starts a service and a database' },
  test: { file: '.ci/run', words: 'npm cit', why: 'it is this' },
  check: {
    file: '.ci/run',
    words: 'npm run check',
    why: 'types and style of the whole repo take half a minute',
  },
  bench: { file: '.ci/run', words: 'npm run bench -- synth', why: 'it measures, alone on the machine' },
  reliability: {
    file: 'service/reliability/main.test.ts',
    words: 'main.ts',
    why: 'it loads the service for minutes',
  },
  rehearse: { file: '.ci/run', words: 'npm run rehearse', why: 'a release takes its time' },
  format: { file: 'tools/commands/check.ts', words: 'biome', why: 'it is what `npm run check` asks for' },
  'infra:synth': { file: '.ci/run', words: 'npm run infra:synth', why: 'all templates take half a minute' },
  'chart:keys': {
    file: 'tools/ci/record-charts.ts',
    words: "'chart:keys'",
    why: 'it wants what a chart brings',
  },
  'mesh:rotate-anchor': {
    file: 'tools/lib/mesh-anchor/rotate.test.ts',
    words: 'rotate',
    why: 'it wants a cluster',
  },
  e2e: { file: 'tools/lib/e2e/ship.test.ts', words: 'ship', why: 'it wants a cluster' },
};

describe.each([...pages.values()])('$path', (page: Page) => {
  test('its links lead somewhere', () => {
    expect(page.links.flatMap((link) => brokenLink(page, link, pages) ?? [])).toEqual([]);
  });

  test('commands in its sentences can be typed', async () => {
    const wrong: string[] = [];
    for (const text of page.code) {
      if (!/^(npm|npx|node) \S/.test(text)) continue;
      // What is left to the reader: `npm run e2e -- --context <name> …`
      if (text.endsWith('…')) continue;
      for (const words of commandsOf(text)) {
        // Without options it is only named.
        const isNamed = words.length === 3 && words[1] === 'run';
        const why = await wrongWith(isNamed ? [...words, '--', '--help'] : words, page.path);
        // An option may be named without its value.
        if (why !== undefined && !why.includes('argument missing')) wrong.push(`${text}: ${why}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('files that it names are there', () => {
    const named = page.code.filter(
      (text) =>
        /^(apps|charts|cluster-infra|config|docs|flux|service|tools|\.github|\.ci)\/[\w./-]*$/.test(text) &&
        // What Flux says of a cluster's app on commits.
        !/^flux\/[a-z]+-[a-z]+-[a-z]+-\d\//.test(text),
    );
    const home = page.path.startsWith('service/') ? 'service' : '.';
    const isThere = (text: string) =>
      [home, '.'].some((folder) => existsSync(join(ROOT, folder, text))) || EXAMPLES.has(text);
    expect(named.filter((text) => !isThere(text))).toEqual([]);
  });
});

/** Files that a reader is told to make. */
const EXAMPLES: ReadonlySet<string> = new Set(['apps/shop.ts']);

describe('blocks', () => {
  test('of commands say so, and nothing else holds commands', () => {
    const hidden = blocks.filter(
      ({ fence: { language, text } }) =>
        !['sh', 'console'].includes(language) &&
        /^ *\$? ?(npm|npx|node|git|kubectl|flux|aws|gh|linkerd|helm) [\w-]/m.test(text),
    );
    expect(hidden.map(({ name }) => name)).toEqual([]);
  });

  test.each(shell)('$name needs what it says', ({ fence: { about, text } }) => {
    if (about === '') return;
    expect(Object.keys(NEEDS)).toContain(about);
    // So that none is marked only to be left out.
    expect(text).toMatch(NEEDS[about] as RegExp);
  });

  test.each(shell)('$name is a shell script', async ({ fence: { text } }) => {
    const filled = text.replaceAll(/<[^<>\n]+>/g, 'X');
    await promisify(execFile)('bash', ['-n', '-c', filled]);
  });

  test.each(blocks.filter(({ fence }) => ['sh', 'console'].includes(fence.language)))(
    '$name has commands that can be typed',
    async ({ page, fence: { language, text } }) => {
      const typed = language === 'sh' ? text : (text.match(/^\$ .*/gm) ?? []).join('\n').replaceAll('$ ', '');
      for (const words of commandsOf(typed)) {
        expect([words.join(' '), await wrongWith(words, page.path)]).toEqual([words.join(' '), undefined]);
      }
    },
  );
});

describe('options in the table of commands are those of the command', () => {
  const rows = readFileSync(join(ROOT, 'README.md'), 'utf8').match(/^\| `npm .*/gm) ?? [];

  test.each(rows.map((row) => ({ row })))('$row', async ({ row }) => {
    const [first = '', ...others] = [...row.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    const [words = []] = commandsOf(first);
    const name = scriptOf(words)?.name;
    for (const option of others.filter((text) => text.startsWith('-'))) {
      const shown = `npm run ${name} -- ${option.replace(/^-- /, '')}`;
      // What the command must be told besides stands in its own row.
      const why = await wrongWith(commandsOf(shown)[0] ?? [], 'README.md');
      if (!/required option|missing required/.test(why ?? ''))
        expect([shown, why]).toEqual([shown, undefined]);
    }
  });
});

describe('each script of ours', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const isThere = (name: string) =>
    existsSync(join(ROOT, 'tools/commands', `${name.replaceAll(':', '-')}.ts`)) || name === 'format';
  const names = Object.keys(scripts).filter(isThere);
  const ran = new Set(
    shell
      .filter(({ fence }) => fence.about === '')
      .flatMap(({ fence }) => commandsOf(fence.text))
      .flatMap((words) => scriptOf(words)?.name ?? []),
  );
  const shown = blocks.flatMap(({ fence }) => commandsOf(fence.text));
  const said = [...pages.values()].flatMap(({ code }) => code.flatMap((text) => commandsOf(text)));
  const told = new Set([...shown, ...said].flatMap((words) => scriptOf(words)?.name ?? []));

  test.each(names)('%s is told of', (name) => {
    expect([...told]).toContain(name);
  });

  // Those of AWS are tried on stand-ins, beside what they do.
  test.each(names.filter((name) => !/^infra:(diff|doctor|deploy|destroy)$/.test(name)))(
    '%s runs in the pages, or elsewhere',
    (name) => {
      const { file, words = '' } = ELSEWHERE[name] ?? {};
      expect([name, ran.has(name) !== (file !== undefined)]).toEqual([name, true]);
      if (file !== undefined) expect(readFileSync(join(ROOT, file), 'utf8')).toContain(words);
    },
  );
});

describe('commands that need nothing but the repo run', () => {
  let repo: Repo;
  let start: string;
  let origin: string;
  const image = (version: string) => `ghcr.io/slipway/conduit:${version}`;

  beforeAll(async () => {
    // Each ring has run one version after the other, as the pages tell it.
    repo = await Repo.create();
    for (const version of ['0.2.0', '0.3.0']) {
      await applyImageUpdates(repo.root, new Map([['flux-system:conduit-staging', image(version)]]));
      const text = await readFile(join(repo.root, 'apps/images.yaml'), 'utf8');
      const before = version === '0.2.0' ? '0.1.0' : '0.2.0';
      await writeFile(
        join(repo.root, 'apps/images.yaml'),
        text.replace(`prod:\n  conduit: ${image(before)}`, `prod:\n  conduit: ${image(version)}`),
      );
      await repo.slipway('synth');
      await repo.commit();
    }
    origin = await mkdtemp(join(tmpdir(), 'slipway-origin-'));
    await repo.git('init', '-q', '--bare', origin);
    await repo.git('remote', 'add', 'origin', origin);
    await repo.git('push', '-q', '-u', 'origin', 'main');
    start = (await repo.git('rev-parse', 'HEAD')).trim();
  }, 120_000);
  afterAll(async () => {
    await repo[Symbol.asyncDispose]();
    await rm(origin, { recursive: true, force: true });
  });

  const withCommands = [...pages.values()].filter(({ fences }) =>
    fences.some(({ language, about }) => language === 'sh' && about === ''),
  );

  test.each(withCommands)(
    '$path',
    async ({ fences }) => {
      await repo.git('checkout', '-q', 'main');
      await repo.git('reset', '-q', '--hard', start);
      await repo.git('clean', '-fdq');
      await repo.git('push', '-q', '--force', 'origin', 'main');
      await writeFile(join(repo.root, 'statuses.json'), await statuses());
      await repo.git('config', 'core.excludesFile', await ignored());
      for (const fence of fences) {
        if (fence.language !== 'sh' && fence.about !== '') await put(fence);
        if (fence.language !== 'sh' || fence.about !== '') continue;
        const outcome = await repo.run('bash', ['-eo', 'pipefail', '-c', fence.text], environment());
        expect({ ran: fence.text, ...outcome }).toMatchObject({ code: 0 });
      }
    },
    300_000,
  );

  /** What Flux said of staging: that each commit went well, long ago enough. */
  async function statuses(): Promise<string> {
    const commits = (await repo.git('rev-list', 'HEAD')).trim().split('\n');
    const state = { context: 'flux/staging-eu-west-1/conduit', state: 'success' };
    const description = 'reconciliation succeeded';
    const at = new Date(Date.now() - 24 * 3_600_000).toISOString();
    return JSON.stringify(commits.map((commit) => ({ commit, ...state, description, at })));
  }

  async function ignored(): Promise<string> {
    const path = join(origin, 'ignored');
    await writeFile(path, 'statuses.json\nplots\nnode_modules\n');
    return path;
  }

  function environment(): NodeJS.ProcessEnv {
    const who = { NAME: 'test', EMAIL: 'test@example.com' };
    const identity = Object.entries(who).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    return { ...process.env, ...Object.fromEntries(identity) };
  }

  /**
   * Puts code of a page where its fence says: a new file (`ts apps/shop.ts`), behind a line (`ts FILE after LINE`) or in the
   * place of one (`ts FILE for LINE`).
   */
  async function put({ about, text }: Fence): Promise<void> {
    const [, file = '', where, line = ''] = /^(\S+)(?: (after|for) (.*))?$/.exec(about) ?? [];
    const path = join(repo.root, file);
    if (where === undefined) {
      expect([file, existsSync(dirname(path)), existsSync(path)]).toEqual([file, true, false]);
      return writeFile(path, text);
    }
    const lines = (await readFile(path, 'utf8')).split('\n');
    const index = lines.findIndex((one) => one.trim() === line);
    expect([line, index === -1]).toEqual([line, false]);
    lines.splice(where === 'for' ? index : index + 1, where === 'for' ? 1 : 0, text.trimEnd());
    await writeFile(path, lines.join('\n'));
  }
});

describe('a shell’s words', () => {
  test.each([
    [
      'npm run synth && npm run check',
      [
        ['npm', 'run', 'synth'],
        ['npm', 'run', 'check'],
      ],
    ],
    [
      'npm run rollback -- a --reason "it is\\" bad" # why',
      [['npm', 'run', 'rollback', '--', 'a', '--reason', 'it is\\" bad']],
    ],
    ["cdk deploy 'dev-*'", [['cdk', 'deploy', 'dev-*']]],
    ['aws x \\\n  --y "$(jq a | b)"', [['aws', 'x', '--y', '$(jq a | b)']]],
    ['a | b; c', [['a'], ['b'], ['c']]],
    ['x=$(f "$(g)") y#z', [['x=$(f "$(g)")', 'y#z']]],
  ])('%s', (text, words) => expect(commandsOf(text)).toEqual(words));
});

describe('what is wrong with a command is found', () => {
  test.each([
    ['npm run snyth', 'there is no npm script snyth'],
    ['npm run diff -- --bas main', "error: unknown option '--bas'\n(Did you mean --base?)"],
    ['npm run rollback -- conduit --ring prod', "error: required option '--to <version>' not specified"],
    ['npm run bench -- sinth', "error: unknown command 'sinth'\n(Did you mean synth?)"],
    ['npx cdk9s synth', 'no package brings cdk9s'],
    ['node tools/nothing.ts', 'there is no tools/nothing.ts'],
    ['npm run plan -- --suggest', undefined],
    ['npm run bench -- synth --services 1 --check', undefined],
    ['npm start -- --once', undefined],
    ['kubectl get pods', undefined],
  ])('%s: %s', async (text, why) => {
    expect(await wrongWith(commandsOf(text)[0] ?? [], 'README.md')).toBe(why);
  });
});
