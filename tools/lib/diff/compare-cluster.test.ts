import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { compareCluster } from './compare-cluster.ts';
import { DocumentReader } from './documents.ts';
import type { ClusterChanges, ObjectChange } from './report.ts';

type Files = Record<string, string>;

/** What changes between two states of a cluster; files that are the same on both sides count as unchanged. */
function changes(before: Files, after: Files): ClusterChanges | undefined {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const isSame = (path: string) => before[path] === after[path];
  return compareCluster(
    'dev',
    {
      changed: paths
        .filter((path) => !isSame(path))
        .map((path) => ({ path, before: before[path], after: after[path] })),
      unchanged: new Map(paths.filter(isSame).map((path) => [path, after[path] ?? ''])),
    },
    new DocumentReader(),
  );
}

/** The changes of one file's objects. */
function objects(before: object[], after: object[], path = 'apps/web/web.yaml'): ObjectChange[] {
  // A neighbour, so that the cluster neither comes nor goes.
  const other = { 'platform/other/other.yaml': yaml(make('v1', 'ServiceAccount', {})) };
  return changes({ [path]: yaml(...before), ...other }, { [path]: yaml(...after), ...other })?.objects ?? [];
}

const yaml = (...values: object[]) => values.map((value) => stringify(value)).join('---\n');

function make(apiVersion: string, kind: string, rest: object, name = 'web') {
  return { apiVersion, kind, metadata: { name, namespace: 'web' }, ...rest };
}

const workload = (kind: string, image: string, spec: object = {}) =>
  make('apps/v1', kind, {
    spec: {
      selector: { matchLabels: { app: 'web' } },
      ...spec,
      template: { spec: { containers: [{ name: 'web', image }] } },
    },
  });
const deployment = (image: string, spec: object = {}) => workload('Deployment', image, spec);
const canary = (spec: object = {}) =>
  make('flagger.app/v1beta1', 'Canary', {
    spec: { targetRef: { kind: 'Deployment', name: 'web' }, ...spec },
  });
const labels = (found: readonly ObjectChange[]) =>
  found.flatMap(({ kind, flags }) => flags.map(({ label, severity }) => `${kind}: ${label} (${severity})`));

describe('objects', () => {
  test('are told as added, removed and changed, by folder', () => {
    const found = changes(
      { 'apps/web/web.yaml': yaml(deployment('a:1'), make('v1', 'Service', {})), 'flux/all.yaml': 'a: 1\n' },
      {
        'apps/web/web.yaml': yaml(deployment('b:1'), make('v1', 'ConfigMap', {})),
        'flux/all.yaml': 'a: 1\n',
      },
    );
    expect(found?.objects.map(({ change, kind, folder }) => [change, kind, folder])).toEqual([
      ['changed', 'Deployment', 'apps/web'],
      ['added', 'ConfigMap', 'apps/web'],
      ['removed', 'Service', 'apps/web'],
    ]);
  });

  test.each<[what: string, before: Files, after: Files]>([
    [
      'a renamed file',
      { 'apps/web/a.yaml': yaml(deployment('a')) },
      { 'apps/web/b.yaml': yaml(deployment('a')) },
    ],
    [
      'one file in place of two',
      { 'apps/web/a.yaml': yaml(deployment('a')), 'apps/web/b.yaml': yaml(canary()) },
      { 'apps/web/all.yaml': yaml(canary(), deployment('a')) },
    ],
    [
      'comments and quotes',
      { 'apps/web/a.yaml': '# one\nkind: A\nmetadata: {name: "a"}\n' },
      { 'apps/web/a.yaml': '# two\n\nkind: "A"\nmetadata:\n  name: a # b\n' },
    ],
    [
      'an empty document',
      { 'apps/web/a.yaml': 'kind: A\nmetadata: {name: a}\n' },
      { 'apps/web/a.yaml': '---\nkind: A\nmetadata: {name: a}\n---\n# nothing\n' },
    ],
  ])('%s changes nothing', (_, before, after) => {
    expect(changes(before, after)).toBeUndefined();
  });

  test('another version of the same API is a change, another group another object', () => {
    const of = (apiVersion: string) => [make(apiVersion, 'Thing', {})];
    expect(objects(of('a.io/v1'), of('a.io/v2')).map(({ fields }) => fields.map(({ path }) => path))).toEqual(
      [['apiVersion']],
    );
    expect(objects(of('a.io/v1'), of('b.io/v1')).map(({ change }) => change)).toEqual(['added', 'removed']);
  });

  test('two of the same name do not hide each other', () => {
    expect(
      objects([deployment('a')], [deployment('a'), deployment('b')]).map(({ change }) => change),
    ).toEqual(['added']);
  });

  test("a Secret's values are not told", () => {
    const secret = (password: string) => make('v1', 'Secret', { type: 'Opaque', stringData: { password } });
    const [found] = objects([secret('hunter2')], [secret('hunter3')]);
    expect(found?.fields).toMatchObject([
      { path: 'stringData.password', before: '(not shown)', after: '(not shown)' },
    ]);
    expect(JSON.stringify(found)).not.toContain('hunter');
  });

  test('an object that another Kustomization applies from now on says so', () => {
    const found = changes(
      { 'apps/a/x.yaml': yaml(deployment('a')) },
      { 'apps/b/x.yaml': yaml(deployment('a')) },
    );
    expect(found?.objects).toMatchObject([
      { change: 'changed', folder: 'apps/b', movedFrom: 'apps/a', fields: [] },
    ]);
    expect(labels(found?.objects ?? [])).toEqual(['Deployment: moves from apps/a (warning)']);
  });
});

