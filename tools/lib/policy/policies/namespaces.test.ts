import { describe, expect, test } from '@jest/globals';
import { ADD_ON, FLUX, found, inFile, kustomization, namespace, object } from '../testing.ts';

const SETTINGS = object('v1', 'ConfigMap');
const TOOL = kustomization('tool', 'platform/tool');
const AT = 'dist/c/apps/shop/shop.yaml: ConfigMap/shop/shop: metadata.namespace:';

describe('namespaces', () => {
  test.each([
    ['one that is made beside it', [SETTINGS, namespace('shop')]],
    ['one that Flux brings', [object('v1', 'ConfigMap', {}, { 'metadata.namespace': 'flux-system' })]],
    [
      'none',
      [object('rbac.authorization.k8s.io/v1', 'ClusterRole', {}, { 'metadata.namespace': undefined })],
    ],
    ['one that the root sync makes', [SETTINGS, inFile(FLUX, namespace('shop'))]],
    [
      'one that it waits for',
      [SETTINGS, inFile(ADD_ON, namespace('shop')), TOOL, kustomization('shop', 'apps/shop', ['tool'])],
    ],
    [
      'one that it waits for by way of another',
      [
        SETTINGS,
        inFile(ADD_ON, namespace('shop')),
        TOOL,
        kustomization('between', 'platform/between', ['tool']),
        kustomization('shop', 'apps/shop', ['between']),
      ],
    ],
    [
      'one that a Helm release makes for itself',
      [
        namespace('shop'),
        object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', {
          spec: { targetNamespace: 'other', install: { createNamespace: true } },
        }),
      ],
    ],
  ])('lets pass an object in %s', (_, objects) => {
    expect(found('namespaces', objects)).toEqual([]);
  });

  test.each([
    ['cart', 'make it with an AppNamespace'],
    ['shops', 'write "shops", or make it with an AppNamespace'],
  ])('finds one that nothing makes, beside %s', (other, fix) => {
    expect(found('namespaces', [SETTINGS, namespace(other)])).toEqual([
      `${AT} nothing in dist/c makes the namespace "shop"; ${fix} [namespaces]`,
    ]);
  });

  test('finds one that only another cluster makes', () => {
    expect(found('namespaces', [SETTINGS, inFile('d/apps/shop/shop.yaml', namespace('shop'))])).toEqual([
      `${AT} nothing in dist/c makes the namespace "shop"; make it with an AppNamespace [namespaces]`,
    ]);
  });

  test('finds one that it does not wait for, even where the other waits for it', () => {
    const shop = kustomization('shop', 'apps/shop');
    const tool = kustomization('tool', 'platform/tool', ['shop']);
    expect(found('namespaces', [SETTINGS, inFile(ADD_ON, namespace('shop')), shop, tool])).toEqual([
      `${AT} dist/${ADD_ON} makes the namespace "shop", and shop does not wait for it; let the Kustomization shop depend on tool [namespaces]`,
    ]);
  });

  test('finds one that the root sync cannot wait for', () => {
    expect(found('namespaces', [inFile(FLUX, SETTINGS), inFile(ADD_ON, namespace('shop')), TOOL])).toEqual([
      `dist/${FLUX}: ConfigMap/shop/shop: metadata.namespace: dist/${ADD_ON} makes the namespace "shop", and the root sync does not wait for it; make the namespace in dist/c/flux [namespaces]`,
    ]);
  });

  test('finds the one that a Helm release installs into', () => {
    const release = object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', {
      spec: { targetNamespace: 'other' },
    });
    expect(found('namespaces', [release, namespace('shop')])).toEqual([
      'dist/c/apps/shop/shop.yaml: HelmRelease/shop/shop: spec.targetNamespace: nothing in dist/c makes the namespace "other"; make it with an AppNamespace [namespaces]',
    ]);
  });
});
