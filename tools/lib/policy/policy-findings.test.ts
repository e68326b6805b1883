import { beforeAll, describe, expect, test } from '@jest/globals';
import { ApiObject } from 'cdk8s';
import fc from 'fast-check';
import { exceptFromPolicy, POLICY_NAMES } from '../../../charts/policy-exception.ts';
import type { Config } from '../../../config/load.ts';
import { compileSample } from '../../testing/sample.ts';
import type { Manifest } from '../dist/manifests.ts';
import { type Compiled, compileFiles } from '../synth/compile.ts';
import { policyFindings } from './policy-findings.ts';
import { POLICIES } from './table.ts';
import {
  ADD_ON,
  APP,
  autoscaler,
  canary,
  deployment,
  found,
  inFile,
  kustomization,
  namespace,
  object,
  service,
} from './testing.ts';

let config: Config;
let compiled: Compiled;

beforeAll(async () => {
  ({ config, compiled } = await compileSample());
});

test('what the repo makes of a platform keeps every policy', () => {
  expect(policyFindings(config, compiled)).toEqual([]);
});

test('the table holds each policy that can be excepted, and no other', () => {
  expect(POLICIES.map(({ name }) => name)).toEqual([...POLICY_NAMES]);
});

/** Something wrong for nearly every policy. */
const WRONG: readonly Manifest[] = [
  deployment({ 'spec.replicas': 2, 'spec.template.spec.hostNetwork': true }),
  deployment({
    'metadata.name': 'cart',
    'spec.template.spec.containers.0': {
      image: 'cart',
      env: [{ name: 'TOKEN', value: 'hunter2' }],
      envFrom: [{ secretRef: { name: 'gone' } }],
    },
  }),
  service(),
  service({ 'metadata.name': 'cart', 'spec.selector': { app: 'cart' } }),
  object('v1', 'ConfigMap', { data: { text: '${NO_KEY} ${NONE}' } }),
  object('v1', 'ConfigMap'),
  canary(),
  canary({ 'metadata.name': 'cart', 'spec.targetRef.name': 'carts' }),
  autoscaler(),
  autoscaler({ 'metadata.name': 'cart', 'spec.scaleTargetRef.name': 'carts' }),
  object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: { matchLabels: { a: 'b' } } } }),
  object('networking.k8s.io/v1', 'Ingress', { spec: { defaultBackend: { service: { name: 'gone' } } } }),
  object('networking.k8s.io/v1', 'Ingress', {
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { rules: [{ host: 'cart.example.com', http: { paths: [{ path: '/' }] } }] },
  }),
  object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', {
    metadata: { name: 'chart', namespace: 'chart' },
    spec: { chartRef: { kind: 'OCIRepository', name: 'chart' } },
  }),
  inFile(ADD_ON, namespace('shop', { 'metadata.labels': {} })),
  inFile(ADD_ON, object('v1', 'ConfigMap')),
  kustomization('a', 'apps/shop', ['b', 'c']),
  kustomization('b', 'apps', ['c']),
  kustomization('c', 'platform/other', ['a']),
].map((item, index) => ('object' in item ? item : inFile(APP, item, { construct: `construct-${index}` })));

