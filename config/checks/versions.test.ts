import { describe, expect, test } from '@jest/globals';
import { type Known, NOTHING_KNOWN } from './cross-checks.ts';
import { listed } from './refusal.ts';
import { ADD_ONS, parseVersions } from './versions.ts';

const KNOWN: Known = { ...NOTHING_KNOWN, rings: new Map([['dev', 'automatic']]) };
const COMMENT = ' # renovate: datasource=docker depName=ghcr.io/fluxcd/charts/flagger';

/** The lines of the other add-ons, whatever they are. */
const OTHERS = ADD_ONS.filter((name) => !name.startsWith('flagger'))
  .map((name) => `  ${name}: 1.0.0${COMMENT}\n`)
  .join('');

function judge(flagger: string, comment = COMMENT, loadTester = 'flagger-loadtester'): string[] {
  const text = `dev:\n  flagger: ${flagger}${comment}\n  ${loadTester}: 0.38.0${COMMENT}\n${OTHERS}`;
  return parseVersions(text, KNOWN).mistakes.map(({ file, path, says }) => `${file}: ${path}: ${says}`);
}

test('an add-on that does not exist is refused, and what is then missing goes without saying', () => {
  expect(judge('1.44.0', COMMENT, 'flaggerloadtester')).toEqual([
    expect.stringMatching(
      /^config\/versions\.yaml:3:3: dev\.flaggerloadtester: found the key "flaggerloadtester"; allowed: .*"flagger-loadtester".*; did you mean "flagger-loadtester"\?$/,
    ),
  ]);
});

describe('a version', () => {
  test.each(['1.44.0', '0.0.1', '2026.8.3', '1.0.0-rc.1', '1.0.0-alpha.1.x-y', '1.0.0+build.5'])(
    'may be %s',
    (version) => {
      expect(judge(version)).toEqual([]);
    },
  );

  test.each([
    ['^1.2', 'found "^1.2"', '1.2.0'],
    ['~1.2.3', 'found "~1.2.3"', '1.2.3'],
    ['v1.44.0', 'found "v1.44.0"', '1.44.0'],
    ['1.44', 'found 1.44 (a number)', '1.44.0'],
    ['1.40', 'found 1.40 (a number)', '1.40.0'],
    ['1', 'found 1 (a number)', '1.0.0'],
    ["'1.44'", 'found "1.44"', '1.44.0'],
    ['1.x', 'found "1.x"', undefined],
    ['01.2.3', 'found "01.2.3"', undefined],
    ['latest', 'found "latest"', undefined],
    ['""', 'found ""', undefined],
    ['', 'found null', undefined],
    ['true', 'found true', undefined],
    ['[1.0.0]', 'found ["1.0.0"] (a list)', undefined],
    ['{ version: 1.0.0 }', 'found {"version":"1.0.0"} (an object)', undefined],
  ])('may not be %s', (version, found, meant) => {
    const guess = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
    const place =
      version === '' ? expect.stringMatching(/^config\/versions\.yaml:2:\d+: /) : expect.any(String);
    const [mistake] = judge(version);
    expect(mistake).toEqual(place);
    expect(mistake).toContain(`dev.flagger: ${found}; allowed: an exact version such as 1.44.0${guess}`);
    expect(judge(version)).toHaveLength(1);
  });

  test('may not be an alias: it would change with another line', () => {
    const text = `dev:\n  flagger: &v 1.44.0${COMMENT}\n  flagger-loadtester: *v${COMMENT}\n${OTHERS}`;
    expect(parseVersions(text, KNOWN).mistakes).toEqual([
      {
        file: 'config/versions.yaml:3:23',
        path: 'dev.flagger-loadtester',
        says: 'found the alias *v; allowed: an exact version such as 1.44.0',
      },
    ]);
  });
});

describe('the comment for Renovate', () => {
  test.each([
    ' # renovate: datasource=helm depName=loadtester registryUrl=https://flagger.app',
    ' # renovate: datasource=docker depName=ghcr.io/fluxcd/charts/flagger versioning=semver',
  ])('may be%s', (comment) => expect(judge('1.44.0', comment)).toEqual([]));

  test.each([
    ['', 'has no comment for Renovate'],
    [' # datasource=docker', 'found the comment "# datasource=docker"'],
    [' # renovate: depName=x', 'found the comment "# renovate: depName=x"'],
  ])('may not be %j', (comment, found) => {
    expect(judge('1.44.0', comment)).toEqual([
      `config/versions.yaml:2:${comment === '' ? 18 : 19}: dev.flagger: ${found}; allowed: " # renovate: datasource=<docker or helm> depName=<name>" behind the version, else nobody raises it`,
    ]);
  });
});

describe('a file of another form', () => {
  test.each([
    [
      '',
      'config/versions.yaml:1:1: : is missing; allowed: a map of rings, each a map of add-ons with their versions',
    ],
    [
      '- dev',
      'config/versions.yaml:1:1: : found ["dev"] (a list); allowed: a map of rings, each a map of add-ons with their versions',
    ],
    ['dev:', 'config/versions.yaml:1:5: dev: found null; allowed: a map of add-ons with their versions'],
    [
      'dev: 1.44.0',
      'config/versions.yaml:1:6: dev: found "1.44.0" (a string); allowed: a map of add-ons with their versions',
    ],
    [
      '{}',
      `config/versions.yaml:1:3: dev: is missing; allowed: a map of add-ons with their versions, for ${listed(ADD_ONS)}`,
    ],
    [
      'dev: {}\n---\ndev: {}',
      'config/versions.yaml:2:1: : is not YAML: source contains multiple documents; please use YAML.parseAllDocuments()',
    ],
  ])('is refused: %j', (text, says) => {
    const [mistake] = parseVersions(text, KNOWN).mistakes;
    expect(`${mistake?.file}: ${mistake?.path}: ${mistake?.says}`).toBe(says);
  });
});

test('judges no ring when it is unclear which there are', () => {
  const text = `anything:\n  flagger: 1.44.0${COMMENT}\n  flagger-loadtester: 1.44${COMMENT}\n${OTHERS}`;
  expect(parseVersions(text, NOTHING_KNOWN).mistakes.map(({ path }) => path)).toEqual([
    'anything.flagger-loadtester',
  ]);
});
