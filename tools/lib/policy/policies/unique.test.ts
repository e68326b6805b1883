import { describe, expect, test } from '@jest/globals';
import { ADD_ON, APP, found, inFile, object, service } from '../testing.ts';

describe('unique objects', () => {
  test.each([
    ['another name', service({ 'metadata.name': 'other' })],
    ['another namespace', service({ 'metadata.namespace': 'other' })],
    ['another kind', object('v1', 'ConfigMap')],
    ['the same kind in another group', object('serving.knative.dev/v1', 'Service')],
    ['another cluster', inFile('d/apps/shop/shop.yaml', service())],
  ])('lets pass %s', (_, item) => {
    expect(found('unique', [service(), item])).toEqual([]);
  });

  test('lets pass files for kustomize, which have no name', () => {
    const file = object('kustomize.config.k8s.io/v1beta1', 'Kustomization', { metadata: undefined });
    expect(found('unique', [file, inFile(ADD_ON, file)])).toEqual([]);
  });

  test('finds an object that stands in two files, with its constructs', () => {
    const first = inFile(APP, service(), { construct: 'shop/service' });
    const second = inFile(ADD_ON, service(), { construct: 'extra' });
    expect(found('unique', [second, first])).toEqual([
      `dist/${ADD_ON}: Service/shop/shop (extra): stands in dist/${APP} (shop/service) too; keep one [unique]`,
    ]);
  });

  test('finds the same object at two versions of its API', () => {
    expect(found('unique', [object('apps/v1', 'Deployment'), object('apps/v1beta1', 'Deployment')])).toEqual([
      `dist/${APP}: Deployment/shop/shop: stands in dist/${APP} too; keep one [unique]`,
    ]);
  });
});