describe('files without objects', () => {
  test.each([
    [
      "kustomize's own",
      'kustomization.yaml',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: x}\n',
    ],
    ['no kind', 'values.yaml', 'a: 1\n'],
    ['no YAML', 'broken.yaml', 'a: [\n'],
    ['not even meant as YAML', 'script.sh', 'exit\n---\n'],
  ])('%s: told as a file', (_, name, text) => {
    const neighbour = { 'apps/web/web.yaml': yaml(deployment('a')) };
    const found = changes(
      { ...neighbour, [`apps/web/${name}`]: text },
      { ...neighbour, [`apps/web/${name}`]: `${text}# more\n` },
    );
    expect(found?.objects).toEqual([]);
    expect(found?.files).toMatchObject([
      { path: `apps/web/${name}`, change: 'changed', after: `${text}# more\n` },
    ]);
  });
});

test('the file of a release is not told: the Deployment beside it says the same', () => {
  const release = (tag: string) => `containers:\n- image: a/b:${tag}\n  name: web\ntemplate: sha256:00\n`;
  const found = changes(
    { 'apps/web/web.yaml': yaml(deployment('1')), 'apps/web/web-release.yaml': release('1') },
    { 'apps/web/web.yaml': yaml(deployment('2')), 'apps/web/web-release.yaml': release('2') },
  );
  expect(found?.objects).toHaveLength(1);
  expect(found?.files).toEqual([]);
});

