import { LINKERD_CHARTS, LINKERD_NAMESPACE } from '../../charts/linkerd-names.ts';
import type { AddOn } from '../add-on.ts';
import { ChartRepository, HelmRelease } from '../helm-release.ts';
import { GATEWAY_API } from './gateway-api.ts';
import { LINKERD_CERTIFICATES } from './linkerd-certificates.ts';

/** The name of the add-on. */
export const LINKERD_CRDS = 'linkerd-crds';

/** Keys of the linkerd-crds chart that we set. @see https://github.com/linkerd/linkerd2/blob/main/charts/linkerd-crds/values.yaml */
interface LinkerdCrdsValues {
  installGatewayAPI: boolean;
}

/**
 * Linkerd's kinds.
 *
 * @param version of the charts, which are all released together
 */
export function linkerdCrds({ version }: { version: string }): AddOn {
  return {
    name: LINKERD_CRDS,
    namespace: LINKERD_NAMESPACE,
    // The namespace is made there. The control plane looks at start for the kinds of the Gateway API.
    dependsOn: [GATEWAY_API, LINKERD_CERTIFICATES],
    why: "Linkerd's kinds: who may call whom.",
    charts: ['linkerd'],
    installs: ['linkerd.io', 'policy.linkerd.io', 'workload.linkerd.io'],
    sources(scope) {
      new ChartRepository(scope, LINKERD_CHARTS.name, { url: LINKERD_CHARTS.url });
    },
    objects(scope) {
      new HelmRelease<LinkerdCrdsValues>(scope, LINKERD_CRDS, {
        chart: { repository: LINKERD_CHARTS.name, name: 'linkerd-crds', version },
        values: {
          // The add-on gateway-api has them. The chart's default, said aloud: two owners would undo each other.
          installGatewayAPI: false,
        },
      });
    },
  };
}
