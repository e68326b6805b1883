import { describe, expect, test } from '@jest/globals';
import { Environment } from '@marcbachmann/cel-js';
import { App, Chart } from 'cdk8s';
import {
  IDENTITY_ISSUER,
  LINKERD_NAMESPACE,
  PREVIOUS_ANCHOR_LABEL,
  TRUST_ANCHOR,
  TRUST_ROOTS,
} from '../../charts/linkerd-names.ts';
import type { Config } from '../../config/load.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import type { AddOn } from '../../flux/add-on.ts';
import { clusterAddOns } from './cluster-add-ons.ts';

/** The add-ons of the cluster of a ring. */
function addOns(ring: string, config: Config = sampleConfig()): AddOn[] {
  const cluster = config.platform.clusters.find((one) => one.ring === ring);
  if (cluster === undefined) throw new Error(`the sample has lost its ring ${ring}`);
  return clusterAddOns(config, cluster);
}

function objectsOf({ namespace, objects }: AddOn): any[] {
  const chart = new Chart(new App(), 'chart', { namespace });
  objects(chart);
  return chart.toJson();
}

const ALL = { dev: addOns('dev'), prod: addOns('prod') };
const OBJECTS = { dev: ALL.dev.flatMap(objectsOf), prod: ALL.prod.flatMap(objectsOf) };

function find(kind: string, name: string, ring: keyof typeof OBJECTS = 'prod'): any {
  return OBJECTS[ring].find((object) => object.kind === kind && object.metadata.name === name);
}

const values = (name: string, ring?: keyof typeof OBJECTS) => find('HelmRelease', name, ring).spec.values;
const hours = (duration: string) => Number(/^(\d+)h$/.exec(duration)?.[1]);

describe('the certificates of the mesh', () => {
  test('the control plane reads what cert-manager and trust-manager write', () => {
    expect(values('linkerd-control-plane').identity).toEqual({
      externalCA: true,
      issuer: { scheme: 'kubernetes.io/tls' },
    });
    // The names that Linkerd's charts read, in its namespace.
    expect(find('Certificate', IDENTITY_ISSUER)).toMatchObject({
      metadata: { namespace: LINKERD_NAMESPACE },
      spec: { secretName: 'linkerd-identity-issuer', isCA: true },
    });
    expect(find('Bundle', TRUST_ROOTS)).toMatchObject({
      metadata: { name: 'linkerd-identity-trust-roots' },
      spec: {
        target: {
          configMap: { key: 'ca-bundle.crt' },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'linkerd' } },
        },
      },
    });
  });

  test('the anchor signs the issuer and is trusted, and so is the one before', () => {
    const anchor = find('Certificate', TRUST_ANCHOR);
    const signer = find('ClusterIssuer', IDENTITY_ISSUER);
    expect(find('Certificate', IDENTITY_ISSUER).spec.issuerRef).toEqual({
      kind: 'ClusterIssuer',
      name: signer.metadata.name,
    });
    expect(signer.spec.ca.secretName).toBe(anchor.spec.secretName);
    // A ClusterIssuer finds its Secret where cert-manager is, and trust-manager reads there alone.
    expect(anchor.metadata.namespace).toBe('cert-manager');
    const [current, previous] = find('Bundle', TRUST_ROOTS).spec.sources;
    expect(current.secret.name).toBe(anchor.spec.secretName);
    expect(previous.secret.selector.matchLabels).toEqual(PREVIOUS_ANCHOR_LABEL);
  });

  test('each is of the kind that proxies take', () => {
    for (const name of [TRUST_ANCHOR, IDENTITY_ISSUER]) {
      expect(find('Certificate', name).spec.privateKey).toMatchObject({ algorithm: 'ECDSA' });
    }
  });

  test('the issuer is renewed while it is good for longer than any identity; the anchor not before its last day', () => {
    const issuer = find('Certificate', IDENTITY_ISSUER).spec;
    expect(hours(issuer.renewBefore)).toBeGreaterThan(24);
    expect(hours(issuer.renewBefore)).toBeLessThan(hours(issuer.duration));
    const anchor = find('Certificate', TRUST_ANCHOR).spec;
    expect(hours(anchor.duration)).toBeGreaterThan(9 * 365 * 24);
    expect(hours(anchor.renewBefore)).toBeLessThanOrEqual(24);
  });

  // The Secrets as the templates of Linkerd's charts name them.
  test.each([
    ['linkerd-control-plane', 'proxyInjector', 'linkerd-proxy-injector', 'linkerd-proxy-injector-k8s-tls'],
    ['linkerd-control-plane', 'profileValidator', 'linkerd-sp-validator', 'linkerd-sp-validator-k8s-tls'],
    [
      'linkerd-control-plane',
      'policyValidator',
      'linkerd-policy-validator',
      'linkerd-policy-validator-k8s-tls',
    ],
    ['linkerd-viz', 'tap', 'tap', 'tap-k8s-tls'],
    ['linkerd-viz', 'tapInjector', 'tap-injector', 'tap-injector-k8s-tls'],
  ])(
    '%s: the webhook %s has one for its Service, which cert-manager renews',
    (chart, webhook, service, secretName) => {
      const { externalSecret, injectCaFrom } = values(chart)[webhook];
      expect(externalSecret).toBe(true);
      const [namespace, name] = injectCaFrom.split('/');
      expect(find('Certificate', name)).toMatchObject({
        metadata: { namespace },
        spec: { secretName, dnsNames: expect.arrayContaining([`${service}.${namespace}.svc`]) },
      });
    },
  );
});

