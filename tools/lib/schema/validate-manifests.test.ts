import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Resource } from '../../../charts/custom-resource.ts';
import { compileSample } from '../../testing/sample.ts';
import type { Manifest } from '../dist/manifests.ts';
import { validateManifests } from './validate-manifests.ts';

let compiled: Manifest[];
beforeAll(async () => {
  ({ manifests: compiled } = (await compileSample()).compiled);
});

/** What is said of one object of the dev cluster when it was changed. */
function said(kind: string, change: (object: any) => void): string[] {
  const manifest = compiled.find(
    ({ cluster, object }) => cluster.startsWith('staging') && object.kind === kind,
  );
  if (!manifest) throw new Error(`no ${kind} is compiled`);
  const object = structuredClone(manifest.object);
  change(object);
  return validateManifests([{ ...manifest, object }]).map(({ says }) => says);
}

/** What is said of an object that we do not compile. */
function saidOf(object: unknown): string[] {
  return validateManifests([{ file: 'a/b.yaml', cluster: 'a', object: object as Resource }]).map(
    ({ says }) => says,
  );
}

const IN_A = { name: 'a', namespace: 'a' };

function cronJob(schedule: string) {
  const pod = { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a:1' }] };
  const jobTemplate = { spec: { template: { spec: pod } } };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: IN_A, spec: { schedule, jobTemplate } };
}

function networkPolicy(cidr: string) {
  const spec = { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr } }] }] };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: IN_A, spec };
}

function nodePool(key: string) {
  const nodeClassRef = { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'a' };
  const requirements = [{ key, operator: 'In', values: ['c'] }];
  const spec = { template: { spec: { nodeClassRef, requirements } } };
  return { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name: 'a' }, spec };
}

function route(rule: object) {
  const spec = { rules: [rule] };
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: IN_A, spec };
}

function quota(cpu: string | number) {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: IN_A, spec: { hard: { cpu } } };
}

