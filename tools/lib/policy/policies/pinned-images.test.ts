import { describe, expect, test } from '@jest/globals';
import { deployment, found, object } from '../testing.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const AT = 'dist/c/apps/shop/shop.yaml:';
const FIX = 'name an exact tag or a digest [pinned-images]';

function image(image: unknown) {
  return deployment({ 'spec.template.spec.containers.0.image': image });
}

function release(spec: object) {
  return object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec });
}

function artifact(ref: object | undefined) {
  return object('source.toolkit.fluxcd.io/v1', 'OCIRepository', { spec: { ref } });
}

describe('pinned images', () => {
  test.each([
    ['nginx:1.29.3'],
    ['localhost:5000/team/app:1.0.0'],
    [`ghcr.io/example/shop@${DIGEST}`],
    [`ghcr.io/example/shop:latest@${DIGEST}`],
    ['${REGISTRY}/shop:1.0.0'],
  ])('lets pass %s', (reference) => {
    expect(found('pinned-images', [image(reference)])).toEqual([]);
  });

  test.each([
    ['nginx', 'is "nginx", without a tag'],
    ['localhost:5000/team/app', 'is "localhost:5000/team/app", without a tag'],
    ['nginx:latest', 'is "nginx:latest", which moves'],
    ['nginx:1.29.3@sha256:0a', 'has a digest that is not "sha256:" and 64 hex digits'],
    [undefined, 'is missing'],
  ])('finds %s', (reference, wrong) => {
    expect(found('pinned-images', [image(reference)])).toEqual([
      `${AT} Deployment/shop/shop: spec.template.spec.containers[0].image: ${wrong}; ${FIX}`,
    ]);
  });

  test.each([
    ['an exact version', { chart: { spec: { version: '1.44.0' } } }],
    ['one with a "v" and a pre-release', { chart: { spec: { version: 'v1.2.3-rc.1' } } }],
    ['a reference to a source', { chartRef: { kind: 'OCIRepository', name: 'shop' } }],
    ['an image in the values', { values: { image: { repository: 'latest', tag: '1.0.0' } } }],
  ])('lets pass a Helm chart with %s', (_, spec) => {
    expect(found('pinned-images', [release(spec)])).toEqual([]);
  });

  test.each([
    [
      { chart: { spec: { version: '1.x' } } },
      'spec.chart.spec.version: is "1.x"; name one version [pinned-images]',
    ],
    [
      { chart: { spec: {} } },
      'spec.chart.spec.version: is missing, which means the newest; name one version [pinned-images]',
    ],
    [{ values: { a: { tag: 'latest' } } }, `spec.values.a.tag: is "latest", which moves; ${FIX}`],
    [{ values: { image: 'a:latest' } }, `spec.values.image: is "a:latest", which moves; ${FIX}`],
  ])('finds a HelmRelease with %j', (spec, says) => {
    expect(found('pinned-images', [release(spec)])).toEqual([`${AT} HelmRelease/shop/shop: ${says}`]);
  });

  test.each([[{ tag: '1.44.0' }], [{ digest: DIGEST }]])('lets pass an artifact at %j', (ref) => {
    expect(found('pinned-images', [artifact(ref)])).toEqual([]);
  });

  test.each([
    [{ semver: '1.x' }, 'follows the range "1.x"'],
    [{ tag: 'latest' }, 'is the tag "latest", which moves'],
    [undefined, 'is missing, which means the tag latest'],
  ])('finds an artifact at %j', (ref, wrong) => {
    expect(found('pinned-images', [artifact(ref)])).toEqual([
      `${AT} OCIRepository/shop/shop: spec.ref: ${wrong}; ${FIX}`,
    ]);
  });
});
