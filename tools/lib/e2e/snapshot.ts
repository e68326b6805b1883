import type { Kubectl } from '../kubectl.ts';
import { UserError } from '../user-error.ts';

/** What is released, by the names of its objects. */
export interface Target {
  /** The app: its namespace, and its Kustomization. */
  app: string;
  /** The Canary and its Deployment. */
  canary: string;
  /** The ImagePolicy that moves it, in Flux's namespace. */
  policy: string;
}

/** What a cluster says of a release at one moment. */
export interface Snapshot {
  /** The image that Flux's policy has chosen. */
  chosen: string | undefined;
  /** The image that is wanted: in the Deployment that Flux applies. */
  wanted: string | undefined;
  /** The image that serves users. */
  serving: string | undefined;
  /** Flagger's word for where the release stands. */
  phase: string | undefined;
  /** Percent of the users' requests that go to the new version. */
  weight: number;
  failedChecks: number;
  /** Whether the app's Kustomization is ready; `undefined` while Flux waits. */
  ready: boolean | undefined;
  /** Flux's words for that. */
  message: string;
}

const FLUX_NAMESPACE = 'flux-system';

/**
 * Asks a cluster where a release stands.
 *
 * @throws UserError when the cluster can't be asked, or lacks Flux's or Flagger's objects
 */
export async function readSnapshot(kubectl: Kubectl, { app, canary, policy }: Target): Promise<Snapshot> {
  const [deployment, primary, release, kustomization, images] = await Promise.all([
    get(kubectl, 'deployment.apps', app, canary),
    get(kubectl, 'deployment.apps', app, `${canary}-primary`),
    get(kubectl, 'canary.flagger.app', app, canary),
    get(kubectl, 'kustomization.kustomize.toolkit.fluxcd.io', FLUX_NAMESPACE, app),
    get(kubectl, 'imagepolicy.image.toolkit.fluxcd.io', FLUX_NAMESPACE, policy),
  ]);
  const { latestRef } = images.status ?? {};
  const condition = kustomization.status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    chosen: latestRef && `${latestRef.name}:${latestRef.tag}`,
    wanted: imageOf(deployment),
    serving: imageOf(primary),
    phase: release.status?.phase,
    weight: release.status?.canaryWeight ?? 0,
    failedChecks: release.status?.failedChecks ?? 0,
    ready: condition?.status === 'True' ? true : condition?.status === 'False' ? false : undefined,
    message: condition?.message ?? '',
  };
}

/** As much of the objects as is looked at. */
interface Found {
  spec?: { template?: { spec?: { containers?: { image?: string }[] } } };
  status?: {
    phase?: string;
    canaryWeight?: number;
    failedChecks?: number;
    conditions?: { type: string; status: string; message?: string }[];
    latestRef?: { name: string; tag: string };
  };
}

async function get(kubectl: Kubectl, kind: string, namespace: string, name: string): Promise<Found> {
  const printed = await kubectl(['get', kind, name, '--namespace', namespace, '--output', 'json']);
  try {
    return JSON.parse(printed) as Found;
  } catch {
    throw new UserError(`kubectl get ${kind} ${name}: printed no JSON`);
  }
}

/** The image of the first container, which is the service's, without its digest. */
function imageOf({ spec }: Found): string | undefined {
  return spec?.template?.spec?.containers?.[0]?.image?.replace(/@.*$/, '');
}
