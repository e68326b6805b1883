import { describe, expect, test } from '@jest/globals';
import { ADD_ON, FLUX, found, inFile, kustomization, namespace, object } from '../testing.ts';

const SHOP = kustomization('shop', 'apps/shop');
const AT = `dist/${FLUX}: Kustomization/flux-system`;

describe('folders', () => {
  test.each([
    ['each folder applied by one', [namespace('shop'), SHOP]],
    ['a path that ends in a slash', [namespace('shop'), kustomization('shop', 'apps/shop/')]],
    ['several folders applied by one', [namespace('shop'), kustomization('apps', 'apps')]],
    ['what the root sync applies', [inFile(FLUX, namespace('shop'))]],
    [
      'a Kustomization of another source',
      [
        kustomization('crds', '', [], {
          'spec.sourceRef': { kind: 'GitRepository', name: 'gateway-api' },
          'spec.path': './config/crd',
        }),
      ],
    ],
    [
      'a file for kustomize itself',
      [object('kustomize.config.k8s.io/v1beta1', 'Kustomization', { metadata: undefined }), SHOP],
    ],
  ])('lets pass %s', (_, objects) => {
    expect(found('folders', objects)).toEqual([]);
  });

  test('finds one that nothing applies', () => {
    expect(found('folders', [namespace('shop')])).toEqual([
      'dist/c/apps/shop: no Kustomization applies it; add one [folders]',
    ]);
  });

  test.each([
    ['apps/shop', 'the Kustomization again and the Kustomization shop'],
    ['apps', 'the Kustomization again and the Kustomization shop'],
  ])('finds one that two apply, the other by %s', (folder, who) => {
    expect(found('folders', [namespace('shop'), SHOP, kustomization('again', folder)])).toEqual([
      `dist/c/apps/shop: ${who} apply it; leave it to one [folders]`,
    ]);
  });

  test('finds one that the root sync applies already', () => {
    expect(found('folders', [kustomization('flux', 'flux')])).toEqual([
      'dist/c/flux: the root sync and the Kustomization flux apply it; leave it to one [folders]',
    ]);
  });

  test.each([
    ['./dist/c/platform/tol', 'write "./dist/c/platform/tool", or let it apply a folder that does'],
    ['./dist/other/apps/shop', 'let it apply a folder that does'],
  ])('finds %s, which holds nothing', (path, fix) => {
    const objects = [
      inFile(ADD_ON, namespace('tool')),
      kustomization('tool', 'platform/tool'),
      kustomization('wrong', '', [], { 'spec.path': path }),
    ];
    expect(found('folders', objects)).toEqual([
      `${AT}/wrong: spec.path: "${path}" holds nothing of this cluster; ${fix} [folders]`,
    ]);
  });
});
