import { createHash, X509Certificate } from 'node:crypto';
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
import { UserError } from '../user-error.ts';
import type { Issued, MeshState, PreviousAnchor, StalePods, Workload } from './state.ts';

/** What a workload's pods are told to start anew by; and what tells of the control plane's what they were started with. */
export const ROOTS_ANNOTATION = 'slipway.dev/trust-roots';

/** When the issuer was first seen to be signed by the new anchor, on the Secret of the one before. */
export const MOVED_ANNOTATION = 'slipway.dev/issuer-moved-at';

/** What the injector writes on a pod: the hash of the bundle that its proxy trusts. */
const INJECTED_ANNOTATION = 'linkerd.io/trust-root-sha256';

const KINDS: readonly Workload['kind'][] = ['DaemonSet', 'Deployment', 'StatefulSet'];

/** Phases of a Canary in which its pods are being judged. */
const AT_WORK = new Set(['Progressing', 'Waiting', 'WaitingPromotion', 'Promoting', 'Finalising']);

/** An object of Kubernetes, as far as it is read here. */
interface Resource {
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    generation?: number;
    ownerReferences?: { kind: string; name: string; controller?: boolean }[];
  };
  data?: Record<string, string>;
  spec?: {
    ca?: { secretName: string };
    template?: { metadata?: { annotations?: Record<string, string> } };
  };
  status?: { phase?: string; conditions?: Condition[] };
}

/** A condition of an object's status. */
export interface Condition {
  type: string;
  status: string;
  observedGeneration?: number;
}

/**
 * Reads what a rotation is decided by.
 *
 * @param kubectl runs kubectl against the cluster
 * @param now the time
 * @throws UserError when something is not there that every cluster of ours has
 */
export async function readState(kubectl: Kubectl, now: Date): Promise<MeshState> {
  const get = (kind: string, name: string, namespace?: string) => getOne(kubectl, kind, name, namespace);
  const issued = async (name: string, namespace: string): Promise<Issued> => {
    const certificate = await get('certificates.cert-manager.io', name, namespace);
    return {
      certificate: certificateOf(await get('secrets', name, namespace)),
      isIssuing: isTrue(certificate, 'Issuing'),
    };
  };
  const roots = (await get('configmaps', TRUST_ROOTS, LINKERD_NAMESPACE)).data?.[TRUST_ROOTS_KEY] ?? '';
  const signer = await get('clusterissuers.cert-manager.io', IDENTITY_ISSUER);
  return {
    now,
    anchor: await issued(TRUST_ANCHOR, CERTIFICATES_NAMESPACE),
    previous: await readPrevious(kubectl),
    signer: { secret: signer.spec?.ca?.secretName ?? '', isReady: isTrue(signer, 'Ready') },
    issuer: await issued(IDENTITY_ISSUER, LINKERD_NAMESPACE),
    bundle: pemBlocks(roots).map((pem) => new X509Certificate(pem)),
    stale: await readStale(kubectl, hashOf(roots)),
    releases: (await list(kubectl, 'canaries.flagger.app'))
      .filter(({ status }) => AT_WORK.has(status?.phase ?? ''))
      .map(pathOf),
  };
}

/** The hash of a bundle, as the injector writes it on the pods that trust it. */
export function hashOf(bundle: string): string {
  return createHash('sha256').update(bundle).digest('hex');
}

async function readPrevious(kubectl: Kubectl): Promise<PreviousAnchor | undefined> {
  const [secret] = await list(kubectl, 'secrets', CERTIFICATES_NAMESPACE, PREVIOUS_ANCHOR);
  if (secret === undefined) return undefined;
  const moved = secret.metadata.annotations?.[MOVED_ANNOTATION];
  const [label = '', value] = Object.entries(PREVIOUS_ANCHOR_LABEL)[0] ?? [];
  return {
    certificate: certificateOf(secret),
    isTrusted: secret.metadata.labels?.[label] === value,
    hasKey: secret.data?.['tls.key'] !== undefined,
    issuerMovedAt: moved === undefined ? undefined : new Date(moved),
  };
}

