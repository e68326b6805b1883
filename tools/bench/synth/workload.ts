import type { IKustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1/Kustomization';
import type { Chart } from 'cdk8s';
import { KubeConfigMap, KubeRole, KubeRoleBinding } from 'cdk8s-plus-28/lib/imports/k8s.js';
import type { ChartFile } from '../../../apps/main.ts';
import { AppNamespace } from '../../../charts/app-namespace.ts';
import { CoreResource, CustomResource } from '../../../charts/custom-resource.ts';
import type { Platform } from '../../../charts/platform.ts';
import { WebService } from '../../../charts/web-service.ts';
import { serviceName } from './names.ts';

const PLATFORM: Platform = {
  ingressController: { namespace: 'ingress', labels: { app: 'ingress' }, serviceAccount: 'ingress' },
  loadTester: {
    namespace: 'flagger-system',
    labels: { app: 'load' },
    serviceAccount: 'load',
    url: 'http://load.example.com/',
  },
  metricTemplates: { namespace: 'flagger-system', successRate: 'success-rate', p99: 'p99' },
  prometheus: { namespace: 'monitoring', labels: { app: 'prometheus' } },
  runbooks: 'https://git.example.com/docs/runbooks',
  meshNamespace: 'linkerd',
  collector: { namespace: 'telemetry', port: 4318, url: 'http://collector.example.com:4318' },
  secretStore: 'store',
  secretPrefix: 'dev/',
  database: { host: '${DATABASE_HOST}', cidrs: ['10.0.0.0/16'] },
};

/** One service of the benchmark: twenty-three objects, as a web service with its surroundings has. */
export function service(chart: Chart, name: string): void {
  new AppNamespace(chart, 'namespace', { name });
  new WebService(chart, name, {
    image: { reference: `ghcr.io/example/${name}:1.0.0`, policy: `flux-system:${name}-dev` },
    replicas: { min: 2, max: 6 },
    cpu: '100m',
    memory: '192Mi',
    host: `${name}.example.com`,
    release: {
      strategy: 'canary',
      weights: { step: 10, max: 50 },
      intervalSeconds: 60,
      threshold: 5,
      minSuccessPercent: 99,
      maxP99Milliseconds: 500,
    },
    platform: PLATFORM,
    database: { name },
    env: { LOG_LEVEL: 'info' },
    secrets: { SESSION_KEY: { name, key: 'session-key' } },
  });
  new CoreResource(chart, 'config', KubeConfigMap, {
    metadata: { name },
    data: { 'config.yaml': 'level: info\nworkers: 4\n' },
  });
  new CoreResource(chart, 'role', KubeRole, {
    metadata: { name },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }],
  });
  new CoreResource(chart, 'role-binding', KubeRoleBinding, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: name }],
  });
}

/** The files of that many services on one cluster, and the one that tells Flux of them. */
export function workload(services: number): ChartFile[] {
  const names = Array.from({ length: services }, (_, index) => serviceName(index));
  const apps = names.map((name) => ({
    path: `bench/apps/${name}/${name}.yaml`,
    source: 'tools/bench/synth/workload.ts',
    namespace: name,
    build: (chart: Chart) => service(chart, name),
  }));
  const flux: ChartFile = {
    path: 'bench/flux/kustomizations.yaml',
    source: 'tools/bench/synth/workload.ts',
    namespace: 'flux-system',
    build(chart) {
      for (const name of names) {
        new CustomResource<IKustomization>(chart, name, {
          apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
          kind: 'Kustomization',
          metadata: { name },
          spec: {
            path: `./dist/bench/apps/${name}`,
            sourceRef: { kind: 'GitRepository', name: 'flux-system' },
            interval: '30m',
            prune: true,
            postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'cluster-vars' }] },
          },
        });
      }
    },
  };
  return [...apps, flux];
}
