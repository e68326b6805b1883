import type { IKustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1/Kustomization';
import { Construct } from 'constructs';
import { CustomResource } from '../charts/custom-resource.ts';
import { CLUSTER_VARS, FLUX_NAMESPACE, REPOSITORY } from './names.ts';

export interface KustomizationProps {
  /** The folder it applies, from the repo's root: `./dist/dev-eu-west-1/apps/conduit`. */
  path: string;
  /** Kustomizations of the same cluster that must be ready before. @default none */
  dependsOn?: readonly string[];
  /** Minutes until what it applied counts as failed. @default 10 */
  timeoutMinutes?: number;
}

/** One folder of `dist/` that Flux applies, waits for and prunes. The id is its name. */
export class Kustomization extends Construct {
  constructor(scope: Construct, id: string, props: KustomizationProps) {
    super(scope, id);
    new CustomResource<IKustomization>(this, 'kustomization', {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: id, namespace: FLUX_NAMESPACE },
      spec: {
        path: props.path,
        sourceRef: REPOSITORY,
        ...(props.dependsOn?.length && { dependsOn: props.dependsOn.map((name) => ({ name })) }),
        // Drift is mended this often; new commits arrive with the source and don't wait for it.
        interval: '30m',
        retryInterval: '1m',
        timeout: `${props.timeoutMinutes ?? 10}m`,
        prune: true,
        wait: true,
        postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: CLUSTER_VARS }] },
      },
    });
  }
}
