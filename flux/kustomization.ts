import type { IKustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1/Kustomization';
import { Construct } from 'constructs';
import { CustomResource } from '../charts/custom-resource.ts';
import { CANARY_HEALTH } from './canary-health.ts';
import { CLUSTER_VARS, FLUX_NAMESPACE, REPOSITORY } from './names.ts';

export interface KustomizationProps {
  /** The folder it applies, from the repo's root: `./dist/dev-eu-west-1/apps/conduit`. */
  path: string;
  /** Kustomizations of the same cluster that must be ready before. @default none */
  dependsOn?: readonly string[];
  /** Minutes until what was applied counts as failed, where no canary takes longer: to pull images, to start pods. @default 10 */
  startMinutes?: number | undefined;
  /**
   * The longest that a canary in the folder may take, in seconds, from the change to its end. Flux then waits for it, and
   * the Kustomization is ready when the release is promoted. @default no canary is waited for
   */
  canarySeconds?: number | undefined;
  /** How objects in the folder are judged that have no condition `Ready`. @default they are when they are applied */
  health?: readonly HealthExpression[];
  /** Leaves what is there as it is: nothing is applied, mended or deleted. @default false */
  suspend?: boolean;
}

/**
 * How Flux judges objects of a kind: the first expression that holds decides. In CEL, over the object.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#health-check-expressions
 */
export interface HealthExpression {
  apiVersion: string;
  kind: string;
  inProgress?: string;
  failed?: string;
  current: string;
}

/** One folder of `dist/` that Flux applies, waits for and prunes. The id is its name. */
export class Kustomization extends Construct {
  constructor(scope: Construct, id: string, props: KustomizationProps) {
    super(scope, id);
    const health = [...(props.health ?? []), ...(props.canarySeconds === undefined ? [] : [CANARY_HEALTH])];
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
        // A canary is ended by Flagger, never by this: it must have time to the end, whatever its pods take to start.
        timeout: `${(props.startMinutes ?? 10) + Math.ceil((props.canarySeconds ?? 0) / 60)}m`,
        ...(props.suspend && { suspend: true }),
        prune: true,
        wait: true,
        ...(health.length > 0 && { healthCheckExprs: health }),
        postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: CLUSTER_VARS }] },
      },
    });
  }
}
