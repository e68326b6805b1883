import type { IKustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1/Kustomization';
import type { IGitRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1/GitRepository';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { AddOn } from '../add-on.ts';
import { FLUX_NAMESPACE } from '../names.ts';

/** The name of the add-on, of the repository and of its key in `config/versions.yaml`. */
export const GATEWAY_API = 'gateway-api';

export interface GatewayApiProps {
  /** A release of the Gateway API that Linkerd accepts: 1.2.1 is what it is tested with, 1.5 the last that it takes. */
  version: string;
}

/**
 * The kinds of the Gateway API, from upstream's own repository: the one owner of them on a cluster. Flagger writes
 * HTTPRoutes, Linkerd splits requests by them. All charts that would bring a copy have it switched off.
 *
 * @see https://linkerd.io/2-edge/features/gateway-api/
 */
export function gatewayApi({ version }: GatewayApiProps): AddOn {
  return {
    name: GATEWAY_API,
    namespace: FLUX_NAMESPACE,
    dependsOn: [],
    why: 'The kinds by which Flagger tells Linkerd how to split requests, in one version for all.',
    charts: [GATEWAY_API],
    installs: ['gateway.networking.k8s.io'],
    sources(scope) {
      new CustomResource<IGitRepository>(scope, GATEWAY_API, {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name: GATEWAY_API, namespace: FLUX_NAMESPACE },
        spec: {
          url: 'https://github.com/kubernetes-sigs/gateway-api',
          ref: { tag: `v${version}` },
          // The tag is exact, so there is nothing to look for more often.
          interval: '12h',
          // The repository is large, and this is all of it that is applied.
          sparseCheckout: ['config/crd/standard'],
        },
      });
    },
    objects(scope) {
      new CustomResource<IKustomization>(scope, GATEWAY_API, {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: `${GATEWAY_API}-crds`, namespace: FLUX_NAMESPACE },
        spec: {
          sourceRef: { kind: 'GitRepository', name: GATEWAY_API },
          // Not the experimental channel: Linkerd passes over a resource that holds fields it does not know.
          path: './config/crd/standard',
          interval: '30m',
          retryInterval: '1m',
          timeout: '5m',
          // With a kind that is pruned go all its objects: a release would lose its route.
          prune: false,
          wait: true,
        },
      });
    },
  };
}
