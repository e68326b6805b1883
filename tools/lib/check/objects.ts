import type { ICanary } from '../../../charts/flagger-types.ts';
import type { Manifest } from '../dist/manifests.ts';
import { identity } from '../dist/manifests.ts';
import type { Finding } from './finding.ts';

/** Rules that hold between the objects of one cluster. */
export function checkObjects(manifests: readonly Manifest[]): Finding[] {
  const byCluster = Map.groupBy(manifests, ({ cluster }) => cluster);
  return [...byCluster.values()].flatMap((own) => [
    ...checkUnique(own),
    ...checkFlaggersOwn(own),
    ...checkReplicas(own),
    ...checkVariables(own),
  ]);
}

/** No two files hold the same object: Flux would let them fight. */
function checkUnique(manifests: readonly Manifest[]): Finding[] {
  const byObject = Map.groupBy(manifests, ({ object }) => `${object.apiVersion} ${identity(object)}`);
  return [...byObject.values()]
    .filter((same) => same.length > 1)
    .map(([first, second]) => ({
      where: `dist/${second?.file}`,
      says: `${first ? identity(first.object) : ''} stands in dist/${first?.file} too`,
    }));
}

/** What Flagger makes for a canary must not be applied by Flux as well: the two would undo each other. */
function checkFlaggersOwn(manifests: readonly Manifest[]): Finding[] {
  const made = new Map<string, string>();
  for (const { object } of manifests) {
    if (object.kind !== 'Canary') continue;
    const { spec, metadata } = object as ICanary;
    const place = metadata?.namespace;
    const target = spec.targetRef.name;
    for (const name of [target, `${target}-primary`, `${target}-canary`])
      made.set(`Service/${place}/${name}`, target);
    made.set(`HTTPRoute/${place}/${target}`, target);
    for (const kind of ['Deployment', 'HorizontalPodAutoscaler', 'ConfigMap', 'Secret']) {
      made.set(`${kind}/${place}/${target}-primary`, target);
    }
  }
  return manifests
    .filter(({ object }) => made.has(identity(object)))
    .map(({ file, object }) => ({
      where: `dist/${file}`,
      says: `${identity(object)} is made by Flagger for the canary ${made.get(identity(object))}; leave it out`,
    }));
}

/** A Deployment under an autoscaler says no number of replicas: each apply would undo the autoscaler's. */
function checkReplicas(manifests: readonly Manifest[]): Finding[] {
  const scaled = new Set(
    manifests
      .filter(({ object }) => object.kind === 'HorizontalPodAutoscaler')
      .map(({ object }) => {
        const { scaleTargetRef } = object.spec as { scaleTargetRef: { kind: string; name: string } };
        return `${scaleTargetRef.kind}/${object.metadata?.namespace}/${scaleTargetRef.name}`;
      }),
  );
  return manifests
    .filter(
      ({ object }) =>
        scaled.has(identity(object)) && (object.spec as { replicas?: number }).replicas !== undefined,
    )
    .map(({ file, object }) => ({
      where: `dist/${file}`,
      says: `${identity(object)} sets spec.replicas, which its autoscaler rules; leave it out`,
    }));
}

/** The root sync substitutes nothing, so a variable in `flux/` would arrive as it stands. */
function checkVariables(manifests: readonly Manifest[]): Finding[] {
  return manifests
    .filter(({ file, object }) => file.split('/')[1] === 'flux' && JSON.stringify(object).includes('${'))
    .map(({ file, object }) => ({
      where: `dist/${file}`,
      says: `${identity(object)} holds a \${variable}, which nothing substitutes in this folder`,
    }));
}
