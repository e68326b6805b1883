import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../../../charts/custom-resource.ts';
import { found, kustomization, object } from '../testing.ts';

const AT = 'dist/c/apps/shop/shop.yaml:';

function flux(group: string, kind: string, spec: object, labels?: object): Resource {
  const metadata = { name: 'shop', namespace: 'flux-system', labels };
  return object(`${group}.toolkit.fluxcd.io/v1`, kind, { metadata, spec });
}

function release(spec: object) {
  return object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec });
}

const SOURCES = [
  flux('source', 'OCIRepository', {}),
  flux('source', 'HelmRepository', {}),
  flux('image', 'ImageRepository', {}),
  flux('image', 'ImagePolicy', { imageRepositoryRef: { name: 'shop' } }, { ring: 'dev' }),
  flux('notification', 'Provider', {}),
];
const THIS_REPO = { kind: 'GitRepository', name: 'flux-system' };

describe('sources of Flux', () => {
  test.each([
    release({ chartRef: { kind: 'OCIRepository', name: 'shop', namespace: 'flux-system' } }),
    release({
      chart: { spec: { sourceRef: { kind: 'HelmRepository', name: 'shop', namespace: 'flux-system' } } },
    }),
    flux('image', 'ImageUpdateAutomation', {
      sourceRef: THIS_REPO,
      policySelector: { matchLabels: { ring: 'dev' } },
    }),
    flux('image', 'ImageUpdateAutomation', { sourceRef: THIS_REPO }),
    flux('notification', 'Alert', { providerRef: { name: 'shop' } }),
  ])('lets pass what is there: $kind %#', (item) => {
    expect(found('flux-sources', [...SOURCES, item, kustomization('shop', 'apps/shop')])).toEqual([]);
  });

  test.each([
    [
      release({ chartRef: { kind: 'OCIRepository', name: 'shop' } }),
      'HelmRelease/shop/shop: spec.chartRef.name: the namespace "shop" has no OCIRepository "shop"; make it',
    ],
    [
      release({ chartRef: { kind: 'HelmChart', name: 'shop', namespace: 'flux-system' } }),
      'HelmRelease/shop/shop: spec.chartRef.name: the namespace "flux-system" has no HelmChart "shop"; make it',
    ],
    [
      release({
        chart: { spec: { sourceRef: { kind: 'HelmRepository', name: 'shpo', namespace: 'flux-system' } } },
      }),
      'HelmRelease/shop/shop: spec.chart.spec.sourceRef.name: the namespace "flux-system" has no HelmRepository "shpo"; write "shop", or make it',
    ],
    [
      flux('image', 'ImagePolicy', { imageRepositoryRef: { name: 'cart' } }),
      'ImagePolicy/flux-system/shop: spec.imageRepositoryRef.name: the namespace "flux-system" has no ImageRepository "cart"; make it',
    ],
    [
      flux('image', 'ImageUpdateAutomation', {
        sourceRef: { kind: 'GitRepository', name: 'other' },
      }),
      'ImageUpdateAutomation/flux-system/shop: spec.sourceRef.name: the namespace "flux-system" has no GitRepository "other"; make it',
    ],
    [
      flux('image', 'ImageUpdateAutomation', {
        sourceRef: THIS_REPO,
        policySelector: { matchLabels: { ring: 'prod' } },
      }),
      'ImageUpdateAutomation/flux-system/shop: spec.policySelector: selects no ImagePolicy of its namespace; select by a label that one has',
    ],
    [
      flux('notification', 'Alert', { providerRef: { name: 'slack' } }),
      'Alert/flux-system/shop: spec.providerRef.name: the namespace "flux-system" has no Provider "slack"; make it',
    ],
  ])('finds what is not there', (item, says) => {
    expect(found('flux-sources', [...SOURCES, item])).toEqual([`${AT} ${says} [flux-sources]`]);
  });
});
