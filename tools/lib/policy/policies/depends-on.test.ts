import { describe, expect, test } from '@jest/globals';
import { FLUX, found, kustomization, object } from '../testing.ts';

const AT = `dist/${FLUX}: Kustomization/flux-system`;

function release(name: string, ...dependsOn: object[]) {
  return object(
    'helm.toolkit.fluxcd.io/v2',
    'HelmRelease',
    { spec: { dependsOn } },
    { 'metadata.name': name },
  );
}

describe('dependsOn', () => {
  test.each([
    ['Kustomizations in order', [kustomization('b', 'b', ['a']), kustomization('a', 'a')]],
    ['Helm releases in order', [release('b', { name: 'a' }), release('a')]],
  ])('lets pass %s', (_, objects) => {
    expect(found('depends-on', objects)).toEqual([]);
  });

  test.each([
    ['flagger-metric', 'write "flagger-metrics", or make it'],
    ['prometheus', 'make it'],
  ])('finds %s, which is not there', (name, fix) => {
    const there = kustomization('flagger-metrics', 'platform/flagger-metrics');
    expect(found('depends-on', [there, kustomization('shop', 'apps/shop', [name])])).toEqual([
      `${AT}/shop: spec.dependsOn[0]: waits for ${name}, which is not there; ${fix} [depends-on]`,
    ]);
  });

  test('finds a Helm release that waits for one in another namespace', () => {
    expect(found('depends-on', [release('a'), release('b', { name: 'a', namespace: 'other' })])).toEqual([
      'dist/c/apps/shop/shop.yaml: HelmRelease/shop/b: spec.dependsOn[0]: waits for a, which is not there; make it [depends-on]',
    ]);
  });

  test.each([
    [{ a: ['a'] }, 'a -> a', 'a'],
    [{ a: ['b'], b: ['c'], c: ['a'] }, 'a -> b -> c -> a', 'a'],
    [{ a: ['b'], b: ['c'], c: ['b'] }, 'b -> c -> b', 'b'],
  ])('finds those that wait for each other: %j', (graph, way, first) => {
    const objects = Object.entries(graph).map(([name, names]) => kustomization(name, name, names));
    expect(found('depends-on', objects)).toEqual([
      `${AT}/${first}: spec.dependsOn: waits for itself: ${way}; take one of these away [depends-on]`,
    ]);
  });
});
