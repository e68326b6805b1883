import { describe, expect, test } from '@jest/globals';
import { ADD_ON, APP, canary, FLUX, found, inFile, kustomization, object } from '../testing.ts';

const APP_FILE = 'dist/c/apps/shop/shop.yaml';

/** The real chart, whose CRDs are recorded; of a version that nobody recorded. */
function flagger(spec: object = {}, file = ADD_ON) {
  const chart = { spec: { chart: 'flagger', version: '1.999.0' } };
  const metadata = { name: 'flagger', namespace: 'tool' };
  return inFile(
    file,
    object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { metadata, spec: { chart, ...spec } }),
  );
}

/** A chart whose CRDs are templates, installed when its values say so. */
function certManager(values: object) {
  const chart = { spec: { chart: 'cert-manager', version: '1.21.1' } };
  const metadata = { name: 'cert-manager', namespace: 'tool' };
  return inFile(
    ADD_ON,
    object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { metadata, spec: { chart, values } }),
  );
}

const ISSUER = object('cert-manager.io/v1', 'Issuer', { spec: { selfSigned: {} } });
const TOOL = kustomization('tool', 'platform/tool');

describe('an object waits for what installs its kind', () => {
  test.each([
    ['at once', [TOOL, kustomization('shop', 'apps/shop', ['tool'])]],
    [
      'by way of others',
      [
        TOOL,
        kustomization('between', 'platform/between', ['tool']),
        kustomization('shop', 'apps/shop', ['between']),
      ],
    ],
  ])('%s', (_, flux) => {
    expect(found('crds-first', [flagger(), canary(), ...flux])).toEqual([]);
  });

  test('one that does not is found, with what to wait for', () => {
    expect(found('crds-first', [flagger(), canary(), TOOL, kustomization('shop', 'apps/shop')])).toEqual([
      'dist/c/flux/kustomizations.yaml: Kustomization/flux-system/shop: spec.dependsOn: applies flagger.app/Canary and does not wait for tool, whose HelmRelease flagger installs that kind; add "tool" [crds-first]',
    ]);
  });

  test('one in the same folder is found', () => {
    expect(found('crds-first', [flagger({}, APP), canary(), kustomization('shop', 'apps/shop')])).toEqual([
      'dist/c/flux/kustomizations.yaml: Kustomization/flux-system/shop: applies flagger.app/Canary together with HelmRelease flagger, which installs that kind; move it into a folder of its own that waits for this one [crds-first]',
    ]);
  });

  test('kinds of Kubernetes and of Flux are always there', () => {
    const release = object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec: { chart: {} } });
    const configMap = object('v1', 'ConfigMap');
    expect(found('crds-first', [release, configMap, kustomization('shop', 'apps/shop')])).toEqual([]);
  });
});

describe('a kind that nothing installs is found', () => {
  const says = (kind: string, name: string) =>
    `${APP_FILE}: ${name}/shop/shop: kind: nothing in the cluster is known to install ${kind}; install what does, and record its CRDs: npm run chart:keys -- --help [crds-first]`;
  const flux = [TOOL, kustomization('shop', 'apps/shop', ['tool'])];

  test.each([
    ['no chart', []],
    ['a chart that Flux leaves the CRDs out of', [flagger({ install: { crds: 'Skip' } })]],
  ])('%s', (_, objects) => {
    expect(found('crds-first', [...objects, canary(), ...flux])).toEqual([
      says('flagger.app/Canary', 'Canary'),
    ]);
  });

  test('a chart whose values leave the CRDs out', () => {
    expect(found('crds-first', [certManager({ crds: { enabled: true } }), ISSUER, ...flux])).toEqual([]);
    expect(found('crds-first', [certManager({}), ISSUER, ...flux])).toEqual([
      says('cert-manager.io/Issuer', 'Issuer'),
    ]);
  });
});

test('a repository that is applied brings kinds too', () => {
  const metadata = { name: 'gateway-api', namespace: 'flux-system' };
  const spec = { url: 'https://github.com/kubernetes-sigs/gateway-api.git', ref: { tag: 'v1.2.1' } };
  const source = inFile(
    'c/flux/sources.yaml',
    object('source.toolkit.fluxcd.io/v1', 'GitRepository', { metadata, spec }),
  );
  const inner = { ...kustomization('crds', '', [], { 'spec.sourceRef.name': 'gateway-api' }), file: ADD_ON };
  const route = object('gateway.networking.k8s.io/v1', 'HTTPRoute', { spec: {} });
  const check = (...dependsOn: string[]) =>
    found('crds-first', [source, inner, route, TOOL, kustomization('shop', 'apps/shop', dependsOn)]);
  expect(check('tool')).toEqual([]);
  expect(check()).toHaveLength(1);
});

test('a kind that two install is found', () => {
  const other = flagger();
  other.object.metadata = { name: 'other', namespace: 'tool' };
  expect(found('crds-first', [flagger(), other, TOOL])).toContain(
    'dist/c/platform/tool/tool.yaml: HelmRelease/tool/other: installs flagger.app/Canary, which HelmRelease flagger installs too; let one of them leave it out [crds-first]',
  );
});

test('an object waits for the controller of its kind as well, where another chart brings the kind', () => {
  const chart = (name: string, file: string) => {
    const spec = { chart: { spec: { chart: name, version: '2026.8.3' } } };
    const metadata = { name, namespace: 'tool' };
    return inFile(file, object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { metadata, spec }));
  };
  const server = object('policy.linkerd.io/v1beta3', 'Server', { spec: {} });
  const objects = [
    chart('linkerd-crds', 'c/platform/crds/crds.yaml'),
    chart('linkerd-control-plane', 'c/platform/control/control.yaml'),
    kustomization('crds', 'platform/crds'),
    kustomization('control', 'platform/control', ['crds']),
    server,
  ];
  expect(found('crds-first', [...objects, kustomization('shop', 'apps/shop', ['control'])])).toEqual([]);
  expect(found('crds-first', [...objects, kustomization('shop', 'apps/shop', ['crds'])])).toEqual([
    `dist/${FLUX}: Kustomization/flux-system/shop: spec.dependsOn: applies policy.linkerd.io/Server and does not wait for control, whose HelmRelease linkerd-control-plane controls that kind; add "control" [crds-first]`,
  ]);
});
