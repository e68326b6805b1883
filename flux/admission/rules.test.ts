import { describe, expect, test } from '@jest/globals';
import { judged, madeOf, type Pod, pod } from '../testing/admission.ts';
import type { AdmissionRule } from './admission-policy.ts';
import { imageRule } from './images.ts';
import { namespaceLevels } from './namespace-levels.ts';
import { ownSecrets } from './own-secrets.ts';
import { REQUIRED_LABELS } from './required-labels.ts';
import { RESTRICTED_PODS } from './restricted-pods.ts';
import { SHARED_STORES } from './shared-stores.ts';

/** Pods, and all that makes such pods. */
const inAllForms = (one: Pod): object[] => [one, ...madeOf(one)];

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('images', () => {
  const rule = imageRule({ name: 'images', allowed: ['ghcr.io/slipway/', 'ghcr.io/other/hello'] });
  const withImage = (image: string) => pod({}, { image });

  test.each([
    'ghcr.io/slipway/shop:1.0.0',
    `ghcr.io/slipway/shop:1.0.0@${DIGEST}`,
    `ghcr.io/slipway/shop@${DIGEST}`,
    `ghcr.io/slipway/shop:latest@${DIGEST}`,
    'ghcr.io/slipway/team/shop:1.0.0-rc.1',
    'ghcr.io/other/hello:6.14.1',
    `ghcr.io/other/hello@${DIGEST}`,
  ])('may be %s', (image) => {
    for (const object of inAllForms(withImage(image))) expect(judged(rule, object)).toEqual([]);
  });

  test.each([
    'nginx:1.29',
    'docker.io/library/nginx:1.29',
    'ghcr.io/slipway-evil/shop:1.0.0',
    'ghcr.io.evil.example/slipway/shop:1.0.0',
    'evil.example/ghcr.io/slipway/shop:1.0.0',
    'ghcr.io/other/hello-evil:6.14.1',
    'ghcr.io/other/hello/evil:6.14.1',
  ])('may not be %s, of a registry that we do not know', (image) => {
    for (const object of inAllForms(withImage(image))) {
      expect(judged(rule, object)).toEqual([`images of registries that are not allowed here: ${image}`]);
    }
  });

  test.each([
    'ghcr.io/slipway/shop',
    'ghcr.io/slipway/shop:latest',
    'ghcr.io/slipway/shop@sha256:abc',
    'ghcr.io/slipway/shop:1.0.0@sha1:abc',
  ])('may not be %s, which moves', (image) => {
    for (const object of inAllForms(withImage(image))) {
      expect(judged(rule, object)).toEqual([
        `images with neither a digest nor a tag other than latest: ${image}`,
      ]);
    }
  });

  test.each(['initContainers', 'ephemeralContainers'])('of %s are judged too', (field) => {
    const containers = [{ name: 'other', image: 'nginx' }];
    expect(judged(rule, pod({ [field]: containers }))).toEqual([
      'images of registries that are not allowed here: nginx',
      'images with neither a digest nor a tag other than latest: nginx',
    ]);
  });

  test('with a port in their registry have a tag only behind their path', () => {
    const local = imageRule({ name: 'images', allowed: ['localhost:5000/'] });
    expect(judged(local, withImage('localhost:5000/shop:1.0.0'))).toEqual([]);
    expect(judged(local, withImage('localhost:5000/shop'))).toHaveLength(1);
  });
});

