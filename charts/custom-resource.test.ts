import { describe, expect, test } from '@jest/globals';
import { type ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import {
  IntOrString,
  KubeConfigMap,
  KubeCustomResourceDefinition,
  KubeDeployment,
  type KubeDeploymentProps,
  KubePod,
  KubeService,
  Quantity,
} from 'cdk8s-plus-28/lib/imports/k8s.js';
import { CoreResource, wholeJson } from './custom-resource.ts';

const chart = () => new Chart(new App(), 'chart', { namespace: 'shop' });

/** The same object by way of both kinds of class. */
const WAYS: [string, (props: any) => ApiObject][] = [
  ['CoreResource', (props) => new CoreResource(chart(), 'id', KubeDeployment, props)],
  ['a Kube class', (props) => new KubeDeployment(chart(), 'id', props)],
];

const labels = { 'app.kubernetes.io/name': 'shop' };
const PROPS: KubeDeploymentProps = {
  metadata: { name: 'shop', labels },
  spec: {
    selector: { matchLabels: labels },
    strategy: { rollingUpdate: { maxSurge: IntOrString.fromString('25%') } },
    template: {
      metadata: { labels },
      spec: {
        hostIpc: false,
        volumes: [{ name: 'api', downwardApi: { items: [{ path: 'a', fieldRef: { fieldPath: 'b' } }] } }],
        containers: [{ name: 'shop', resources: { limits: { memory: Quantity.fromString('1Gi') } } }],
      },
    },
  },
};
const JSON_OF_PROPS = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', namespace: 'shop', labels },
  spec: {
    selector: { matchLabels: labels },
    strategy: { rollingUpdate: { maxSurge: '25%' } },
    template: {
      metadata: { labels },
      spec: {
        hostIPC: false,
        volumes: [{ name: 'api', downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'b' } }] } }],
        containers: [{ name: 'shop', resources: { limits: { memory: '1Gi' } } }],
      },
    },
  },
};

describe.each(WAYS)('an object made with %s', (_, make) => {
  test('is what Kubernetes calls its fields', () => {
    expect(wholeJson(make(PROPS))).toEqual(JSON_OF_PROPS);
  });

  test.each<[string, (props: any) => void, (json: any) => void]>([
    ['a field of the object', (props) => (props.stats = {}), (json) => (json.stats = {})],
    ['a field inside', (props) => (props.spec.replica = 2), (json) => (json.spec.replica = 2)],
    [
      'a field of an item of a list',
      (props) => (props.spec.template.spec.containers[0].imag = 'a:1'),
      (json) => (json.spec.template.spec.containers[0].imag = 'a:1'),
    ],
    [
      'a field of the metadata',
      (props) => (props.metadata.label = 'a'),
      (json) => (json.metadata.label = 'a'),
    ],
    ['a text for an object', (props) => (props.spec.selector = 'a'), (json) => (json.spec.selector = 'a')],
    ['a list for an object', (props) => (props.spec.selector = []), (json) => (json.spec.selector = [])],
    [
      'a number for what may be a text too',
      (props) => (props.spec.strategy.rollingUpdate.maxSurge = 1),
      (json) => (json.spec.strategy.rollingUpdate.maxSurge = 1),
    ],
  ])('keeps what its kind does not have: %s', (_, changeProps, changeJson) => {
    const props = structuredCloneWithUnions(PROPS);
    const json = structuredClone(JSON_OF_PROPS);
    changeProps(props);
    changeJson(json);
    expect(wholeJson(make(props))).toEqual(json);
  });

  test('leaves out what is undefined', () => {
    expect(wholeJson(make({ ...PROPS, stats: undefined }))).toEqual(JSON_OF_PROPS);
  });

  test('is what a patch makes of it', () => {
    const object = make(PROPS);
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'), JsonPatch.replace('/spec/selector', {}));
    expect(wholeJson(object)).toEqual({
      ...JSON_OF_PROPS,
      metadata: { name: 'shop', labels },
      spec: { ...JSON_OF_PROPS.spec, selector: {} },
    });
  });
});

test.each([
  ['clusterIP', new KubeService(chart(), 'id', { spec: { clusterIp: 'None' } }), { clusterIP: 'None' }],
  [
    'setHostnameAsFQDN',
    new KubePod(chart(), 'id', { spec: { containers: [], setHostnameAsFqdn: true } }),
    { containers: [], setHostnameAsFQDN: true },
  ],
  [
    '$ref and x-kubernetes-…',
    new KubeCustomResourceDefinition(chart(), 'id', {
      spec: {
        group: 'a',
        names: { kind: 'A', plural: 'as' },
        scope: 'Namespaced',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openApiv3Schema: { ref: '#/a', xKubernetesPreserveUnknownFields: true } },
          },
        ],
      },
    }),
    {
      group: 'a',
      names: { kind: 'A', plural: 'as' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { $ref: '#/a', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  ],
])('a prop that is spelt otherwise in a manifest stands there once: %s', (_, object, spec) => {
  expect(wholeJson(object)).toMatchObject({ spec });
  expect(Object.keys((wholeJson(object) as { spec: object }).spec)).toEqual(Object.keys(spec));
});

test('data that only looks like a wrapped number is kept', () => {
  const data = { value: 'a', other: 'b' };
  const object = new CoreResource(chart(), 'id', KubeConfigMap, { metadata: { name: 'a' }, data });
  expect(wholeJson(object)).toMatchObject({ data });
});

/** A copy, in which the classes for what may be a number or a text stay themselves. */
function structuredCloneWithUnions<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(structuredCloneWithUnions) as T;
  if (value.constructor !== Object) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, structuredCloneWithUnions(item)]),
  ) as T;
}
