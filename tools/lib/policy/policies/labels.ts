import type { Manifest } from '../../dist/manifests.ts';
import type { Cluster } from '../cluster.ts';
import { SELECTOR_LABEL } from '../flagger.ts';
import { type Breach, inClusters, type Policy } from '../policy.ts';
import { at, fields, items } from '../read.ts';
import { isEmptySelector, selects } from '../selector.ts';
import type { Workload } from '../workloads.ts';

/** Kinds whose selector must find the pods of their own template. */
const SELECTING = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet']);

export const labels: Policy = {
  name: 'labels',
  reason:
    'A selector that selects nobody fails in silence; and Flagger renames one label for the primary, which serves between releases.',
  check: inClusters((cluster) => [
    ...cluster.workloads.flatMap((workload) => [
      ...judgeOwn(workload),
      ...(cluster.canariesOf(workload).length > 0 ? judgeTarget(workload) : []),
      ...judgeSpread(workload),
    ]),
    ...cluster.ofKind('Service').flatMap((manifest) => {
      const { selector } = fields(manifest.object.spec);
      if (Object.keys(fields(selector)).length === 0) return [];
      return judgeServing(cluster, manifest, 'spec.selector', { matchLabels: selector });
    }),
    ...cluster
      .ofKind('policy/PodDisruptionBudget')
      .flatMap((manifest) =>
        judgeServing(cluster, manifest, 'spec.selector', fields(manifest.object.spec).selector),
      ),
    ...cluster
      .ofKind('networking.k8s.io/NetworkPolicy')
      .flatMap((manifest) => judgeNetworkPolicy(cluster, manifest)),
  ]),
};

function judgeOwn({ manifest, kind, labels }: Workload): Breach[] {
  if (!SELECTING.has(kind)) return [];
  const { selector } = fields(manifest.object.spec);
  const path = 'spec.selector';
  if (isEmptySelector(selector))
    return [{ at: manifest, path, wrong: 'is missing', fix: 'select the labels of its pods' }];
  if (selects(selector, labels)) return [];
  const wrong = `does not select its own pods, which have ${show(labels)}`;
  return [{ at: manifest, path, wrong, fix: 'make the two alike' }];
}

function judgeTarget({ manifest, name }: Workload): Breach[] {
  const { selector } = fields(manifest.object.spec);
  const { matchLabels, matchExpressions } = fields(selector);
  const only = Object.entries(fields(matchLabels));
  const [[label, value] = []] = only;
  if (only.length === 1 && label === SELECTOR_LABEL && value === name && items(matchExpressions).length === 0)
    return [];
  return [
    {
      at: manifest,
      path: 'spec.selector',
      wrong: `is ${show(selector)}, and Flagger renames only ${SELECTOR_LABEL} for the primary's pods`,
      fix: `select by ${show({ [SELECTOR_LABEL]: name })} alone`,
    },
  ];
}

/** A constraint counts the pods that it selects: other pods than its own don't spread these. */
function judgeSpread({ manifest, spec, path, labels }: Workload): Breach[] {
  return items(spec.topologySpreadConstraints).flatMap((constraint, index): Breach[] => {
    const { labelSelector } = fields(constraint);
    if (labelSelector !== undefined && selects(labelSelector, labels)) return [];
    return [
      {
        at: manifest,
        path: `${path}.topologySpreadConstraints[${index}].labelSelector`,
        wrong:
          labelSelector === undefined
            ? 'is missing, which selects no pod'
            : `does not select its own pods, which have ${show(labels)}`,
        fix: 'select by their labels',
      },
    ];
  });
}

/** What sends to pods or protects them must find some that serve. */
function judgeServing(cluster: Cluster, manifest: Manifest, path: string, selector: unknown): Breach[] {
  const namespace = manifest.object.metadata?.namespace ?? '';
  const pods = cluster.pods.selected(namespace, selector);
  if (pods.some(({ role }) => role !== 'target')) return [];
  const [canary] = pods.map(({ workload }) => workload.name).sort();
  if (canary !== undefined) {
    return [
      {
        at: manifest,
        path,
        wrong: `selects only the target of the Canary of ${canary}, which has no pods between releases`,
        fix: `select ${show({ [SELECTOR_LABEL]: `${canary}-primary` })}`,
      },
    ];
  }
  return cluster.holdsUnseen(namespace) ? [] : [selectsNobody(manifest, path, selector)];
}

function selectsNobody(manifest: Manifest, path: string, selector: unknown): Breach {
  const wrong = `${show(selector)} selects no pods of the namespace`;
  return { at: manifest, path, wrong, fix: 'select by labels that pods there have' };
}

/** A policy for a canary's target is meant for both versions: what is open for one alone fails for the other. */
function judgeNetworkPolicy(cluster: Cluster, manifest: Manifest): Breach[] {
  const { podSelector } = fields(manifest.object.spec);
  if (isEmptySelector(podSelector)) return [];
  const namespace = manifest.object.metadata?.namespace ?? '';
  const path = 'spec.podSelector';
  const pods = cluster.pods.selected(namespace, podSelector);
  if (pods.length === 0)
    return cluster.holdsUnseen(namespace) ? [] : [selectsNobody(manifest, path, podSelector)];
  const byWorkload = Map.groupBy(
    pods.filter(({ role }) => role !== undefined),
    ({ workload }) => workload,
  );
  return [...byWorkload].flatMap(([{ name }, sorts]): Breach[] => {
    const roles = new Set(sorts.map(({ role }) => role));
    if (roles.size !== 1) return [];
    const primary = `${name}-primary`;
    return [
      {
        at: manifest,
        path,
        wrong: roles.has('target')
          ? `selects the canary's pods of ${name} and not the primary's`
          : `selects the primary's pods of ${name} and not the canary's`,
        fix: `select both by matchExpressions: ${SELECTOR_LABEL} In [${name}, ${primary}]`,
      },
    ];
  });
}

function show(labels: unknown): string {
  const inner = at(labels, 'matchLabels');
  const { matchExpressions } = fields(labels);
  const plain = inner !== undefined && matchExpressions === undefined ? inner : labels;
  return JSON.stringify(plain ?? {});
}
