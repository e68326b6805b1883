import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ScratchBranch } from '../../testing/scratch-branch.ts';
import { FILES, type Lines, parseLines, readTimeline } from './timeline.ts';

let branch: ScratchBranch;
beforeEach(() => {
  branch = new ScratchBranch();
});
afterEach(() => branch[Symbol.dispose]());

const HOUR = 3_600_000;
const BEGIN = Date.parse('2026-11-16T00:00Z');
const images = (version: string, rest = '') => ({ [FILES.image]: `dev:\n  web: a/web:${version}${rest}\n` });
const values = async (limit?: number) =>
  (await readTimeline(branch.root, 'main', limit)).map(
    ({ lines }) => lines.image.get('dev')?.get('web')?.value,
  );

test('tells what stood there at each commit, oldest first, and when', async () => {
  const first = branch.commit(BEGIN);
  branch.write({ ...images('1'), [FILES.version]: 'dev:\n  flagger: 1.0.0 # renovate: x\n' });
  const second = branch.commit(BEGIN + HOUR);
  branch.write(images('2', ' # pinned: slow'));
  const third = branch.commit(BEGIN + 2 * HOUR);
  const points = await readTimeline(branch.root, 'HEAD');
  expect(points.map(({ commit, at }) => [commit, at])).toEqual([
    [first, BEGIN],
    [second, BEGIN + HOUR],
    [third, BEGIN + 2 * HOUR],
  ]);
  expect(points[0]?.lines.image.size).toBe(0);
  expect(points[2]?.lines.image.get('dev')?.get('web')).toEqual({ value: 'a/web:2', pinned: 'slow' });
  expect(points[2]?.lines.version.get('dev')?.get('flagger')).toEqual({ value: '1.0.0' });
});

test('knows no commit of a branch that was merged: Flux has never seen it', async () => {
  branch.write(images('1'));
  branch.commit(BEGIN);
  branch.git(BEGIN, 'checkout', '-q', '-b', 'side');
  for (const version of ['2', '3']) {
    branch.write(images(version));
    branch.commit(BEGIN + HOUR);
  }
  branch.git(BEGIN, 'checkout', '-q', 'main');
  branch.write({ other: 'x' });
  branch.commit(BEGIN + HOUR);
  branch.git(BEGIN + 2 * HOUR, 'merge', '-q', '--no-ff', '-m', 'merge', 'side');
  expect(await values()).toEqual(['a/web:1', 'a/web:1', 'a/web:3']);
});

test('looks back so far and no further', async () => {
  for (const version of ['1', '2', '3', '4']) {
    branch.write(images(version));
    branch.commit(BEGIN);
  }
  expect(await values(2)).toEqual(['a/web:3', 'a/web:4']);
});

test('goes by the order of commits where clocks do not agree', async () => {
  branch.commit(BEGIN + HOUR);
  branch.commit(BEGIN);
  expect((await readTimeline(branch.root, 'main')).map(({ at }) => at)).toEqual([BEGIN + HOUR, BEGIN + HOUR]);
});

test('passes over what was no such file at the time', () => {
  expect(parseLines('').size).toBe(0);
  expect(parseLines('not: [yaml').size).toBe(0);
  expect(parseLines('- a\n- b\n').size).toBe(0);
  expect([...(parseLines('dev:\n  a: 1\n  b: x/b:1\n').get('dev') ?? [])]).toEqual([
    ['b', { value: 'x/b:1' }],
  ]);
});

test('says that a branch is not there', async () => {
  branch.commit(BEGIN);
  await expect(readTimeline(branch.root, 'nowhere')).rejects.toThrow('nowhere');
});

const plain = (lines: Lines) =>
  Object.fromEntries([...lines].map(([ring, own]) => [ring, Object.fromEntries(own)]));

test('reads the usual form as YAML would, and every other form too', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
  const value = fc.oneof(
    word.map((name) => `ghcr.io/acme/${name}:1.2.3`),
    word.map((name) => `localhost:5000/${name}:main@sha256:ab`),
    fc.constantFrom(
      '1.2.3',
      '1.2.3-rc.1',
      '1.0',
      'true',
      '"a/b:1"',
      "'1.2.3'",
      'a/b:1 # x',
      '*alias',
      '1.2.3#x',
    ),
  );
  const rest = fc.constantFrom(
    '',
    ' # pinned: slow',
    '  # pinned: slow',
    ' # {"$imagepolicy": "a:b"}',
    ' ',
    '\r',
    ' more',
  );
  const entry = fc
    .tuple(fc.constantFrom('  ', '    '), word, value, rest)
    .map((parts) => `${parts[0]}${parts[1]}: ${parts[2]}${parts[3]}`);
  const line = fc.oneof(
    word.map((name) => `${name}:`),
    entry,
    entry,
    fc.constantFrom('', '# text', '  # text', 'x: {a: b/c:1}'),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const text = lines.join('\n');
      // The directive makes it no usual form, and says the same.
      expect(plain(parseLines(text))).toEqual(plain(parseLines(`%YAML 1.2\n---\n${text}`)));
    }),
    { numRuns: 500 },
  );
});
