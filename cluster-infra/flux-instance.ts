import { fluxInstancePatches } from '../config/flux-instance.ts';
import type { Cluster, Platform } from '../config/schema.ts';

/** The Secret with which Flux signs in to the git host. */
export const GIT_SECRET = 'flux-git';

// renovate: datasource=github-releases depName=fluxcd/flux2
const FLUX = '2.9.4';

const COMPONENTS = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
];

/** What writes new images into git, on the one cluster that may. */
const IMAGE_COMPONENTS = ['image-reflector-controller', 'image-automation-controller'];

/** Whether a cluster signs in to the git host, or reads as anybody can. */
export function signsIn({ git, imageAutomation }: Platform, { name }: Cluster): boolean {
  return git.access === 'private' || imageAutomation.cluster === name;
}

/**
 * The FluxInstance of a cluster: which Flux it runs, and where it reads what runs.
 *
 * @param namespace where it is; its source and its root Kustomization have the same name
 * @see https://fluxoperator.dev/docs/crd/fluxinstance/
 */
export function fluxInstance(platform: Platform, cluster: Cluster, namespace: string) {
  const { git, imageAutomation } = platform;
  const automatesImages = imageAutomation.cluster === cluster.name;
  return {
    apiVersion: 'fluxcd.controlplane.io/v1',
    kind: 'FluxInstance',
    metadata: { name: 'flux', namespace },
    spec: {
      distribution: { version: FLUX, registry: 'ghcr.io/fluxcd' },
      components: automatesImages ? [...COMPONENTS, ...IMAGE_COMPONENTS] : COMPONENTS,
      cluster: { type: 'aws', networkPolicy: true },
      kustomize: { patches: fluxInstancePatches(cluster) },
      sync: {
        kind: 'GitRepository',
        url: git.url,
        ref: `refs/heads/${git.branch}`,
        path: `dist/${cluster.name}/flux`,
        ...(signsIn(platform, cluster) && {
          pullSecret: GIT_SECRET,
          // With another git host, the secret says by its keys how to sign in.
          ...(/^https:\/\/github\.com\//.test(git.url) && { provider: 'github' }),
        }),
      },
    },
  };
}