describe('the control plane does not start before the bundle is handed out', () => {
  const [health] = ALL.prod.find(({ name }) => name === 'linkerd-certificates')?.health ?? [];
  const cel = new Environment({ unlistedVariablesAreDyn: true });
  const synced = (status: string, observedGeneration: number) => ({
    conditions: [{ type: 'Synced', status, observedGeneration }],
  });

  test.each([
    ['nobody has looked at', {}, false],
    ['has no source yet', { status: synced('False', 2) }, false],
    ['was handed out before it was changed', { status: synced('True', 1) }, false],
    ['is handed out', { status: synced('True', 2) }, true],
  ])('one that %s', (_, object, isCurrent) => {
    const bundle = { metadata: { generation: 2 }, status: {}, ...object };
    expect(cel.evaluate(health?.inProgress ?? '', bundle)).toBe(!isCurrent);
    expect(cel.evaluate(health?.current ?? '', bundle)).toBe(isCurrent);
  });
});

describe('the injector', () => {
  /** What an add-on waits for, by way of others too. */
  function waitsFor(name: string): string[] {
    const { dependsOn = [] } = ALL.prod.find((addOn) => addOn.name === name) ?? {};
    return [...new Set([...dependsOn, ...dependsOn.flatMap(waitsFor)])];
  }

  const { namespaceSelector } = values('linkerd-control-plane').proxyInjector;

  /** Whether pods of a namespace start without it. */
  function isApart(namespace: string): boolean {
    const labels: Record<string, string> = {
      'kubernetes.io/metadata.name': namespace,
      ...find('Namespace', namespace)?.metadata.labels,
    };
    return namespaceSelector.matchExpressions.some(
      ({ key, operator, values }: any) => operator === 'NotIn' && values.includes(labels[key]),
    );
  }

  test('is not asked for pods of what it waits for, of itself, or of what brings nodes', () => {
    const before = ALL.prod.filter(({ name }) => waitsFor('linkerd-control-plane').includes(name));
    const namespaces = [...new Set(before.map(({ namespace }) => namespace))];
    expect(namespaces).toEqual(expect.arrayContaining(['cert-manager', 'linkerd', 'linkerd-cni']));
    for (const namespace of [...namespaces, 'kube-system', 'flux-system', 'karpenter']) {
      expect([namespace, isApart(namespace)]).toEqual([namespace, true]);
    }
  });

  test('is asked for all others, and no pod starts without an answer', () => {
    for (const namespace of ['conduit', 'ingress-nginx', 'flagger-system', 'linkerd-viz']) {
      expect([namespace, isApart(namespace)]).toEqual([namespace, false]);
    }
    expect(values('linkerd-control-plane').webhookFailurePolicy).toBe('Fail');
  });
});

describe('the dashboard', () => {
  const accepts = (pattern: string, host: string) => new RegExp(pattern).test(host);

  test('answers to who forwards its port, and to no name of anybody else', () => {
    const { enforcedHostRegexp } = values('linkerd-viz').dashboard;
    for (const host of ['localhost:50750', '127.0.0.1:50750', 'localhost']) {
      expect(accepts(enforcedHostRegexp, host)).toBe(true);
    }
    for (const host of ['evil.example', 'localhost.evil.example', '127x0.0.1']) {
      expect(accepts(enforcedHostRegexp, host)).toBe(false);
    }
  });

  test('lets in the ingress controller alone, by its identity', () => {
    const { spec } = find('MeshTLSAuthentication', 'dashboard');
    expect(spec.identityRefs).toEqual([
      { kind: 'ServiceAccount', name: 'ingress-nginx', namespace: 'ingress-nginx' },
    ]);
    expect(find('Server', 'dashboard').spec.podSelector.matchLabels).toEqual({
      'linkerd.io/extension': 'viz',
      component: 'web',
    });
  });

  test('is left out with one word, and nothing else goes with it', () => {
    const config = sampleConfig();
    const { platform } = config;
    const without = addOns('prod', {
      ...config,
      platform: { ...platform, addOns: { 'linkerd-viz': 'off' } },
    });
    expect(ALL.prod.filter(({ name }) => !without.some((kept) => kept.name === name))).toEqual([
      expect.objectContaining({ name: 'linkerd-viz' }),
    ]);
  });
});

describe('sizes', () => {
  test('production runs each part of the control plane three times, apart, one at a time', () => {
    expect(values('linkerd-control-plane', 'prod')).toMatchObject({
      controllerReplicas: 3,
      enablePodAntiAffinity: true,
      enablePodDisruptionBudget: true,
      deploymentStrategy: { rollingUpdate: { maxUnavailable: 1 } },
    });
  });

  test('dev runs each once, and no budget holds up a drain', () => {
    expect(values('linkerd-control-plane', 'dev')).toMatchObject({
      controllerReplicas: 1,
      enablePodDisruptionBudget: false,
      deploymentStrategy: { rollingUpdate: { maxUnavailable: 0 } },
    });
    expect(values('cert-manager', 'dev')).toMatchObject({
      replicaCount: 1,
      podDisruptionBudget: { enabled: false },
      webhook: { replicaCount: 1 },
    });
  });
});
