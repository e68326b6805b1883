import { describe, expect, test } from '@jest/globals';
import { autoscaler, canary, deployment, found, object, service } from '../testing.ts';

const SECRET = { name: 'SESSION_KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'session' } } };
const SHOP = [
  deployment({ 'spec.template.spec.containers.0.env': [SECRET] }),
  canary({
    'spec.autoscalerRef': { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'shop' },
  }),
  autoscaler(),
];
const named = (name: string) => ({ 'metadata.name': name });

describe('what Flagger makes', () => {
  test.each([
    ['what a Canary stands on', []],
    ['other Services', [service(named('other'))]],
    ['the same name in another namespace', [service({ 'metadata.namespace': 'other' })]],
    [
      'the Service for all requests, which Flux makes once',
      [service({ 'metadata.annotations': { 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' } })],
    ],
    [
      'a Service under another name than the one the Canary gives',
      [object('v1', 'ConfigMap', {}, named('shop'))],
    ],
  ])('lets pass %s', (_, objects) => {
    expect(found('flagger-owned', [...SHOP, ...objects])).toEqual([]);
  });

  test.each([
    service(named('shop-primary')),
    service(named('shop-canary')),
    object('gateway.networking.k8s.io/v1', 'HTTPRoute'),
    deployment(named('shop-primary')),
    autoscaler(named('shop-primary')),
    object('v1', 'Secret', {}, named('keys-primary')),
  ])('is found in dist/: $kind $metadata.name', (item) => {
    expect(found('flagger-owned', [...SHOP, item])).toEqual([
      `dist/c/apps/shop/shop.yaml: ${item.kind}/shop/${item.metadata?.name}: is made by Flagger for the Canary shop; leave it out [flagger-owned]`,
    ]);
  });

  test('is the selector of the Service for all requests too', () => {
    expect(found('flagger-owned', [...SHOP, service()])).toEqual([
      'dist/c/apps/shop/shop.yaml: Service/shop/shop: metadata.annotations: Flagger sets the selector for the Canary shop, and Flux would set it back; annotate it kustomize.toolkit.fluxcd.io/ssa: IfNotPresent [flagger-owned]',
    ]);
  });

  test('has the name that the Canary gives its Service', () => {
    const renamed = canary({ 'spec.service.name': 'front' });
    expect(found('flagger-owned', [renamed, service(), service(named('front-canary'))])).toEqual([
      'dist/c/apps/shop/shop.yaml: Service/shop/front-canary: is made by Flagger for the Canary shop; leave it out [flagger-owned]',
    ]);
  });
});
