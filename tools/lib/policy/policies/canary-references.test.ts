import { describe, expect, test } from '@jest/globals';
import { autoscaler, canary, deployment, found, object } from '../testing.ts';

const AT = 'dist/c/apps/shop/shop.yaml: Canary/shop/shop:';
const TEMPLATE = object(
  'flagger.app/v1beta1',
  'MetricTemplate',
  {},
  {
    'metadata.name': 'success-rate',
    'metadata.namespace': 'flagger-system',
  },
);
const metrics = (templateRef: object) => ({ 'spec.analysis.metrics': [{ name: 'success', templateRef }] });
const scaledBy = (name: string) => ({
  'spec.autoscalerRef': { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name },
});

describe('references of a Canary', () => {
  test.each([
    ['a target that is there', canary()],
    ['an autoscaler that is there', canary(scaledBy('shop'))],
    [
      'a template in another namespace',
      canary(metrics({ name: 'success-rate', namespace: 'flagger-system' })),
    ],
    ['a metric of Flagger’s own', canary({ 'spec.analysis.metrics': [{ name: 'request-success-rate' }] })],
  ])('lets pass %s', (_, item) => {
    expect(found('canary-references', [deployment(), autoscaler(), TEMPLATE, item])).toEqual([]);
  });

  test.each([
    [
      { 'spec.targetRef.name': 'shpo' },
      'spec.targetRef.name: the namespace "shop" has no Deployment "shpo"; write "shop", or make it',
    ],
    [
      { 'spec.targetRef.name': 'shops' },
      'spec.targetRef.name: the namespace "shop" has no Deployment "shops"; write "shop", or make it',
    ],
    [{ 'spec.targetRef.name': undefined }, 'spec.targetRef.name: is missing; make it'],
    [
      scaledBy('other'),
      'spec.autoscalerRef.name: the namespace "shop" has no HorizontalPodAutoscaler "other"; make it',
    ],
    [
      { 'spec.autoscalerRef': { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'shop' } },
      'spec.autoscalerRef.name: the namespace "shop" has no ScaledObject "shop"; make it',
    ],
    [
      metrics({ name: 'success-rate' }),
      'spec.analysis.metrics[0].templateRef.name: the namespace "shop" has no MetricTemplate "success-rate"; make it',
    ],
    [
      metrics({ name: 'succes-rate', namespace: 'flagger-system' }),
      'spec.analysis.metrics[0].templateRef.name: the namespace "flagger-system" has no MetricTemplate "succes-rate"; write "success-rate", or make it',
    ],
    [
      { 'spec.analysis.alerts': [{ providerRef: { name: 'slack' } }] },
      'spec.analysis.alerts[0].providerRef.name: the namespace "shop" has no AlertProvider "slack"; make it',
    ],
  ])('finds %j', (changes, says) => {
    expect(found('canary-references', [deployment(), autoscaler(), TEMPLATE, canary(changes)])).toEqual([
      `${AT} ${says} [canary-references]`,
    ]);
  });

  test('finds a target that only another cluster has', () => {
    const other = { file: 'd/apps/shop/shop.yaml', cluster: 'd', object: deployment() };
    expect(found('canary-references', [other, canary()])).toEqual([
      `${AT} spec.targetRef.name: the namespace "shop" has no Deployment "shop"; make it [canary-references]`,
    ]);
  });
});
