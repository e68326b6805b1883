import {
  CERTIFICATES_NAMESPACE,
  IDENTITY_ISSUER,
  LINKERD_NAMESPACE,
  PREVIOUS_ANCHOR,
  PREVIOUS_ANCHOR_LABEL,
  TRUST_ANCHOR,
  TRUST_ROOTS,
  TRUST_ROOTS_KEY,
} from '../../../charts/linkerd-names.ts';
import type { Kubectl } from '../kubectl.ts';
import type { Action } from './next-action.ts';
import { type Condition, hashOf, MOVED_ANNOTATION, ROOTS_ANNOTATION } from './read-state.ts';
import type { Workload } from './state.ts';

/**
 * Who changes fields that Flux applies too. Flux takes back what somebody called `kubectl…` has changed, and leaves what
 * others have added.
 */
const FIELD_MANAGER = 'slipway';

/** With it on an object in the cluster, Flux leaves the object alone. */
const FLUX_RECONCILE = 'kustomize.toolkit.fluxcd.io/reconcile';

/**
 * Changes the cluster as an action says. Each can be done again when it was interrupted.
 *
 * @param kubectl runs kubectl against the cluster
 * @param now the time, which is noted
 */
export async function carryOut(kubectl: Kubectl, action: Action, now: Date): Promise<void> {
  switch (action.do) {
    case 'keep':
      return keep(kubectl);
    case 'sign-with':
      return signWith(kubectl, action.secret);
    case 'renew-anchor':
      return renew(kubectl, TRUST_ANCHOR, CERTIFICATES_NAMESPACE, now);
    case 'renew-issuer':
      return renew(kubectl, IDENTITY_ISSUER, LINKERD_NAMESPACE, now);
    case 'restart':
      return restart(kubectl, action.workloads);
    case 'note-issuer':
      return changePrevious(kubectl, { annotations: { [MOVED_ANNOTATION]: now.toISOString() } });
    case 'distrust':
      return changePrevious(kubectl, {
        labels: Object.fromEntries(Object.keys(PREVIOUS_ANCHOR_LABEL).map((key) => [key, null])),
      });
    case 'drop':
      await kubectl(['delete', 'secret', PREVIOUS_ANCHOR, '--namespace', CERTIFICATES_NAMESPACE]);
      return;
    default:
      return;
  }
}

/** Copies the anchor, with its key. Created and not applied: that would put the key into an annotation too. */
async function keep(kubectl: Kubectl): Promise<void> {
  const namespace = CERTIFICATES_NAMESPACE;
  const secret = JSON.parse(
    await kubectl(['get', 'secrets', TRUST_ANCHOR, '--namespace', namespace, '--output', 'json']),
  ) as { data: Record<string, string> };
  const copy = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: PREVIOUS_ANCHOR, namespace, labels: PREVIOUS_ANCHOR_LABEL },
    data: { 'tls.crt': secret.data['tls.crt'], 'tls.key': secret.data['tls.key'] },
  };
  await kubectl(['create', '--filename', '-'], JSON.stringify(copy));
}

async function changePrevious(kubectl: Kubectl, metadata: object): Promise<void> {
  await patch(kubectl, ['secrets', PREVIOUS_ANCHOR, '--namespace', CERTIFICATES_NAMESPACE], { metadata });
}

/** Has the ClusterIssuer sign with a Secret; while that is not the one in git, Flux leaves it alone. */
async function signWith(kubectl: Kubectl, secretName: string): Promise<void> {
  const reconcile = secretName === TRUST_ANCHOR ? null : 'disabled';
  await patch(kubectl, ['clusterissuers.cert-manager.io', IDENTITY_ISSUER], {
    metadata: { annotations: { [FLUX_RECONCILE]: reconcile } },
    spec: { ca: { secretName } },
  });
}

/**
 * Has cert-manager issue a certificate anew.
 *
 * @see https://cert-manager.io/docs/reference/cmctl/#renew (which does the same)
 */
async function renew(kubectl: Kubectl, name: string, namespace: string, now: Date): Promise<void> {
  const object = ['certificates.cert-manager.io', name, '--namespace', namespace];
  const { metadata, status } = JSON.parse(await kubectl(['get', ...object, '--output', 'json'])) as {
    metadata: { generation: number };
    status?: { conditions?: Condition[] };
  };
  const issuing = {
    type: 'Issuing',
    status: 'True',
    reason: 'ManuallyTriggered',
    message: 'Certificate re-issuance manually triggered',
    // Kubernetes' times have no fractions.
    lastTransitionTime: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    observedGeneration: metadata.generation,
  };
  const others = (status?.conditions ?? []).filter(({ type }) => type !== 'Issuing');
  // A merge takes a list as a whole.
  await patch(kubectl, [...object, '--subresource', 'status'], {
    status: { conditions: [...others, issuing] },
  });
}

/** Starts pods anew, as many at a time as their workload allows. */
async function restart(kubectl: Kubectl, workloads: readonly Workload[]): Promise<void> {
  const bundle = JSON.parse(
    await kubectl(['get', 'configmaps', TRUST_ROOTS, '--namespace', LINKERD_NAMESPACE, '--output', 'json']),
  ) as { data: Record<string, string> };
  const roots = hashOf(bundle.data[TRUST_ROOTS_KEY] ?? '');
  for (const { kind, namespace, name } of workloads) {
    await patch(kubectl, [kind.toLowerCase(), name, '--namespace', namespace], {
      spec: { template: { metadata: { annotations: { [ROOTS_ANNOTATION]: roots } } } },
    });
  }
}

async function patch(kubectl: Kubectl, object: readonly string[], change: object): Promise<void> {
  const how = ['--type', 'merge', '--field-manager', FIELD_MANAGER, '--patch', JSON.stringify(change)];
  await kubectl(['patch', ...object, ...how]);
}
