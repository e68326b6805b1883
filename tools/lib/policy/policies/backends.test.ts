import { describe, expect, test } from '@jest/globals';
import { canary, found, object, service } from '../testing.ts';

function ingress(name: string, port: object) {
  const paths = [{ path: '/', backend: { service: { name, port } } }];
  return object('networking.k8s.io/v1', 'Ingress', { spec: { rules: [{ http: { paths } }] } });
}

function route(reference: object) {
  const spec = { rules: [{ backendRefs: [reference] }] };
  return object('gateway.networking.k8s.io/v1', 'HTTPRoute', { spec }, { 'metadata.name': 'public' });
}

const AT = 'dist/c/apps/shop/shop.yaml:';
const BACKEND = 'Ingress/shop/shop: spec.rules[0].http.paths[0].backend.service';
const CHART = object('helm.toolkit.fluxcd.io/v2', 'HelmRelease');

describe('backends', () => {
  test.each([
    ['a Service by the port’s number', [service(), ingress('shop', { number: 80 })]],
    ['a Service by the port’s name', [service(), ingress('shop', { name: 'http' })]],
    ['the Service that Flagger makes for all requests', [canary(), ingress('shop', { number: 80 })]],
    ['the one for the primary', [canary(), ingress('shop-primary', { number: 80 })]],
    ['the one for the canary', [canary(), ingress('shop-canary', { name: 'http' })]],
    ['a Service that a Helm chart may bring', [CHART, ingress('grafana', { number: 80 })]],
    ['an HTTPRoute to a Service', [service(), route({ name: 'shop', port: 80 })]],
    ['an HTTPRoute to something else', [route({ kind: 'Bucket', name: 'files' })]],
  ])('lets pass %s', (_, objects) => {
    expect(found('backends', objects)).toEqual([]);
  });

  test.each([
    [
      [service(), ingress('shpo', { number: 80 })],
      `${BACKEND}.name: the namespace "shop" has no Service "shpo"; write "shop", or make it`,
    ],
    [
      [canary(), ingress('shop-canari', { number: 80 })],
      `${BACKEND}.name: the namespace "shop" has no Service "shop-canari"; write "shop-canary", or make it`,
    ],
    [
      [service(), ingress('shop', { number: 8080 })],
      `${BACKEND}.port: the Service "shop" has no port 8080; it has 80 and "http"`,
    ],
    [
      [canary(), ingress('shop', { name: 'web' })],
      `${BACKEND}.port: the Service "shop" has no port "web"; it has 80 and "http"`,
    ],
    [
      [service(), route({ name: 'shop', namespace: 'other', port: 80 })],
      'HTTPRoute/shop/public: spec.rules[0].backendRefs[0].name: the namespace "other" has no Service "shop"; make it',
    ],
  ])('finds what is not there', (objects, says) => {
    expect(found('backends', objects)).toEqual([`${AT} ${says} [backends]`]);
  });

  test('finds a default that is not there', () => {
    const item = object('networking.k8s.io/v1', 'Ingress', {
      spec: { defaultBackend: { service: { name: 'none', port: { number: 80 } } } },
    });
    expect(found('backends', [item])).toEqual([
      `${AT} Ingress/shop/shop: spec.defaultBackend.service.name: the namespace "shop" has no Service "none"; make it [backends]`,
    ]);
  });
});