describe('what follows', () => {
  const job = (image: string) =>
    make('batch/v1', 'Job', { spec: { template: { spec: { containers: [{ name: 'a', image }] } } } });
  const service = (spec: object) => make('v1', 'Service', { spec });
  const claim = (spec: object) => make('v1', 'PersistentVolumeClaim', { spec });
  const binding = (kind: string, role: string) =>
    make('rbac.authorization.k8s.io/v1', kind, { roleRef: { name: role } });
  const frozen = (value: string) => make('v1', 'ConfigMap', { immutable: true, data: { a: value } });
  const release = (spec: object) => make('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec });
  const forced = (app: string) => ({
    ...deployment('a', { selector: { matchLabels: { app } } }),
    metadata: {
      name: 'web',
      namespace: 'web',
      annotations: { 'kustomize.toolkit.fluxcd.io/force': 'Enabled' },
    },
  });
  const reader = make('apps/v1', 'Deployment', {
    spec: { template: { spec: { volumes: [{ configMap: { name: 'config' } }] } } },
  });
  const config = (value: string, annotations?: object) => ({
    ...make('v1', 'ConfigMap', { data: { a: value } }, 'config'),
    metadata: { name: 'config', namespace: 'web', annotations },
  });
  const scaler = (max: number) =>
    make('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { maxReplicas: max } });
  const FAILS = 'apply fails (danger)';

  test.each<[what: string, before: object[], after: object[], flags: string[]]>([
    [
      "a Deployment's selector",
      [deployment('a')],
      [deployment('a', { selector: { matchLabels: { app: 'x' } } })],
      [`Deployment: ${FAILS}`],
    ],
    [
      'a selector where replacing is allowed',
      [forced('a')],
      [forced('b')],
      ['Deployment: will be replaced (danger)'],
    ],
    [
      "a StatefulSet's volumes",
      [workload('StatefulSet', 'a', { serviceName: 'a' })],
      [workload('StatefulSet', 'a', { serviceName: 'b' })],
      [`StatefulSet: ${FAILS}`],
    ],
    [
      "a StatefulSet's replicas",
      [workload('StatefulSet', 'a', { replicas: 1 })],
      [workload('StatefulSet', 'a', { replicas: 2 })],
      [],
    ],
    [
      "a DaemonSet's selector",
      [workload('DaemonSet', 'a')],
      [workload('DaemonSet', 'a', { selector: {} })],
      [`DaemonSet: ${FAILS}`],
    ],
    ["a Job's template", [job('a')], [job('b')], [`Job: ${FAILS}`]],
    [
      "a Service's address",
      [service({ clusterIP: 'None' })],
      [service({ ports: [] })],
      [`Service: ${FAILS}`],
    ],
    ["a Service's ports", [service({ ports: [1] })], [service({ ports: [2] })], []],
    [
      "a claim's class",
      [claim({ storageClassName: 'a' })],
      [claim({ storageClassName: 'b' })],
      [`PersistentVolumeClaim: ${FAILS}`],
    ],
    [
      "a claim's size",
      [claim({ resources: { requests: { storage: '1Gi' } } })],
      [claim({ resources: { requests: { storage: '2Gi' } } })],
      [],
    ],
    [
      "a StorageClass's provisioner",
      [make('storage.k8s.io/v1', 'StorageClass', { provisioner: 'a' })],
      [make('storage.k8s.io/v1', 'StorageClass', { provisioner: 'b' })],
      [`StorageClass: ${FAILS}`],
    ],
    [
      "a StorageClass's parameters",
      [make('storage.k8s.io/v1', 'StorageClass', { parameters: { a: '1' } })],
      [make('storage.k8s.io/v1', 'StorageClass', { parameters: { a: '2' } })],
      [`StorageClass: ${FAILS}`],
    ],
    [
      'the role of a RoleBinding',
      [binding('RoleBinding', 'a')],
      [binding('RoleBinding', 'b')],
      [`RoleBinding: ${FAILS}`],
    ],
    [
      'the role of a ClusterRoleBinding',
      [binding('ClusterRoleBinding', 'a')],
      [binding('ClusterRoleBinding', 'b')],
      [`ClusterRoleBinding: ${FAILS}`],
    ],
    ['a ConfigMap that says so', [frozen('a')], [frozen('b')], [`ConfigMap: ${FAILS}`]],
    [
      'a kind of the same name in another group',
      [make('example.com/v1', 'Deployment', { spec: { selector: 1 } })],
      [make('example.com/v1', 'Deployment', { spec: { selector: 2 } })],
      [],
    ],

    ["a Deployment's pods", [deployment('a')], [deployment('b')], ['Deployment: pods restart (info)']],
    [
      "a Deployment's number of pods",
      [deployment('a', { replicas: 1 })],
      [deployment('a', { replicas: 2 })],
      [],
    ],
    [
      'pods that stop before others start',
      [deployment('a', { strategy: { type: 'Recreate' } })],
      [deployment('b', { strategy: { type: 'Recreate' } })],
      ['Deployment: down while pods restart (danger)'],
    ],
    [
      "a DaemonSet's pods, left to a person",
      [workload('DaemonSet', 'a', { updateStrategy: { type: 'OnDelete' } })],
      [workload('DaemonSet', 'b', { updateStrategy: { type: 'OnDelete' } })],
      ['DaemonSet: pods wait for a person (info)'],
    ],
    [
      "a canary's target",
      [deployment('a'), canary()],
      [deployment('b'), canary()],
      ['Deployment: starts a canary (info)'],
    ],
    [
      "a canary's target that is not judged",
      [deployment('a'), canary({ skipAnalysis: true })],
      [deployment('b'), canary({ skipAnalysis: true })],
      ['Deployment: released unjudged (warning)'],
    ],
    [
      'a target that gets its Canary with it',
      [deployment('a')],
      [deployment('b'), canary()],
      ['Deployment: goes out without a canary (warning)'],
    ],
    [
      "a canary's analysis",
      [deployment('a'), canary({ analysis: { threshold: 1 } })],
      [deployment('a'), canary({ analysis: { threshold: 2 } })],
      [],
    ],
    ["an autoscaler's limits", [scaler(1)], [scaler(2)], []],
    [
      "limits of a canary's autoscaler",
      [scaler(1), canary({ autoscalerRef: { name: 'web' } })],
      [scaler(2), canary({ autoscalerRef: { name: 'web' } })],
      ['HorizontalPodAutoscaler: reaches the primary with the next release (info)'],
    ],
    [
      "a setting of a canary's target",
      [reader, canary(), config('a')],
      [reader, canary(), config('b')],
      ['ConfigMap: starts a canary of web (info)'],
    ],
    [
      'a setting that Flagger does not track',
      [reader, canary(), config('a')],
      [reader, canary(), config('b', { 'flagger.app/config-tracking': 'disabled' })],
      [],
    ],
    ['a setting of pods without a canary', [reader, config('a')], [reader, config('b')], []],

    [
      'values for Helm',
      [release({ values: { a: 1 } })],
      [release({ values: { a: 2 } })],
      ['HelmRelease: Helm upgrades it (info)'],
    ],
    ["a release's interval", [release({ interval: '1m' })], [release({ interval: '2m' })], []],
    [
      "a release's name",
      [release({ releaseName: 'a' })],
      [release({ releaseName: 'b' })],
      ['HelmRelease: uninstalled and installed anew (danger)'],
    ],

    [
      'a Canary without its target',
      [deployment('a'), canary()],
      [deployment('a')],
      ['Canary: outage (danger)'],
    ],
    [
      'a Canary that hands back first',
      [deployment('a'), canary({ revertOnDeletion: true })],
      [deployment('a')],
      ['Canary: Flagger hands back (warning)'],
    ],
    ['a Canary with its target', [deployment('a'), canary()], [], ['Canary: web stops serving (danger)']],
    ['a Deployment', [deployment('a')], [], ['Deployment: its pods stop (warning)']],
    ['a Namespace', [make('v1', 'Namespace', {})], [], ['Namespace: everything in it goes (danger)']],
    ['a claim', [claim({})], [], ['PersistentVolumeClaim: data may go (danger)']],
    ['a StatefulSet', [workload('StatefulSet', 'a')], [], ['StatefulSet: stops, its data unused (danger)']],
    [
      'what is not pruned',
      [
        {
          ...claim({}),
          metadata: { name: 'a', annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } },
        },
      ],
      [],
      ['PersistentVolumeClaim: stays in the cluster (info)'],
    ],
    ['a ServiceAccount', [make('v1', 'ServiceAccount', {})], [], []],

    ['a new variable', [config('a')], [config('${NEW_HOST}')], ['ConfigMap: deploy infra first (warning)']],
    [
      'a new variable of a new object',
      [],
      [config('${NEW_HOST}')],
      ['ConfigMap: deploy infra first (warning)'],
    ],
    ['a variable that the cluster used', [config('${HOST}')], [config('http://${HOST}/')], []],
    ['a variable with a default', [config('a')], [config('${NEW_HOST:-none}')], []],
    ['a dollar sign that is escaped', [config('a')], [config('$${NEW_HOST}')], []],
    [
      'an object without substitution',
      [config('a')],
      [config('${NEW_HOST}', { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' })],
      [],
    ],
  ])('%s', (_, before, after, flags) => {
    expect(labels(objects(before, after))).toEqual(flags);
  });

  test('a Canary that stands in a file of its own, unchanged, is seen', () => {
    const file = { 'apps/web/canary.yaml': yaml(canary()) };
    const found = changes(
      { ...file, 'apps/web/web.yaml': yaml(deployment('a')) },
      { ...file, 'apps/web/web.yaml': yaml(deployment('b')) },
    );
    expect(labels(found?.objects ?? [])).toEqual(['Deployment: starts a canary (info)']);
  });

  test('a Canary of the same name elsewhere is not', () => {
    const other = { ...canary(), metadata: { name: 'web', namespace: 'other' } };
    expect(labels(objects([deployment('a'), other], [deployment('b'), other]))).toEqual([
      'Deployment: pods restart (info)',
    ]);
  });

  test('a variable that an unchanged file uses is known', () => {
    const other = { 'apps/api/api.yaml': yaml(config('${NEW_HOST}')) };
    const found = changes(
      { ...other, 'apps/web/a.yaml': yaml(deployment('a')) },
      { ...other, 'apps/web/a.yaml': yaml(deployment('${NEW_HOST}')) },
    );
    expect(labels(found?.objects ?? [])).toEqual(['Deployment: pods restart (info)']);
  });

  test('nothing is substituted in the folder that the root applies', () => {
    expect(labels(objects([config('a')], [config('${NEW_HOST}')], 'flux/a.yaml'))).toEqual([]);
  });

  test('markers that come and go', () => {
    const marker = ' # {"$imagepolicy": "flux-system:web-dev"}';
    const text = yaml(deployment('a:1')).trimEnd();
    const [marked, pinned] = [
      { 'apps/web/a.yaml': `${text}${marker}\n` },
      { 'apps/web/a.yaml': `${text} # pinned\n` },
    ];
    expect(changes(marked, pinned)?.flags.map(({ says }) => says)).toEqual([
      'image automation no longer moves the image of apps/web (policy flux-system:web-dev)',
    ]);
    expect(changes(pinned, marked)?.flags.map(({ label }) => label)).toEqual(['apps/web: image automated']);
  });
});

describe('a whole cluster', () => {
  const files = { 'apps/web/web.yaml': yaml(deployment('${HOST}'), canary()) };

  test('that is new needs its stacks first, once', () => {
    const found = changes({}, files);
    expect(found).toMatchObject({
      change: 'added',
      flags: [{ kind: 'infra-first', says: expect.stringContaining('${HOST}') }],
    });
    expect(labels(found?.objects ?? [])).toEqual([]);
  });

  test('that is gone is no longer synced, and loses nothing', () => {
    const found = changes(files, {});
    expect(found).toMatchObject({ change: 'removed', flags: [{ label: 'cluster no longer synced' }] });
    expect(labels(found?.objects ?? [])).toEqual([]);
  });
});

describe('new versions', () => {
  test('of an image are told once for all that holds it', () => {
    const found = changes(
      { 'apps/web/web.yaml': yaml(deployment('r/web:1')), 'apps/web/release.yaml': 'image: r/web:1\n' },
      { 'apps/web/web.yaml': yaml(deployment('r/web:2')), 'apps/web/release.yaml': 'image: r/web:2\n' },
    );
    expect(found?.bumps).toEqual([
      { what: 'image', folder: 'apps/web', name: 'r/web', before: '1', after: '2', older: false },
    ]);
    expect(found?.objects).toMatchObject([{ fields: [{ follows: 'r/web' }] }]);
    expect(found?.files).toMatchObject([{ path: 'apps/web/release.yaml', follows: 'r/web' }]);
  });

  test('of another image are no new version', () => {
    expect(objects([deployment('r/web:1')], [deployment('r/other:1')])).toMatchObject([
      { fields: [{ before: 'r/web:1' }] },
    ]);
  });

  test('of charts', () => {
    const source = (tag: string) =>
      make(
        'source.toolkit.fluxcd.io/v1',
        'OCIRepository',
        {
          spec: {
            layerSelector: { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip' },
            ref: { tag },
          },
        },
        'flagger',
      );
    const release = (version: string) =>
      make('helm.toolkit.fluxcd.io/v2', 'HelmRelease', {
        spec: { chart: { spec: { chart: 'loadtester', version } } },
      });
    const found = changes(
      { 'flux/a.yaml': yaml(source('1.1.0')), 'platform/x/x.yaml': yaml(release('2.0.0')) },
      { 'flux/a.yaml': yaml(source('1.2.0')), 'platform/x/x.yaml': yaml(release('1.9.0')) },
    );
    expect(found?.bumps.map(({ what, name, after, older }) => [what, name, after, older])).toEqual([
      ['chart', 'flagger', '1.2.0', false],
      ['chart', 'loadtester', '1.9.0', true],
    ]);
    expect(labels(found?.objects ?? [])).toEqual([
      'OCIRepository: Helm upgrades it (info)',
      'HelmRelease: Helm upgrades it (info)',
    ]);
  });
});
