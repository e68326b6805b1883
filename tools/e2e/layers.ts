// Which folder may import which, each rule with its reason.

import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser';

/** A rule: what one folder may import of the others, and why. */
const layer = (folder: string, mayImport: string[], comment: string): IForbiddenRuleType => ({
  name: `${folder}-imports`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: '^(apps|charts|cluster-infra|config|flux|service|tools)/',
    pathNot: `^(${[folder, ...mayImport].join('|')})/`,
  },
});

/** Files that only tests use, though they are none. */
const TEST_CODE =
  '^tools/(e2e|testing)/|^(apps|charts|cluster-infra|config|flux)/testing/|^config/fixtures\\.ts$';

/** The rules of dependency-cruiser. */
export const FORBIDDEN: IForbiddenRuleType[] = [
  layer(
    'config',
    [],
    'It is data that everything reads; if it read anything itself, nothing could be said of it alone.',
  ),
  layer(
    'charts',
    [],
    'Constructs know no cluster, so that they can be used, tested and understood by their props.',
  ),
  layer('service', [], 'It is released by the platform and must run without it.'),
  layer(
    'flux',
    ['charts'],
    "Flux's objects are constructs too; which cluster they are for is for apps to say.",
  ),
  layer('apps', ['charts', 'flux', 'config'], 'The one place where config becomes props.'),
  layer(
    'cluster-infra',
    ['config'],
    'What AWS makes and what Kubernetes runs share the config and nothing else.',
  ),
  layer(
    'tools',
    ['config', 'apps', 'charts'],
    'Commands compile apps and read dist/ as files; they must not know how it is made.',
  ),
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one file, or hide a third.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-tests-in-code',
    comment: 'What only tests use is not shipped by accident.',
    severity: 'error',
    from: { pathNot: `\\.test\\.ts$|${TEST_CODE}|^service/src/testing` },
    to: { path: `\\.test\\.ts$|${TEST_CODE}` },
  },
  {
    name: 'no-tests-on-the-users-platform',
    comment:
      'A test must not fail because somebody added a cluster; the platform in config/testing/ is for tests.',
    severity: 'error',
    from: { path: `\\.test\\.ts$|${TEST_CODE}` },
    to: { path: '^config/(platform|clusters)\\.ts$' },
  },
  {
    name: 'no-missing-packages',
    comment: 'What package.json does not name is there by chance.',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
  },
];

/** How our sources are read. */
export const OPTIONS: IConfiguration['options'] = {
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  // tools/release is a package of its own.
  exclude: { path: '^(dist|node_modules|service/build|tools/release|\\.slipway)/' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'node', 'default', 'types'],
  },
};
