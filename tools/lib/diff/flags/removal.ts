import { groupKind } from '../documents.ts';
import { type JsonObject, stringAt, valueAt } from '../fields/json.ts';
import type { Flag } from '../report.ts';
import type { Cluster } from './cluster.ts';

const PRUNE = 'kustomize.toolkit.fluxcd.io/prune';

/** What goes with an object that Flux prunes, by kind; a Canary's is told apart. */
const REMOVALS: Readonly<Record<string, Flag>> = {
  Namespace: {
    kind: 'data',
    severity: 'danger',
    label: 'everything in it goes',
    says: 'everything in the namespace is deleted with it, its volumes too, also what dist/ does not hold',
  },
  PersistentVolumeClaim: {
    kind: 'data',
    severity: 'danger',
    label: 'data may go',
    says: "the volume's data is deleted with it, unless its storage class retains volumes",
  },
  PersistentVolume: {
    kind: 'data',
    severity: 'danger',
    label: 'data may go',
    says: 'the data can no longer be reached by its claim; whether it is deleted is for its reclaim policy',
  },
  'apps/StatefulSet': {
    kind: 'data',
    severity: 'danger',
    label: 'stops, its data unused',
    says: 'its pods stop; its volumes stay behind, unless its retention policy deletes them',
  },
  'apiextensions.k8s.io/CustomResourceDefinition': {
    kind: 'data',
    severity: 'danger',
    label: 'every object of the kind goes',
    says: 'every object of this kind is deleted with it, in all namespaces',
  },
  'helm.toolkit.fluxcd.io/HelmRelease': {
    kind: 'removal',
    severity: 'warning',
    label: 'Helm uninstalls it',
    says: 'Helm uninstalls the release with everything that it made',
  },
  'kustomize.toolkit.fluxcd.io/Kustomization': {
    kind: 'removal',
    severity: 'warning',
    label: 'what it applied goes',
    says: 'Flux deletes everything that it applied',
  },
  'apps/Deployment': {
    kind: 'removal',
    severity: 'warning',
    label: 'its pods stop',
    says: 'its pods stop',
  },
  'apps/DaemonSet': {
    kind: 'removal',
    severity: 'warning',
    label: 'its pods stop',
    says: 'its pods stop on every node',
  },
};

/**
 * What the removal of an object takes along.
 *
 * @param before the object as it was
 */
export function removalFlags(before: JsonObject, cluster: Cluster): Flag[] {
  if (stringAt(before, 'metadata', 'annotations', PRUNE)?.toLowerCase() === 'disabled') {
    return [
      {
        kind: 'removal',
        severity: 'info',
        label: 'stays in the cluster',
        says: `it stays in the cluster, where nothing applies it any more: it is annotated ${PRUNE}: disabled`,
      },
    ];
  }
  if (groupKind(before) === 'flagger.app/Canary') return [canaryFlag(before, cluster)];
  const flag = REMOVALS[groupKind(before)];
  if (flag === undefined || (groupKind(before) === 'apps/Deployment' && cluster.canaryOf(before, 'before')))
    return [];
  return [flag];
}

/** The Canary owns the primary; between releases the target stands at zero, so nothing serves without it. */
function canaryFlag(canary: JsonObject, cluster: Cluster): Flag {
  const target = stringAt(canary, 'spec', 'targetRef', 'name') ?? '';
  const kind = stringAt(canary, 'spec', 'targetRef', 'kind') ?? 'Deployment';
  const stays = cluster.holds('after', kind, stringAt(canary, 'metadata', 'namespace'), target);
  const reverts = valueAt(canary, 'spec', 'revertOnDeletion') === true;
  if (stays && reverts) {
    return {
      kind: 'removal',
      severity: 'warning',
      label: 'Flagger hands back',
      says: `Flagger scales ${kind} ${target} up first (revertOnDeletion), then its primary goes; check that it is ready before traffic is`,
    };
  }
  if (stays) {
    return {
      kind: 'outage',
      severity: 'danger',
      label: 'outage',
      says: `an outage: ${target}-primary, which serves, goes with its Canary, while ${kind} ${target} stands at zero. Set revertOnDeletion: true first, in a commit of its own that every cluster has applied`,
      of: [target],
    };
  }
  return {
    kind: 'outage',
    severity: 'danger',
    label: `${target} stops serving`,
    says: `${target} stops serving: ${target}-primary goes with its Canary${reverts ? `; Flagger waits for ${kind} ${target}, which goes too, so remove the Canary in a commit before` : ''}`,
    of: [target],
  };
}
