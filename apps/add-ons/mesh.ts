import type { AddOn } from '../../flux/add-on.ts';
import { CERT_MANAGER, certManager } from '../../flux/add-ons/cert-manager.ts';
import { gatewayApi } from '../../flux/add-ons/gateway-api.ts';
import { linkerdCertificates } from '../../flux/add-ons/linkerd-certificates.ts';
import { linkerdCni } from '../../flux/add-ons/linkerd-cni.ts';
import { linkerdControlPlane } from '../../flux/add-ons/linkerd-control-plane.ts';
import { linkerdCrds } from '../../flux/add-ons/linkerd-crds.ts';
import { linkerdViz } from '../../flux/add-ons/linkerd-viz.ts';
import { trustManager } from '../../flux/add-ons/trust-manager.ts';
import { FLUX_NAMESPACE } from '../../flux/names.ts';
import { servicePlatform } from '../service-platform.ts';
import type { AddOnContext } from './context.ts';

/**
 * What brings nodes, certificates and the mesh itself. Their pods start also when nobody can say whether they belong to
 * the mesh, else a cluster that lost all its nodes would not come back.
 */
const WITHOUT_INJECTION = [
  'kube-system',
  FLUX_NAMESPACE,
  CERT_MANAGER,
  'aws-load-balancer-controller',
  'karpenter',
];

/** The mesh, and the certificates it lives on. */
export function meshAddOns(context: AddOnContext): AddOn[] {
  const { config, cluster, versions, isHighlyAvailable, network, prometheusUrl, dashboardHost } = context;
  const common = { isHighlyAvailable, network };
  return [
    gatewayApi({ version: versions['gateway-api'] }),
    certManager({ ...common, version: versions['cert-manager'] }),
    trustManager({ isHighlyAvailable, version: versions['trust-manager'] }),
    linkerdCertificates({ network }),
    linkerdCrds({ version: versions.linkerd }),
    linkerdCni({ version: versions.linkerd, network }),
    linkerdControlPlane({
      version: versions.linkerd,
      isHighlyAvailable,
      vpc: network.vpc,
      withoutInjection: WITHOUT_INJECTION,
    }),
    linkerdViz({
      ...common,
      version: versions.linkerd,
      prometheusUrl,
      prometheusPort: Number(new URL(prometheusUrl).port),
      host: dashboardHost('linkerd-viz'),
      ingressController: servicePlatform(cluster, config.platform).ingressController,
    }),
  ];
}