describe('validateManifests', () => {
  test('finds nothing in what the repo compiles to', () => {
    expect(compiled.length).toBeGreaterThan(50);
    expect(validateManifests(compiled)).toEqual([]);
  });

  test('names cluster, file, object, construct and path in one line, and what was probably meant', () => {
    const manifest = compiled.find(({ object }) => object.kind === 'Canary') as Manifest;
    const object: any = structuredClone(manifest.object);
    object.spec.analysis.treshold = object.spec.analysis.threshold;
    delete object.spec.analysis.threshold;
    expect(
      validateManifests([{ ...manifest, object }]).map(({ where, says }) => `${where}: ${says}`),
    ).toEqual([
      'dist/dev-eu-west-1/apps/conduit/conduit.yaml: Canary/conduit/conduit (conduit/canary): spec.analysis.treshold: unknown field; allowed: alerts, interval, iterations, maxWeight, metrics, stepWeight, stepWeightPromotion, stepWeights, threshold, webhooks; did you mean "threshold"?',
      'dist/dev-eu-west-1/apps/conduit/conduit.yaml: Canary/conduit/conduit (conduit/canary): spec.analysis.threshold: missing; it is required',
    ]);
  });

  test('tells of all mistakes of an object at once', () => {
    expect(
      said('Kustomization', (object) => {
        object.spec.interval = '5 minutes';
        object.spec.prune = 'yes';
      }),
    ).toHaveLength(2);
  });

  test.each<[string, string, (object: any) => void, string]>([
    [
      'an unknown field',
      'PodDisruptionBudget',
      (object) => {
        object.spec.minAvailabel = 1;
      },
      'spec.minAvailabel: unknown field; allowed: maxUnavailable, minAvailable, selector, unhealthyPodEvictionPolicy; did you mean "minAvailable"?',
    ],
    [
      'an unknown field in a list, among many that are known',
      'Deployment',
      (object) => {
        object.spec.template.spec.containers[0].livenesProbe = {};
      },
      'spec.template.spec.containers[0].livenesProbe: unknown field; allowed: args, command, env, envFrom, image, imagePullPolicy, lifecycle, livenessProbe, name, ports, readinessProbe, resizePolicy, resources, restartPolicy, restartPolicyRules, securityContext and 9 more; did you mean "livenessProbe"?',
    ],
    [
      'a status',
      'Deployment',
      (object) => {
        object.status = {};
      },
      'status: unknown field; allowed: apiVersion, kind, metadata, spec',
    ],
    [
      'a field of metadata that is for the API server to write',
      'ServiceAccount',
      (object) => {
        object.metadata.uid = 'a';
      },
      'metadata.uid: unknown field; allowed: annotations, finalizers, labels, name, namespace',
    ],
    [
      'a missing required field',
      'Kustomization',
      (object) => {
        delete object.spec.prune;
      },
      'spec.prune: missing; it is required',
    ],
    [
      'a missing spec',
      'Deployment',
      (object) => {
        delete object.spec;
      },
      'spec: missing; it is required',
    ],
    [
      'a string for a number',
      'Deployment',
      (object) => {
        object.spec.replicas = '3';
      },
      'spec.replicas: found "3"; wants a whole number',
    ],
    [
      'a fraction for a whole number',
      'Deployment',
      (object) => {
        object.spec.replicas = 1.5;
      },
      'spec.replicas: found 1.5; wants a whole number',
    ],
    [
      'a number for an environment variable',
      'Deployment',
      (object) => {
        object.spec.template.spec.containers[0].env[0].value = 8080;
      },
      'spec.template.spec.containers[0].env[0].value: found 8080; wants a string',
    ],
    [
      'an object for a list',
      'Deployment',
      (object) => {
        object.spec.template.spec.containers = {};
      },
      'spec.template.spec.containers: found {}; wants a list',
    ],
    [
      'nothing for an object',
      'Deployment',
      (object) => {
        object.spec.template.spec.securityContext = null;
      },
      'spec.template.spec.securityContext: found null; wants an object',
    ],
    [
      'a string for true',
      'Kustomization',
      (object) => {
        object.spec.wait = 'true';
      },
      'spec.wait: found "true"; wants true or false',
    ],
    [
      'neither a number nor a string',
      'PodDisruptionBudget',
      (object) => {
        object.spec.maxUnavailable = true;
      },
      'spec.maxUnavailable: found true; wants a whole number or a string',
    ],
    [
      'a value that is none of those allowed',
      'Deployment',
      (object) => {
        object.spec.template.spec.containers[0].imagePullPolicy = 'ifNotPresent';
      },
      'spec.template.spec.containers[0].imagePullPolicy: found "ifNotPresent"; allowed: Always, IfNotPresent, Never; did you mean "IfNotPresent"?',
    ],
    [
      'an old version of a kind',
      'Ingress',
      (object) => {
        object.apiVersion = 'extensions/v1beta1';
      },
      'no schema for extensions/v1beta1/Ingress; add its type to tools/lib/schema/kinds.ts and run `node tools/lib/schema/generate/main.ts`',
    ],
    [
      'a duration that Flux cannot read',
      'Kustomization',
      (object) => {
        object.spec.interval = '5 minutes';
      },
      'spec.interval: found "5 minutes"; wants a duration, such as 90s or 1h30m',
    ],
    [
      "a duration in hours where Flux's sources know none",
      'OCIRepository',
      (object) => {
        object.spec.timeout = '1h';
      },
      'spec.timeout: found "1h"; wants a duration without hours, such as 90s or 5m',
    ],
    [
      'a duration that Flagger cannot read',
      'Canary',
      (object) => {
        object.spec.analysis.interval = '1 m';
      },
      'spec.analysis.interval: found "1 m"; wants a duration in minutes and seconds, such as 60s',
    ],
    [
      'a value of a label with a blank',
      'Deployment',
      (object) => {
        object.spec.template.metadata.labels['app.kubernetes.io/name'] = 'a b';
      },
      'spec.template.metadata.labels["app.kubernetes.io/name"]: found "a b"; wants the value of a label: letters, digits, -, _ and ., no other first or last than a letter or digit',
    ],
    [
      'a value of a label that is too long',
      'ServiceAccount',
      (object) => {
        object.metadata.labels = { team: 'x'.repeat(64) };
      },
      `metadata.labels.team: found 64 characters, "${'x'.repeat(64)}"; wants at most 63 characters`,
    ],
    [
      'a label without a name',
      'ServiceAccount',
      (object) => {
        object.metadata.labels = { 'example.com/': 'a' };
      },
      'metadata.labels["example.com/"]: as a key: found "example.com/"; wants the key of a label, such as app.kubernetes.io/name',
    ],
    [
      'an annotation that is a number',
      'Namespace',
      (object) => {
        object.metadata.annotations = { a: 1 };
      },
      'metadata.annotations.a: found 1; wants a string',
    ],
    [
      'a name with capitals',
      'Deployment',
      (object) => {
        object.metadata.name = 'Conduit';
      },
      'metadata.name: found "Conduit"; wants a DNS name: lower-case letters, digits, - and .',
    ],
    [
      'a namespace with a dot',
      'Namespace',
      (object) => {
        object.metadata.name = 'a.b';
      },
      'metadata.name: found "a.b"; wants a DNS label: lower-case letters, digits and -',
    ],
    [
      'a missing name',
      'Deployment',
      (object) => {
        delete object.metadata.name;
      },
      'metadata.name: missing; it is required',
    ],
    [
      'a missing namespace',
      'Deployment',
      (object) => {
        delete object.metadata.namespace;
      },
      'metadata.namespace: missing; a Deployment is in one',
    ],
    [
      'a namespace for what is in none',
      'Namespace',
      (object) => {
        object.metadata.namespace = 'conduit';
      },
      'metadata.namespace: found "conduit"; a Namespace is in none, leave it out',
    ],
    [
      'a quantity with a blank',
      'Deployment',
      (object) => {
        object.spec.template.spec.containers[0].resources.requests.memory = '192 Mi';
      },
      'spec.template.spec.containers[0].resources.requests.memory: found "192 Mi"; wants a quantity, such as 100m or 192Mi',
    ],
    [
      'a port that is none',
      'Deployment',
      (object) => {
        object.spec.template.spec.containers[0].ports[0].containerPort = 80_800;
      },
      'spec.template.spec.containers[0].ports[0].containerPort: found 80800; wants a number from 1 to 65535',
    ],
    [
      'the name of a port that is too long',
      'Deployment',
      (object) => {
        object.spec.template.spec.containers[0].livenessProbe.httpGet.port = 'a-port-with-a-long-name';
      },
      'spec.template.spec.containers[0].livenessProbe.httpGet.port: found "a-port-with-a-long-name"; wants a number from 1 to 65535 or the name of a port: at most 15 lower-case letters, digits and -',
    ],
    [
      'a number below what is allowed',
      'HorizontalPodAutoscaler',
      (object) => {
        object.spec.maxReplicas = 0;
      },
      'spec.maxReplicas: found 0; wants a number of at least 1',
    ],
    [
      'a list without an item',
      'Deployment',
      (object) => {
        object.spec.template.spec.containers = [];
      },
      'spec.template.spec.containers: holds 0; wants at least 1 item',
    ],
    [
      'a name that is too long for Helm',
      'HelmRelease',
      (object) => {
        object.spec.releaseName = 'x'.repeat(54);
      },
      `spec.releaseName: found 54 characters, "${'x'.repeat(54)}"; wants at most 53 characters`,
    ],
    [
      'none of two fields',
      'HelmRelease',
      (object) => {
        delete object.spec.chartRef;
      },
      'spec: wants exactly one of chart, chartRef; found none',
    ],
    [
      'two fields that exclude each other',
      'PodDisruptionBudget',
      (object) => {
        object.spec.minAvailable = 1;
      },
      'spec: takes maxUnavailable or minAvailable, not both',
    ],
  ])('refuses %s', (_, kind, change, message) => {
    expect(said(kind, change)).toEqual([message]);
  });

  test.each<[string, unknown, string]>([
    [
      'a cron schedule with a minute too many',
      cronJob('60 * * * *'),
      'spec.schedule: found "60 * * * *"; wants a cron schedule of five fields, such as 15 3 * * 1',
    ],
    [
      'a CIDR without its size',
      networkPolicy('10.0.0.0'),
      'spec.egress[0].to[0].ipBlock.cidr: found "10.0.0.0"; wants a CIDR, such as 10.0.0.0/16',
    ],
    [
      'a CIDR with a number over 255',
      networkPolicy('10.0.0.256/16'),
      'spec.egress[0].to[0].ipBlock.cidr: found "10.0.0.256/16"; wants a CIDR, such as 10.0.0.0/16',
    ],
    [
      "a requirement on a label of Karpenter's own",
      nodePool('karpenter.sh/nodepool'),
      'spec.template.spec.requirements[0].key: found "karpenter.sh/nodepool"; wants a label that Karpenter allows here: of kubernetes.io/hostname, karpenter.sh and karpenter.k8s.aws only its well-known ones',
    ],
    [
      'an experimental field of the Gateway API',
      route({ retry: { attempts: 2 } }),
      'spec.rules[0].retry: unknown field; allowed: backendRefs, filters, matches, name, timeouts',
    ],
    [
      'a Service that begins with a digit',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: '4ever', namespace: 'a' },
        spec: { ports: [{ port: 80 }] },
      },
      'metadata.name: found "4ever"; wants a DNS label that begins with a letter: lower-case letters, digits and -',
    ],
    [
      'a Secret that is not encoded',
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'a', namespace: 'a' },
        data: { key: 'no base64!' },
      },
      'data.key: found "no base64!"; wants base64',
    ],
    [
      'a kind that has no schema',
      { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' } },
      'no schema for example.com/v1/Thing; add its type to tools/lib/schema/kinds.ts and run `node tools/lib/schema/generate/main.ts`',
    ],
    [
      'what is no object of Kubernetes',
      { a: 1 },
      'no schema for undefined/undefined; add its type to tools/lib/schema/kinds.ts and run `node tools/lib/schema/generate/main.ts`',
    ],
    [
      'an object without metadata',
      { apiVersion: 'v1', kind: 'ConfigMap', data: {} },
      'metadata: missing; it is required',
    ],
  ])('refuses %s', (_, object, message) => {
    expect(saidOf(object)).toEqual([message]);
  });

  test.each([
    [
      'values of a chart',
      () => said('HelmRelease', (object) => (object.spec.values = { any: [{ thing: null }] })),
    ],
    [
      'data of a ConfigMap',
      () =>
        saidOf({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'a', namespace: 'a' },
          data: { 'a.b': 'c' },
        }),
    ],
    [
      'variables that Flux fills in',
      () => said('Ingress', (object) => (object.spec.rules[0].host = '${HOST}')),
    ],
    ['quantities as numbers', () => saidOf(quota(2))],
    ['quantities with an exponent', () => saidOf(quota('1.5e3'))],
    [
      'cron schedules with lists, ranges, steps and names',
      () => saidOf(cronJob('*/5 0-6,22 1,15 * mon-Fri')),
    ],
    [
      'CIDRs of both families',
      () => [...saidOf(networkPolicy('10.0.0.0/16')), ...saidOf(networkPolicy('fd00::/8'))],
    ],
    ['requirements on a well-known label', () => saidOf(nodePool('karpenter.k8s.aws/instance-category'))],
    ['requirements on a label of ours', () => saidOf(nodePool('slipway.dev/pool'))],
  ])('lets through %s', (_, findings) => {
    expect(findings()).toEqual([]);
  });
});
