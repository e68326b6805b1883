import { describe, expect, test } from '@jest/globals';
import { autoscaler, deployment, found, object } from '../testing.ts';

const OTHER = autoscaler({ 'spec.scaleTargetRef.name': 'shops' });

describe('targets of autoscalers', () => {
  test.each([
    ['a target that is there', [autoscaler(), deployment()]],
    ['a target that a Helm chart may bring', [OTHER, object('helm.toolkit.fluxcd.io/v2', 'HelmRelease')]],
    [
      'a target that a Helm chart of another namespace may bring',
      [
        OTHER,
        object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', {
          metadata: { name: 'shop', namespace: 'other' },
          spec: { targetNamespace: 'shop' },
        }),
      ],
    ],
  ])('lets pass %s', (_, objects) => {
    expect(found('autoscaler-targets', objects)).toEqual([]);
  });

  test.each([
    ['shops', '; write "shop", or make it'],
    ['elsewhere', '; make it'],
  ])('finds a target that is not there: %s', (name, fix) => {
    expect(
      found('autoscaler-targets', [autoscaler({ 'spec.scaleTargetRef.name': name }), deployment()]),
    ).toEqual([
      `dist/c/apps/shop/shop.yaml: HorizontalPodAutoscaler/shop/shop: spec.scaleTargetRef: the namespace "shop" has no apps/Deployment "${name}"${fix} [autoscaler-targets]`,
    ]);
  });
});