describe('findings', () => {
  test('are the same in whatever order the manifests come', () => {
    const files = new Map<string, string>();
    const expected = policyFindings(config, { files, manifests: [...WRONG] });
    const says = expected.map((finding) => finding.says).join('\n');
    const heard = POLICY_NAMES.filter((name) => says.includes(`[${name}]`));
    expect(POLICY_NAMES.filter((name) => !heard.includes(name))).toEqual([]);
    fc.assert(
      fc.property(fc.shuffledSubarray([...WRONG], { minLength: WRONG.length }), (manifests) => {
        expect(policyFindings(config, { files, manifests })).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test('name the file, the object, its construct, the place, what is wrong, what to do and the policy', () => {
    const item = deployment({ 'spec.template.spec.hostNetwork': true });
    expect(found('pod-security', [inFile(APP, item, { construct: 'shop/deployment' })])).toEqual([
      'dist/c/apps/shop/shop.yaml: Deployment/shop/shop (shop/deployment): spec.template.spec.hostNetwork: is true; leave it out [pod-security]',
    ]);
  });

  test('are made for objects of any shape', () => {
    const kinds = [...new Map(WRONG.map(({ object }) => [object.kind, object])).values()];
    const hostile = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(KEYS, tie('value')),
        fc.array(tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(fc.constantFrom(...kinds), hostile, hostile, ({ apiVersion, kind }, spec, data) => {
        const manifests = [inFile(APP, object(apiVersion, kind, { spec, data }))];
        expect(() => policyFindings(config, { files: new Map(), manifests })).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

/** Words that policies look for, so that a hostile object goes far into them. */
const KEYS = fc.constantFrom(
  ...'spec template metadata labels selector matchLabels matchExpressions containers initContainers volumes env'.split(
    ' ',
  ),
  ...'ports image resources securityContext capabilities service analysis metrics templateRef targetRef rules'.split(
    ' ',
  ),
  ...'http paths backend dependsOn sourceRef postBuild substitute substituteFrom chart values ref name'.split(
    ' ',
  ),
  ...'topologySpreadConstraints livenessProbe httpGet podSelector jobTemplate projected sources'.split(' '),
);

describe('an exception', () => {
  const HOST = { 'spec.template.spec.hostNetwork': true, 'spec.template.spec.hostPID': true };
  const exceptions = [{ policy: 'pod-security', reason: 'it sets up the network' }] as const;

  test('lets one object break one policy', () => {
    const item = inFile(APP, deployment({ ...HOST, 'spec.template.spec.containers.0.image': 'a' }), {
      exceptions,
    });
    expect(found('pod-security', [item])).toEqual([]);
    expect(found('pinned-images', [item])).toEqual([
      'dist/c/apps/shop/shop.yaml: Deployment/shop/shop: spec.template.spec.containers[0].image: is "a", without a tag; name an exact tag or a digest [pinned-images]',
    ]);
  });

  test('is no other object’s', () => {
    const other = deployment({ 'metadata.name': 'other', 'spec.template.spec.hostPID': true });
    expect(found('pod-security', [inFile(APP, deployment(HOST), { exceptions }), other])).toEqual([
      'dist/c/apps/shop/shop.yaml: Deployment/shop/other: spec.template.spec.hostPID: is true; leave it out [pod-security]',
    ]);
  });

  test('that is needed no more is found', () => {
    const item = inFile(APP, deployment(), { exceptions, construct: 'shop/deployment' });
    expect(found('pod-security', [item])).toEqual([
      'dist/c/apps/shop/shop.yaml: Deployment/shop/shop (shop/deployment): has an exception ("it sets up the network") and keeps the policy; delete the exception [pod-security]',
    ]);
  });

  test('is said beside the code that makes the object, by a name that must be right, and survives the compile', () => {
    const { files, manifests } = compileFiles([
      {
        path: 'c/apps/shop/shop.yaml',
        source: 'apps/shop.ts',
        namespace: 'shop',
        build(chart) {
          for (const name of ['privileged', 'baseline']) {
            const namespace = new ApiObject(chart, name, {
              apiVersion: 'v1',
              kind: 'Namespace',
              metadata: { name },
            });
            if (name === 'privileged') exceptFromPolicy(namespace, 'pod-security', 'it sets up the network');
            // @ts-expect-error a policy that there is not
            else exceptFromPolicy(namespace, 'pod-securty', 'it sets up the network');
          }
        },
      },
    ]);
    const podSecurity = POLICIES.filter(({ name }) => name === 'pod-security');
    expect(policyFindings(config, { files, manifests }, podSecurity)).toEqual([
      {
        where: 'dist/c/apps/shop/shop.yaml',
        says: 'Namespace/shop/baseline (baseline): metadata.labels["pod-security.kubernetes.io/enforce"]: is missing; set it to "restricted" [pod-security]',
      },
    ]);
  });
});