describe('restricted pods', () => {
  const security = (changes: object) =>
    pod(
      {},
      {
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          ...changes,
        },
      },
    );

  test.each<[string, Pod]>([
    ['that ask for nothing', pod()],
    [
      'that may listen on low ports',
      security({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }),
    ],
    ['whose container says itself that it is not root', security({ runAsNonRoot: true, runAsUser: 1000 })],
    ['that share nothing, in so many words', pod({ hostNetwork: false, hostPID: false, hostIPC: false })],
    ['with volumes that are not of the node', pod({ volumes: [{ name: 'tmp', emptyDir: {} }] })],
  ])('are taken %s', (_, one) => {
    for (const object of inAllForms(one)) expect(judged(RESTRICTED_PODS, object)).toEqual([]);
  });

  const root = 'a container may run as root: set securityContext.runAsNonRoot to true';
  const node = 'a pod shares the network, processes or memory of its node';
  const needs =
    'a container does not say what it needs: set requests for cpu and memory, and a limit for memory';
  const kept = 'a container keeps capabilities: set securityContext.capabilities.drop to [ALL]';
  const gained = 'a container may gain privileges: set securityContext.allowPrivilegeEscalation to false';
  const writes = 'a container may write to its root: set securityContext.readOnlyRootFilesystem to true';

  test.each<[Pod, string[]]>([
    [security({ allowPrivilegeEscalation: undefined }), [gained]],
    [security({ allowPrivilegeEscalation: true }), [gained]],
    [security({ readOnlyRootFilesystem: false }), [writes]],
    [security({ capabilities: undefined }), [kept]],
    [security({ capabilities: { drop: ['NET_RAW'] } }), [kept]],
    [security({ capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } }), [kept]],
    [security({ privileged: true }), ['a container is privileged']],
    [security({ runAsNonRoot: false }), [root]],
    [security({ runAsUser: 0 }), [root]],
    [pod({ securityContext: undefined }), [root]],
    [pod({}, { securityContext: undefined }), [gained, writes, kept, root]],
    [pod({ hostNetwork: true }), [node]],
    [pod({ hostPID: true }), [node]],
    [pod({ hostIPC: true }), [node]],
    [pod({ volumes: [{ name: 'a', hostPath: { path: '/' } }] }), ['a pod mounts a folder of its node']],
    [pod({}, { resources: {} }), [needs]],
    [pod({}, { resources: { requests: { cpu: '1', memory: '1Gi' } } }), [needs]],
    [pod({}, { resources: { requests: { memory: '1Gi' }, limits: { memory: '1Gi' } } }), [needs]],
  ])('are refused: %#', (one, says) => {
    const plain = JSON.parse(JSON.stringify(one));
    for (const object of inAllForms(plain)) expect(judged(RESTRICTED_PODS, object)).toEqual(says);
  });

  test('are so in all their containers', () => {
    const [container] = pod().spec.containers;
    const bad = { ...container, securityContext: { ...Object(container.securityContext), privileged: true } };
    const { resources: _, ...ephemeral } = container;
    expect(judged(RESTRICTED_PODS, pod({ initContainers: [bad] }))).toEqual(['a container is privileged']);
    expect(judged(RESTRICTED_PODS, pod({ ephemeralContainers: [bad] }))).toEqual([
      'a container is privileged',
    ]);
    // Its resources can't be set.
    expect(judged(RESTRICTED_PODS, pod({ ephemeralContainers: [ephemeral] }))).toEqual([]);
  });
});

describe('labels of pods', () => {
  test('are there', () => {
    for (const object of inAllForms(pod())) expect(judged(REQUIRED_LABELS, object)).toEqual([]);
  });

  test.each([[undefined], [{}], [{ app: 'shop' }], [{ 'app.kubernetes.io/name': '' }]])(
    'are not %j',
    (labels) => {
      const one = pod();
      one.metadata.labels = labels;
      for (const object of inAllForms(JSON.parse(JSON.stringify(one)))) {
        expect(judged(REQUIRED_LABELS, object)).toEqual(['pods have no label app.kubernetes.io/name']);
      }
    },
  );
});

