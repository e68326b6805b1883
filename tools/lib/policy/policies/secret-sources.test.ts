import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../../../charts/custom-resource.ts';
import { deployment, found, object } from '../testing.ts';

const AT = 'dist/c/apps/shop/shop.yaml:';
const POD = 'spec.template.spec';

const store = (conditions?: object[]) => ({
  ...object('external-secrets.io/v1', 'ClusterSecretStore', { spec: { conditions } }),
  metadata: { name: 'store' },
});
const external = (spec: object = {}) =>
  object('external-secrets.io/v1', 'ExternalSecret', {
    spec: { secretStoreRef: { kind: 'ClusterSecretStore', name: 'store' }, ...spec },
  });
const provider = (name: string) =>
  object('notification.toolkit.fluxcd.io/v1beta3', 'Provider', { spec: { secretRef: { name } } });
const env = (secretKeyRef: object) =>
  deployment({ [`${POD}.containers.0.env`]: [{ name: 'KEY', valueFrom: { secretKeyRef } }] });

describe('secrets that are named are made', () => {
  test.each<[string, Resource[]]>([
    ['by an ExternalSecret of that name', [provider('shop'), external(), store()]],
    ['by one that makes another name', [provider('other'), external({ target: { name: 'other' } }), store()]],
    [
      'by a Certificate',
      [provider('tls'), object('cert-manager.io/v1', 'Certificate', { spec: { secretName: 'tls' } })],
    ],
    ['for a variable', [env({ name: 'shop', key: 'KEY' }), external(), store()]],
    ['or the pods can do without', [env({ name: 'none', key: 'KEY', optional: true })]],
    [
      'perhaps by a chart that is installed beside the pods',
      [
        env({ name: 'none', key: 'KEY' }),
        object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec: { chart: { spec: { chart: 'shop' } } } }),
      ],
    ],
    ['by a store for that namespace', [external(), store([{ namespaces: ['cart', 'shop'] }])]],
    ['by a store for namespaces like it', [external(), store([{ namespaceRegexes: ['^sh'] }])]],
    [
      'by a store for namespaces with a label of it',
      [
        external(),
        store([{ namespaceSelector: { matchLabels: { app: 'yes' } } }]),
        { ...object('v1', 'Namespace'), metadata: { name: 'shop', labels: { app: 'yes' } } },
      ],
    ],
  ])('%s', (_, objects) => {
    expect(found('secret-sources', objects)).toEqual([]);
  });

  test.each<[Resource[], string]>([
    [
      [provider('shpo'), external(), store()],
      'Provider/shop/shop: spec.secretRef.name: nothing makes the Secret "shpo" in the namespace "shop"; write "shop", or make it with an ExternalSecret',
    ],
    [
      [env({ name: 'none', key: 'KEY' })],
      `Deployment/shop/shop: ${POD}.containers[0].env[0].valueFrom.secretKeyRef.name: nothing makes the Secret "none" in the namespace "shop"; make it with an ExternalSecret`,
    ],
    [
      [deployment({ [`${POD}.imagePullSecrets`]: [{ name: 'none' }] })],
      `Deployment/shop/shop: ${POD}.imagePullSecrets[0].name: nothing makes the Secret "none" in the namespace "shop"; make it with an ExternalSecret`,
    ],
    [
      [deployment({ [`${POD}.volumes`]: [{ name: 'v', secret: { secretName: 'none' } }] })],
      `Deployment/shop/shop: ${POD}.volumes[0].secret.secretName: nothing makes the Secret "none" in the namespace "shop"; make it with an ExternalSecret`,
    ],
    [
      [deployment({ [`${POD}.containers.0.envFrom`]: [{ secretRef: { name: 'none' } }] })],
      `Deployment/shop/shop: ${POD}.containers[0].envFrom[0].secretRef.name: nothing makes the Secret "none" in the namespace "shop"; make it with an ExternalSecret`,
    ],
    [
      [external()],
      'ExternalSecret/shop/shop: spec.secretStoreRef.name: there is no ClusterSecretStore "store"; make it',
    ],
    [
      [external(), store([{ namespaces: ['cart'] }])],
      'ExternalSecret/shop/shop: spec.secretStoreRef.name: the ClusterSecretStore "store" is not for the namespace "shop"; name it in the conditions of the store',
    ],
  ])('refuses %#', (objects, says) => {
    expect(found('secret-sources', objects)).toEqual([`${AT} ${says} [secret-sources]`]);
  });
});