/** The workloads that run pods whose proxies were started with another bundle. */
async function readStale(kubectl: Kubectl, roots: string): Promise<StalePods> {
  const workloads = await list(kubectl, [...KINDS, 'ReplicaSet'].join(',').toLowerCase());
  const byName = new Map(workloads.map((workload) => [`${workload.kind} ${pathOf(workload)}`, workload]));
  const owner = ({ metadata }: Resource): Resource | undefined => {
    const { kind, name } = metadata.ownerReferences?.find(({ controller }) => controller) ?? {};
    const found = byName.get(`${kind} ${metadata.namespace}/${name}`);
    return found?.kind === 'ReplicaSet' ? (owner(found) ?? found) : found;
  };
  const stale = { controlPlane: new Map<string, Workload>(), others: new Map<string, Workload>() };
  const alone: string[] = [];
  for (const pod of await list(
    kubectl,
    'pods',
    undefined,
    undefined,
    `linkerd.io/control-plane-ns=${LINKERD_NAMESPACE}`,
  )) {
    const isControlPlane = pod.metadata.namespace === LINKERD_NAMESPACE;
    const annotations = pod.metadata.annotations ?? {};
    const trusts = annotations[isControlPlane ? ROOTS_ANNOTATION : INJECTED_ANNOTATION];
    if (trusts === roots || hasEnded(pod)) continue;
    const by = owner(pod);
    if (by === undefined || !isWorkload(by.kind)) {
      alone.push(pathOf(pod));
      continue;
    }
    const told = by.spec?.template?.metadata?.annotations?.[ROOTS_ANNOTATION];
    const { name, namespace = '' } = by.metadata;
    stale[isControlPlane ? 'controlPlane' : 'others'].set(`${by.kind} ${pathOf(by)}`, {
      kind: by.kind,
      namespace,
      name,
      isTold: told === roots,
    });
  }
  return { controlPlane: [...stale.controlPlane.values()], others: [...stale.others.values()], alone };
}

function hasEnded({ status }: Resource): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function isWorkload(kind: string): kind is Workload['kind'] {
  return (KINDS as readonly string[]).includes(kind);
}

async function getOne(kubectl: Kubectl, kind: string, name: string, namespace?: string): Promise<Resource> {
  const [found] = await list(kubectl, kind, namespace, name);
  if (found) return found;
  const where = namespace === undefined ? '' : ` in the namespace ${namespace}`;
  throw new UserError(
    `the cluster has no ${kind} ${name}${where}; is it one of ours, and is the mesh installed?`,
  );
}

/** Objects of a kind: all, or one by its name, or by a label. */
async function list(
  kubectl: Kubectl,
  kind: string,
  namespace?: string,
  name?: string,
  label?: string,
): Promise<Resource[]> {
  const text = await kubectl([
    'get',
    kind,
    ...(name === undefined ? [] : [name, '--ignore-not-found']),
    ...(namespace === undefined
      ? name === undefined
        ? ['--all-namespaces']
        : []
      : ['--namespace', namespace]),
    ...(label === undefined ? [] : ['--selector', label]),
    '--output',
    'json',
  ]);
  if (text.trim() === '') return [];
  const found = JSON.parse(text) as Resource & { items?: Resource[] };
  return found.items ?? [found];
}

function certificateOf(secret: Resource): X509Certificate {
  const pem = Buffer.from(secret.data?.['tls.crt'] ?? '', 'base64').toString();
  const [first] = pemBlocks(pem);
  if (first !== undefined) return new X509Certificate(first);
  throw new UserError(`the Secret ${pathOf(secret)} holds no certificate`);
}

function pemBlocks(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

/** Whether a condition holds, and was judged of the object as it is now. */
function isTrue({ metadata, status }: Resource, type: string): boolean {
  const condition = status?.conditions?.find((one) => one.type === type);
  if (condition?.status !== 'True') return false;
  const { observedGeneration } = condition;
  return observedGeneration === undefined || observedGeneration >= (metadata.generation ?? 0);
}

function pathOf({ metadata: { namespace, name } }: Resource): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
