import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import type { Resource } from '../../charts/custom-resource.ts';
import { CLUSTER_VARS } from '../../config/cluster-vars.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { chartFiles } from '../main.ts';

type Object = Resource & { spec: any };

/** The objects of each folder of the sample platform, by its path: `dev-eu-west-1/platform/karpenter`. */
const FOLDERS = new Map<string, Object[]>();
for (const { path, namespace, build } of await chartFiles(sampleConfig(), 'apps/testing')) {
  const chart = new Chart(new App(), 'chart', { namespace });
  build(chart);
  const folder = path.slice(0, path.lastIndexOf('/'));
  FOLDERS.set(folder, [...(FOLDERS.get(folder) ?? []), ...(chart.toJson() as Object[])]);
}

const CLUSTERS = sampleConfig().platform.clusters.map(({ name }) => name);

const objectsIn = (folder: string, kind: string) =>
  (FOLDERS.get(folder) ?? []).filter((object) => object.kind === kind);

const releases = (cluster: string, addOn: string) => objectsIn(`${cluster}/platform/${addOn}`, 'HelmRelease');

/** What Flux applies in a cluster, by name. */
const kustomizations = (cluster: string) =>
  new Map(objectsIn(`${cluster}/flux`, 'Kustomization').map((found) => [found.metadata?.name ?? '', found]));

/** What one of them waits for, by way of others too. */
function waitsFor(cluster: string, name: string): Set<string> {
  const direct: string[] = (kustomizations(cluster).get(name)?.spec.dependsOn ?? []).map(
    (other: { name: string }) => other.name,
  );
  return new Set([...direct, ...direct.flatMap((other) => [...waitsFor(cluster, other)])]);
}

/** Minutes of a duration as Flux takes it. */
const minutes = (duration: string) => Number(/^(\d+)m$/.exec(duration)?.[1] ?? Number.NaN);

/** They bring nodes, or run once on each node and take no room from others: they can't wait for more nodes. */
const BEFORE_NODES = ['karpenter-crd', 'karpenter', 'linkerd-cni', 'fluent-bit'];

describe.each(CLUSTERS)('an empty cluster comes up: %s', (cluster) => {
  const names = [...kustomizations(cluster).keys()];

  test('pods come when there is somebody to start nodes for them', () => {
    const early = names.filter(
      (name) => releases(cluster, name).length > 0 && !waitsFor(cluster, name).has('karpenter-nodes'),
    );
    expect(early.sort()).toEqual([...BEFORE_NODES].sort());
    expect([...waitsFor(cluster, 'karpenter-nodes')].sort()).toEqual(['karpenter', 'karpenter-crd']);
  });

  test('nothing keeps Karpenter off the nodes that it needs', () => {
    const [karpenter] = releases(cluster, 'karpenter');
    expect(karpenter?.spec.values.priorityClassName).toBe('system-node-critical');
    // Nodes answer no pod that asks them where it is.
    expect(karpenter?.spec.values.controller.env).toEqual([{ name: 'AWS_REGION', value: 'eu-west-1' }]);
    const others = names.filter((name) => name !== 'karpenter').flatMap((name) => releases(cluster, name));
    const asCritical = others.filter(({ spec }) => JSON.stringify(spec).includes('system-node-critical'));
    // Pods of DaemonSets: one for each node.
    expect(asCritical.map(({ metadata }) => metadata?.name).sort()).toEqual([
      'fluent-bit',
      'kube-prometheus-stack',
      'linkerd-cni',
    ]);
  });

  test('Flux has more patience than Helm', () => {
    for (const [name, { spec }] of kustomizations(cluster)) {
      for (const release of releases(cluster, name)) {
        // Helm's own where nothing is said.
        expect([name, minutes(spec.timeout) > minutes(release.spec.timeout ?? '5m')]).toEqual([name, true]);
      }
    }
  });

  test('Flux finds a value for whatever looks like a variable to it', () => {
    for (const [folder, objects] of FOLDERS) {
      if (!folder.startsWith(`${cluster}/`)) continue;
      for (const [, name] of JSON.stringify(objects).matchAll(/\$\{([^}]*)\}/g)) {
        expect([folder, Object.keys(CLUSTER_VARS)]).toEqual([folder, expect.arrayContaining([name])]);
      }
    }
  });
});
