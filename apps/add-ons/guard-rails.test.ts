import { beforeAll, describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { PROXY } from '../../charts/app-quota.ts';
import type { Resource } from '../../charts/custom-resource.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { EXEMPT_NAMESPACES } from '../../flux/add-ons/admission-policies.ts';
import type { AdmissionRule } from '../../flux/admission/admission-policy.ts';
import { judged } from '../../flux/testing/admission.ts';
import { chartFiles } from '../main.ts';
import { LEVELS } from './guard-rails.ts';

type Object = Resource & { spec: any };

/** The objects of each cluster of the sample platform. */
const clusters = new Map<string, Object[]>();

beforeAll(async () => {
  for (const { path, namespace, build } of await chartFiles(sampleConfig(), 'apps/testing')) {
    const chart = new Chart(new App(), 'chart', { namespace });
    build(chart);
    const cluster = path.split('/')[0] ?? '';
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), ...(chart.toJson() as Object[])]);
  }
});

const prod = () => clusters.get('prod-eu-west-1') ?? [];
const ofKind = (objects: readonly Object[], kind: string) => objects.filter((object) => object.kind === kind);

/** A policy as it stands in `dist/`, with what it is for. */
function rules(objects: readonly Object[]): (AdmissionRule & { isFor(object: Object): boolean })[] {
  return ofKind(objects, 'ValidatingAdmissionPolicy').map(({ metadata, spec }) => {
    const binding = ofKind(objects, 'ValidatingAdmissionPolicyBinding').find(
      (own) => own.spec.policyName === metadata?.name,
    );
    const [selected] = binding?.spec.matchResources?.namespaceSelector.matchExpressions ?? [];
    return {
      name: metadata?.name ?? '',
      why: '',
      kinds: [],
      variables: Object.fromEntries(
        (spec.variables ?? []).map(({ name, expression }: any) => [name, expression]),
      ),
      validations: spec.validations,
      isFor(object) {
        const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
        const isOfKind = spec.matchConstraints.resourceRules.some(
          ({ apiGroups, resources }: any) =>
            apiGroups.includes(group) && resources.includes(`${object.kind.toLowerCase()}s`),
        );
        // A selector of namespaces selects a Namespace by its own name.
        const where = object.kind === 'Namespace' ? object.metadata?.name : object.metadata?.namespace;
        return isOfKind && (!selected || selected.values.includes(where) === (selected.operator === 'In'));
      },
    };
  });
}

describe('what the Kubernetes API refuses', () => {
  test.each(['dev-eu-west-1', 'staging-eu-west-1', 'prod-eu-west-1'])(
    'is nothing that we send to %s',
    (name) => {
      const objects = clusters.get(name) ?? [];
      const all = rules(objects);
      const found = objects.flatMap((object) =>
        all
          .filter((rule) => rule.isFor(object))
          .flatMap((rule) =>
            judged(rule, object).map(
              (says) => `${object.kind} ${object.metadata?.name}: ${says} [${rule.name}]`,
            ),
          ),
      );
      expect(found).toEqual([]);
    },
  );

  test('is judged for each app, and for each namespace of the platform that is not exempt', () => {
    const all = rules(prod());
    const judgedBy = (object: Object) => all.filter((rule) => rule.isFor(object)).map(({ name }) => name);
    const [deployment] = ofKind(prod(), 'Deployment').filter(
      ({ metadata }) => metadata?.namespace === 'conduit',
    );
    expect(judgedBy(deployment as Object).sort()).toEqual([
      'app-images',
      'required-labels',
      'restricted-pods',
    ]);
    for (const namespace of ofKind(prod(), 'Namespace')) {
      const isExempt = (namespace.metadata?.name ?? '') in EXEMPT_NAMESPACES;
      expect(judgedBy(namespace)).toEqual(isExempt ? [] : ['namespace-levels']);
    }
  });

  test('lets the mesh put its proxy into pods of apps', () => {
    const proxy = {
      name: 'linkerd-proxy',
      image: 'cr.l5d.io/linkerd/proxy:edge-26.8.3',
      restartPolicy: 'Always',
      resources: { requests: { cpu: '100m', memory: '20Mi' }, limits: { memory: '250Mi' } },
      // The capabilities are those of the pod's own containers.
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        runAsUser: 2102,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    };
    for (const { metadata, spec } of ofKind(prod(), 'Deployment')) {
      const { template } = spec;
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'pod', namespace: metadata?.namespace, ...template.metadata },
        spec: { ...template.spec, initContainers: [proxy, ...(template.spec.initContainers ?? [])] },
      } as Object;
      for (const rule of rules(prod()).filter((own) => own.isFor(pod))) expect(judged(rule, pod)).toEqual([]);
    }
  });

  test('is refused in production, and for the platform only told of where people try things out', () => {
    const actions = (name: string) =>
      Object.fromEntries(
        ofKind(clusters.get(name) ?? [], 'ValidatingAdmissionPolicyBinding').map(({ metadata, spec }) => [
          metadata?.name,
          spec.validationActions[0],
        ]),
      );
    expect(new Set(Object.values(actions('prod-eu-west-1')))).toEqual(new Set(['Deny']));
    expect(actions('dev-eu-west-1')).toMatchObject({ 'app-images': 'Deny', 'platform-images': 'Warn' });
  });
});

test('the namespaces that may ask more of their node are those that do', () => {
  const found = ofKind(prod(), 'Namespace').flatMap(({ metadata }) => {
    const level = metadata?.labels?.['pod-security.kubernetes.io/enforce'];
    return level === 'restricted' ? [] : [[metadata?.name, level]];
  });
  expect(Object.fromEntries(found)).toEqual(LEVELS);
});

test('pods name priority classes that are there', () => {
  const known = [
    'system-cluster-critical',
    'system-node-critical',
    ...ofKind(prod(), 'PriorityClass').map(({ metadata }) => metadata?.name),
  ];
  const named: unknown[] = [];
  JSON.stringify(prod(), (key, value) => {
    if (key === 'priorityClassName') named.push(value);
    return value;
  });
  expect(named.length).toBeGreaterThan(0);
  for (const name of named) expect(known).toContain(name);
});

describe('quotas', () => {
  test('let one namespace have a load balancer: that of the edge', () => {
    const open = ofKind(prod(), 'ResourceQuota').flatMap(({ metadata, spec }) =>
      Number(spec.hard['services.loadbalancers'] ?? 0) > 0 ? [metadata?.namespace] : [],
    );
    expect(open).toEqual(['ingress-nginx']);
    const services = ofKind(prod(), 'ResourceQuota').filter(({ metadata }) => metadata?.name === 'services');
    expect(services.map(({ metadata }) => metadata?.namespace).sort()).toEqual(
      ofKind(prod(), 'Namespace')
        .map(({ metadata }) => metadata?.name)
        .sort(),
    );
  });

  test('of apps count proxies as large as the mesh makes them', () => {
    const [mesh] = ofKind(prod(), 'HelmRelease').filter(
      ({ metadata }) => metadata?.name === 'linkerd-control-plane',
    );
    const { cpu, memory } = mesh?.spec.values.proxy.resources ?? {};
    const number = (quantity: string) => Number.parseInt(quantity, 10);
    expect(number(cpu.request)).toBeLessThanOrEqual(number(PROXY.cpu));
    expect(number(memory.request)).toBeLessThanOrEqual(number(PROXY.memory));
    expect(number(memory.limit)).toBeLessThanOrEqual(number(PROXY.memoryLimit));
  });
});
