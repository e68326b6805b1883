// Objects of a small cluster called "c" with one app called "shop", for the tests of policies.

import type { Resource } from '../../../charts/custom-resource.ts';
import type { PolicyName } from '../../../charts/policy-exception.ts';
import type { Config } from '../../../config/load.ts';
import type { Manifest } from '../dist/manifests.ts';
import { policyFindings } from './policy-findings.ts';
import { POLICIES } from './table.ts';

/** The files that objects stand in unless a test says otherwise. */
export const APP = 'c/apps/shop/shop.yaml';
export const FLUX = 'c/flux/kustomizations.yaml';
export const ADD_ON = 'c/platform/tool/tool.yaml';

/** Changes of an object: the place, as keys and indexes with dots between, and what stands there instead. */
export type Changes = Readonly<Record<string, unknown>>;

const LABELS = { 'app.kubernetes.io/name': 'shop' };

/** An object of the app's namespace. */
export function object(apiVersion: string, kind: string, body: object = {}, changes: Changes = {}): Resource {
  return change({ apiVersion, kind, metadata: { name: 'shop', namespace: 'shop' }, ...body }, changes);
}

/** A Deployment that keeps every policy. */
export function deployment(changes: Changes = {}): Resource {
  const probe = { httpGet: { path: '/livez', port: 'management' } };
  const container = {
    name: 'shop',
    image: 'ghcr.io/example/shop:1.0.0',
    ports: [
      { name: 'http', containerPort: 8080 },
      { name: 'management', containerPort: 9090 },
    ],
    resources: { requests: { cpu: '100m', memory: '192Mi' }, limits: { memory: '192Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    livenessProbe: probe,
    readinessProbe: probe,
  };
  const spec = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
  };
  const body = {
    spec: { selector: { matchLabels: LABELS }, template: { metadata: { labels: LABELS }, spec } },
  };
  return object('apps/v1', 'Deployment', body, changes);
}

export function service(changes: Changes = {}): Resource {
  const spec = { selector: LABELS, ports: [{ name: 'http', port: 80, targetPort: 8080 }] };
  return object('v1', 'Service', { spec }, changes);
}

export function canary(changes: Changes = {}): Resource {
  const spec = {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
    service: { port: 80, portName: 'http', targetPort: 8080 },
    analysis: {},
  };
  return object('flagger.app/v1beta1', 'Canary', { spec }, changes);
}

export function autoscaler(changes: Changes = {}): Resource {
  const spec = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' } };
  return object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec }, changes);
}

export function namespace(name: string, changes: Changes = {}): Resource {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return change({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }, changes);
}

/** A Flux Kustomization that applies a folder of `dist/c/`. */
export function kustomization(
  name: string,
  folder: string,
  dependsOn: readonly string[] = [],
  changes: Changes = {},
): Manifest {
  const spec = {
    path: `./dist/c/${folder}`,
    sourceRef: { kind: 'GitRepository', name: 'flux-system' },
    dependsOn: dependsOn.map((dependency) => ({ name: dependency })),
    postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'cluster-vars' }] },
  };
  const metadata = { name, namespace: 'flux-system' };
  return inFile(FLUX, object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', { metadata, spec }, changes));
}

/** An object in another file than the app's. */
export function inFile(file: string, object: Resource, more: Partial<Manifest> = {}): Manifest {
  return { file, cluster: file.split('/')[0] ?? '', object, ...more };
}

/** What one policy finds in objects, as it is printed; those not {@link inFile} another stand in the app's. */
export function found(
  policy: PolicyName,
  objects: readonly (Resource | Manifest)[],
  { config = {}, files = {} }: { config?: object; files?: Record<string, string> } = {},
): string[] {
  const manifests = objects.map((item) => ('object' in item ? item : inFile(APP, item)));
  const compiled = { manifests, files: new Map(Object.entries(files)) };
  return policyFindings(
    config as Config,
    compiled,
    POLICIES.filter(({ name }) => name === policy),
  ).map(({ where, says }) => `${where}: ${says}`);
}

interface Tree {
  [key: string]: Tree;
}

/** Sets what stands at some places; `undefined` takes it away. */
function change(object: Resource, changes: Changes): Resource {
  // By way of JSON, so that what two places share is two things afterwards.
  const changed = JSON.parse(JSON.stringify(object)) as Resource;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let inner = changed as unknown as Tree;
    for (const key of keys) {
      inner[key] ??= {};
      inner = inner[key];
    }
    if (value === undefined) delete inner[last];
    else inner[last] = value as Tree;
  }
  return changed;
}