describe('namespaces', () => {
  const rule = namespaceLevels({ 'linkerd-cni': 'privileged', monitoring: 'baseline' });
  const namespace = (name: string, level?: string, others?: object) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      ...((level || others) && {
        labels: { ...others, ...(level && { 'pod-security.kubernetes.io/enforce': level }) },
      }),
    },
  });

  test.each([
    ['shop', 'restricted'],
    ['linkerd-cni', 'privileged'],
    ['monitoring', 'baseline'],
    ['monitoring', 'restricted'],
  ])('%s may enforce %s', (name, level) => {
    expect(judged(rule, namespace(name, level))).toEqual([]);
  });

  test.each([
    [namespace('shop'), 'nothing; wanted: restricted'],
    [namespace('shop', undefined, { team: 'a' }), 'nothing; wanted: restricted'],
    [namespace('shop', 'baseline'), 'baseline; wanted: restricted'],
    [namespace('shop', 'privileged'), 'privileged; wanted: restricted'],
    [namespace('monitoring', 'privileged'), 'privileged; wanted: baseline'],
    [namespace('linkerd-cni'), 'nothing; wanted: privileged'],
  ])('may not have less: %#', (object, says) => {
    expect(judged(rule, object)).toEqual([`pod-security.kubernetes.io/enforce is ${says}`]);
  });

  test('need none of the exceptions', () => {
    expect(judged(namespaceLevels({}), namespace('shop', 'restricted'))).toEqual([]);
    expect(judged(namespaceLevels({}), namespace('shop', 'privileged'))).toHaveLength(1);
  });
});

describe('secrets', () => {
  const rule = ownSecrets({ cluster: 'dev', shared: ['dev/platform/registry'] });
  const secret = (spec: object) => ({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'keys', namespace: 'shop' },
    spec,
  });
  const data = (...keys: string[]) => ({ data: keys.map((key) => ({ secretKey: 'A', remoteRef: { key } })) });
  const whole = (...keys: string[]) => ({ dataFrom: keys.map((key) => ({ extract: { key } })) });

  test.each([
    data('dev/shop/session-key'),
    data('/dev/shop/url', 'dev/shop/other/deep'),
    whole('dev/shop/all'),
    whole('dev/platform/registry'),
    {},
  ])('may be one’s own: %j', (spec) => {
    expect(judged(rule, secret(spec))).toEqual([]);
  });

  test.each([
    [data('dev/cart/session-key'), 'dev/cart/session-key'],
    [data('dev/shop/a', 'prod/shop/a'), 'prod/shop/a'],
    [data('dev/shop'), 'dev/shop'],
    [data('dev/shopping/a'), 'dev/shopping/a'],
    [data('shop/a'), 'shop/a'],
    [whole('dev/platform/flux-git', 'dev/cart/a'), 'dev/platform/flux-git, dev/cart/a'],
  ])('may not be another’s: %#', (spec, keys) => {
    expect(judged(rule, secret(spec))).toEqual([
      `secrets that are not of this namespace: ${keys}; allowed: those whose names begin with dev/shop/`,
    ]);
  });

  test.each([
    { find: { name: { regexp: '.*' } } },
    { sourceRef: { generatorRef: { kind: 'Fake', name: 'a' } } },
  ])('may not be whatever is found: %j', (entry) => {
    expect(judged(rule, secret({ dataFrom: [entry] }))).toEqual([
      'secrets are searched for, or made; name those that are wanted, by extract',
    ]);
  });
});

test('a namespace has no store of secrets', () => {
  const store = (kind: string) => ({ apiVersion: 'external-secrets.io/v1', kind, metadata: { name: 'own' } });
  expect(judged(SHARED_STORES, store('SecretStore'))).toEqual([
    'a namespace has no store of its own; ask a ClusterSecretStore that is for it',
  ]);
  expect(judged(SHARED_STORES, store('ClusterSecretStore'))).toEqual([]);
});

test('every rule can be told from what it says, and says why it is there', () => {
  const rules: AdmissionRule[] = [
    imageRule({ name: 'images', allowed: ['a/'] }),
    RESTRICTED_PODS,
    REQUIRED_LABELS,
    namespaceLevels({}),
    ownSecrets({ cluster: 'dev', shared: [] }),
    SHARED_STORES,
  ];
  for (const { why, validations } of rules) {
    expect(why).not.toBe('');
    const messages = validations.map(({ message }) => message);
    expect(new Set(messages).size).toBe(messages.length);
  }
});
